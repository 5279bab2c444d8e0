from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0002_attempt_process"),
    ]

    operations = [
        migrations.RenameField(model_name="attempt", old_name="process", new_name="worker"),
    ]
