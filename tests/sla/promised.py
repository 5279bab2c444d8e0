"""What teams and experts promise one another, where a test emptied the database of what migrations made."""

from __future__ import annotations

from datetime import timedelta

from comptoir.sla.models import SLAPolicy


def promise_hand_offs() -> None:
    SLAPolicy.objects.get_or_create(
        promise="hand_off", defaults={"target": timedelta(minutes=30), "is_in_working_time": True, "position": 90}
    )


def promise_consultations() -> None:
    SLAPolicy.objects.get_or_create(
        promise="consultation",
        defaults={
            "target": None, "target_working_days": 7, "is_in_working_time": True, "working_week": "to_friday",
            "position": 91,
        },
    )  # fmt: skip
