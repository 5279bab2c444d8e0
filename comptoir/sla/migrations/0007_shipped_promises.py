"""Policies get their order, each promise of a first reply its like for the next ones (until now one policy covered both),
and an installation that is new the promises that the field expects.

A public complaint's half hour in opening hours came later (0014): nothing told a complaint from a question here.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import migrations

_DAY, _MINUTE = timedelta(hours=24), timedelta(minutes=1)


def put_in_order(apps, schema_editor):
    """A brand's own went before the general one."""
    policy = apps.get_model("sla", "SLAPolicy")
    present = list(policy.objects.all())
    is_new = not apps.get_model("channels", "ChannelAccount").objects.exists()
    is_untouched = [(one.brand_id, one.promise, one.target) for one in present] == [(None, "first_reply", _DAY)]
    wanted = [{"promise": one.promise, "brand_id": one.brand_id, "target": one.target, "pk": one.pk} for one in present]
    wanted.sort(key=lambda one: (one["brand_id"] is None, one["pk"]))
    wanted += [one | {"promise": "next_reply", "pk": None} for one in wanted]
    if is_new and is_untouched:
        chat = {"promise": "first_reply", "kinds": ["chat"], "target": _MINUTE, "is_in_working_time": True}
        public = {"promise": "first_reply", "is_public": True, "target": _DAY}
        wanted = [chat, public, *wanted]
    for position, fields in enumerate(wanted, start=1):
        policy.objects.update_or_create(pk=fields.pop("pk", None), defaults=fields | {"position": position})


class Migration(migrations.Migration):
    dependencies = [("sla", "0006_policies"), ("channels", "0001_initial")]
    operations = [migrations.RunPython(put_in_order, migrations.RunPython.noop)]
