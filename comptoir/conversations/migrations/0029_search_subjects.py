import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # The subjects that are there come into the search afterwards, in batches, as everything does that it lacks.
    dependencies = [
        ("conversations", "0028_calls_of_unknown_end"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchSubject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                (
                    "conversation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_subject",
                        to="conversations.conversation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["words"], gin_pending_list_limit=512, name="search_subject_by_word"
                    )
                ],
            },
        ),
    ]
