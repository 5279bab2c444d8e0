from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="attempt",
            name="process",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Which process made it: does it still run?",
                max_length=120,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="attempt",
            name="is_superseded",
            field=models.BooleanField(
                default=False, help_text="A person had the reply sent again since: no longer counted."
            ),
        ),
    ]
