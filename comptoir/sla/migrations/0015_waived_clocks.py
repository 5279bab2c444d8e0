"""Promises that ended because what the customer said calls for no answer are told from those that were closed."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sla", "0014_public_complaints")]
    operations = [
        migrations.AddField(
            model_name="slaclock",
            name="is_waived",
            field=models.BooleanField(
                db_default=False, default=False, help_text="It was abandoned since what was said calls for no answer."
            ),
        )
    ]
