"""Automations act with the rights of who wrote them, and say why they stopped."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("automations", "0002_automations"),
        ("people", "0004_skills"),
    ]

    operations = [
        migrations.AddField(
            model_name="automation",
            name="stopped_because",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="automationrevision",
            name="writer",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
            ),
        ),
    ]
