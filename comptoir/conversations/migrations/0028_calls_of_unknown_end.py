from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0027_changed_reviews"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="call_lost_at",
            field=models.DateTimeField(help_text="When it was given up to be told how the call ended.", null=True),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                fields=["created_at"],
                name="message_call_going_on",
                condition=models.Q(("call_lost_at", None), ("call_state__in", ["ringing", "answered"])),
            ),
        ),
    ]
