"""The index of what a bulk act still has to do: SQL null, which is not JSON's."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0002_invitation_identity"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="bulkchange", name="bulk_to_do"),
        migrations.AlterField(
            model_name="bulkchange",
            name="before",
            field=models.JSONField(help_text="What it was like, and as it was left; null until it is done.", null=True),
        ),
        migrations.AddIndex(
            model_name="bulkchange",
            index=models.Index(
                condition=models.Q(("before__isnull", True), ("refusal", "")),
                fields=["bulk_act", "id"],
                name="bulk_to_do",
            ),
        ),
    ]
