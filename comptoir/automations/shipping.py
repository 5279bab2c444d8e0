"""The automations that ship: three to begin with, in the language of whoever asks for them, switched off until read."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from comptoir.automations.models import Automation
from comptoir.automations.writing import Terms, create_automation
from comptoir.conversations.models import Priority
from comptoir.events.record import SYSTEM, Actor
from comptoir.people.models import Agent

_HOUR, _DAY = 60, 24 * 60


@transaction.atomic
def ship(*, writer: Agent | None = None, by: Actor = SYSTEM) -> int:
    """Write them where there is no automation yet; return how many."""
    if Automation.objects.filter(removed_at=None).exists():
        return 0
    return len([create_automation(terms, is_active=False, writer=writer, by=by) for terms in _shipped()])


def _shipped() -> Sequence[Terms]:
    nobodys = {"kind": "owner", "among": ["nobody"]}
    asked = _(
        "Hello {first_name}, do you still need us? Write to us here at any time; without news of yours we close this "
        "exchange."
    )
    return (
        Terms(
            _("Waiting for too long"),
            {"kind": "waits", "after_minutes": 4 * _HOUR},
            [nobodys],
            [{"act": "priority", "level": Priority.HIGH.value}, {"act": "notify", "who": "team"}],
        ),
        Terms(
            _("Promise broken"),
            {"kind": "breached"},
            [],
            [{"act": "tag", "name": pgettext("tag", "late")}, {"act": "notify", "who": "supervisors"}],
        ),
        Terms(
            _("Reminder"),
            {"kind": "silent", "after_minutes": 3 * _DAY},
            [{"kind": "status", "among": ["pending"]}],
            [{"act": "reply", "text": asked}],
        ),
    )
