"""Messages teach once: which went into which draft."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bot", "0002_targets"), ("catalogue", "0004_marks"), ("conversations", "0025_read_for_the_floor")]

    operations = [
        migrations.CreateModel(
            name="LearntMessage",
            fields=[
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="taught",
                        serialize=False,
                        to="conversations.message",
                    ),
                ),
                ("learnt_at", models.DateTimeField()),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="learnt_messages",
                        to="catalogue.entryversion",
                    ),
                ),
            ],
        ),
    ]
