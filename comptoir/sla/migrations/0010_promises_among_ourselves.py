"""What teams and experts promise one another before anybody has chosen: a hand-off is accepted within thirty minutes of
opening hours, an expert answers within seven working days.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import migrations
from django.db.models import Max


def promise(apps, schema_editor):
    """After those that there are, each once."""
    policy = apps.get_model("sla", "SLAPolicy")
    wanted = {
        "hand_off": {"target": timedelta(minutes=30)},
        "consultation": {"target": None, "target_working_days": 7, "working_week": "to_friday"},
    }
    for promised, fields in wanted.items():
        position = (policy.objects.aggregate(last=Max("position"))["last"] or 0) + 1
        given = fields | {"position": position, "is_in_working_time": True}
        policy.objects.get_or_create(promise=promised, defaults=given)


class Migration(migrations.Migration):
    dependencies = [("sla", "0009_other_subjects")]
    operations = [migrations.RunPython(promise, migrations.RunPython.noop)]
