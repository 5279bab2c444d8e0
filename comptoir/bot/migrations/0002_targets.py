"""How often the bot must be proven right is asked per entry, and what the catalogue has proven is kept for each."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

_STANDS = """
DROP TRIGGER bot_decision_stands ON bot_decision;
CREATE TRIGGER bot_decision_stands
    BEFORE UPDATE OF message_id, account_id, decided_at, mode, done, entry_id, version_id, phrasing, confidence,
        answers_from, {more}candidates, rules, language, text, would_answer, teaches ON bot_decision
    FOR EACH ROW EXECUTE FUNCTION bot_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("bot", "0001_initial"), ("catalogue", "0004_marks"), ("people", "0004_skills")]

    operations = [
        migrations.CreateModel(
            name="EntryTarget",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="bot_target",
                        serialize=False,
                        to="catalogue.catalogueentry",
                    ),
                ),
                ("least_per_cent", models.PositiveSmallIntegerField(default=98)),
                ("set_at", models.DateTimeField()),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="people.agent"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("least_per_cent__in", (95, 98, 99))), name="entry_target_is_one_of_those"
                    )
                ],
            },
        ),
        # What was proven is found out again: it is worked out from what people judged and from the phrasings.
        migrations.DeleteModel(name="CatalogueSurety"),
        migrations.CreateModel(
            name="CatalogueSurety",
            fields=[
                ("least_per_cent", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                (
                    "version",
                    models.CharField(help_text="Of the catalogue and of what was judged.", max_length=200),
                ),
                (
                    "slope",
                    models.FloatField(help_text="How the odds of its confidences are stretched and moved."),
                ),
                ("shift", models.FloatField()),
                ("answers_from", models.FloatField(null=True)),
                ("asked", models.PositiveIntegerField()),
                ("right", models.PositiveIntegerField()),
                ("proven", models.FloatField(help_text="A share.")),
                (
                    "doubted",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        default=list,
                        help_text="Entries that are not answered with alone.",
                        size=None,
                    ),
                ),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["least_per_cent"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("least_per_cent__in", (95, 98, 99))), name="surety_of_a_share_that_is_asked"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="decision", name="least_per_cent", field=models.PositiveSmallIntegerField(default=98)
        ),
        migrations.RunSQL(_STANDS.format(more="least_per_cent, "), _STANDS.format(more="")),
    ]
