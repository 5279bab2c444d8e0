"""How often the model that drafts and rewrites is asked, by day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("analysis", "0002_tone")]

    operations = [
        migrations.CreateModel(
            name="WriterDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("calls", models.PositiveIntegerField()),
            ],
        ),
    ]
