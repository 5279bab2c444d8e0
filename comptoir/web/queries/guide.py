"""How far the counter has been set up: read off what there is, so that it is right however it was done."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from comptoir.channels.models import ChannelAccount
from comptoir.core.reach import is_local
from comptoir.people.models import Agent

STEPS = ("brand", "team", "channel", "hours", "address", "colleague", "test")  # as _DONE answers them
#: Kinds of account that need nobody outside: a message to oneself can come in, and its answer go out, at once.
KINDS_TO_TRY = ("chat", "webhook")


@dataclass(frozen=True, slots=True)
class Progress:
    """What is done of the first steps, by name."""

    done: frozenset[str]

    @property
    def left(self) -> int:
        return len(STEPS) - len(self.done)

    @property
    def next(self) -> str:
        return next((step for step in STEPS if step not in self.done), "")


#: Asked for every page that an administrator opens, and so written out: to compose it anew costs more than to run it.
_DONE = """
SELECT
    EXISTS (SELECT FROM brands_brand) AS brand,
    EXISTS (SELECT FROM people_team) AS team,
    EXISTS (SELECT FROM channels_channelaccount WHERE status = 'active') AS channel,
    EXISTS (SELECT FROM sla_openingcalendar) OR EXISTS (
        SELECT FROM channels_channelaccount WHERE weekly_hours <> '{}'
    ) OR EXISTS (
        SELECT FROM events_event WHERE subject_kind = 'channelaccount' AND name = 'account.hours_changed'
    ) AS hours,
    %(is_reachable)s AS address,
    EXISTS (SELECT FROM people_agent WHERE is_active AND id <> %(agent)s) AS colleague,
    EXISTS (SELECT FROM people_agent WHERE preferences @> '{"guide": {"tested": true}}') AS test
"""


def progress(agent: Agent) -> Progress:
    """What is done, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_DONE, {"agent": agent.pk, "is_reachable": not is_local(settings.BASE_URL)})
        found = cursor.fetchone() or ()
    return Progress(frozenset(name for name, is_done in zip(STEPS, found, strict=True) if is_done))


def account_to_try() -> ChannelAccount | None:
    """Where a message to oneself can come in."""
    return ChannelAccount.objects.active().filter(kind__in=KINDS_TO_TRY).order_by("pk").first()
