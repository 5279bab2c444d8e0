"""Every installation starts with one promise: a first reply within 24 hours."""

from datetime import timedelta

from django.db import migrations


def make_default_promise(apps, schema_editor):
    policy = apps.get_model("sla", "SLAPolicy")
    policy.objects.get_or_create(brand=None, promise="first_reply", defaults={"target": timedelta(hours=24)})


class Migration(migrations.Migration):
    dependencies = [("sla", "0001_initial")]
    operations = [migrations.RunPython(make_default_promise, migrations.RunPython.noop)]
