"""The products and places that a brand's customers name."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("analysis", "0003_writing"), ("brands", "0002_number_forms"), ("conversations", "0025_read_for_the_floor")]

    operations = [
        migrations.CreateModel(
            name="KnownName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("product", "Product"), ("place", "Place")], max_length=7)),
                ("name", models.CharField(max_length=120)),
                (
                    "spellings",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), default=list, size=None
                    ),
                ),
                ("changed_at", models.DateTimeField()),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="known_names", to="brands.brand"
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "name", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("brand"),
                        models.F("kind"),
                        django.db.models.functions.text.Lower("name"),
                        name="one_known_name_per_brand_and_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["product", "place"])), name="kind_of_name_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="known_name_says_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NamedInMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="named", to="conversations.message"
                    ),
                ),
                (
                    "name",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="analysis.knownname",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("name", "message"), name="one_naming_per_message_and_name")
                ],
            },
        ),
    ]
