"""An installation that is new promises what the field expects of a public complaint: an answer within half an hour of
opening hours. What it is that somebody writes is read a moment later, and the promise is then computed anew.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import migrations
from django.db.models import F

_MINUTE, _DAY = timedelta(minutes=1), timedelta(hours=24)


def promise_complaints(apps, schema_editor):
    """Before those that there are, where they are the shipped ones."""
    policy = apps.get_model("sla", "SLAPolicy")
    is_new = not apps.get_model("channels", "ChannelAccount").objects.exists()
    is_shipped = (
        policy.objects.filter(promise="first_reply", kinds=["chat"], target=_MINUTE).exists()
        and policy.objects.filter(promise="first_reply", is_public=True, target=_DAY).exists()
    )
    if is_new and is_shipped:
        policy.objects.update(position=F("position") + 1)
        policy.objects.create(
            promise="first_reply", is_public=True, intents=["complaint"], target=timedelta(minutes=30),
            is_in_working_time=True, position=1,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("sla", "0013_intents_of_promises"), ("channels", "0001_initial")]
    operations = [migrations.RunPython(promise_complaints, migrations.RunPython.noop)]
