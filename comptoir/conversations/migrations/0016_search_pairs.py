from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Searching and indexing go on meanwhile; the texts that are there get their pairs afterwards, in batches.
    atomic = False

    dependencies = [
        ("conversations", "0015_calls"),
    ]

    operations = [
        migrations.AddField(
            model_name="searchtext",
            name="pairs",
            field=ArrayField(
                base_field=models.IntegerField(),
                help_text="Its words two by two; null: not yet.",
                null=True,
                size=None,
            ),
        ),
        AddIndexConcurrently(
            model_name="searchtext",
            index=GinIndex(fields=["pairs"], gin_pending_list_limit=512, name="search_text_by_pair"),
        ),
        AddIndexConcurrently(
            model_name="searchtext",
            index=models.Index(condition=models.Q(("pairs", None)), fields=["id"], name="search_text_without_pairs"),
        ),
    ]
