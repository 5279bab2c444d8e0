from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0030_when_holds_were_told"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="is_waived",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="The customer said it, and waits for no answer to it: a thanks.",
            ),
        ),
    ]
