"""Which policy and which calendar hold for a conversation, as parts of statements over many; due times in Python where
a calendar decides.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import connection

from comptoir.analysis.models import COMPLAINS
from comptoir.sla.calendar import Calendar
from comptoir.sla.clock import NeverDueError, Pause, due_after_working_days, instants_after
from comptoir.sla.models import OpeningCalendar, SLAPolicy, known_calendar
from comptoir.sla.opening import plain_calendar
from comptoir.sla.weeks import in_working_week

_ONE_DAY = timedelta(days=1)

#: For ``policy``, ``conversation`` and its ``account``: the conditions, of which an empty one holds for everybody.
MATCHES = f"""
    policy.is_active
    AND (policy.brand_id IS NULL OR policy.brand_id = account.brand_id)
    AND (policy.team_id IS NULL OR policy.team_id = conversation.team_id)
    AND (policy.is_public IS NULL OR policy.is_public = conversation.is_public)
    AND (policy.kinds = '{{}}' OR account.kind = ANY (policy.kinds))
    AND (policy.least_priority IS NULL OR conversation.priority >= policy.least_priority)
    AND (policy.languages = '{{}}' OR conversation.language = ANY (policy.languages) OR EXISTS (
        SELECT FROM analysis_conversationreading AS read
        WHERE read.conversation_id = conversation.id AND read.language = ANY (policy.languages)))
    AND (policy.topic_id IS NULL OR EXISTS (
        SELECT FROM analysis_conversationreading AS read
        JOIN analysis_contactreason AS reason ON reason.id = read.reason_id
        LEFT JOIN analysis_contactreason AS above ON above.id = reason.parent_id
        WHERE read.conversation_id = conversation.id
            AND policy.topic_id IN (reason.id, reason.parent_id, above.parent_id)))
    AND (policy.intents = '{{}}' OR EXISTS (
        SELECT FROM analysis_conversationreading AS read
        WHERE read.conversation_id = conversation.id AND (read.intent = ANY (policy.intents)
            OR 'complaint' = ANY (policy.intents) AND {COMPLAINS})))
    AND (policy.customer_tags = '{{}}' OR EXISTS (
        SELECT FROM contacts_contact AS contact, unnest(contact.tags) AS tag
        WHERE contact.id = conversation.contact_id AND lower(tag) = ANY (policy.customer_tags)))
    AND (policy.card_field = '' OR EXISTS (
        SELECT FROM contacts_contact AS contact
        WHERE contact.id = conversation.contact_id
            AND lower(contact.attributes ->> policy.card_field) = ANY (policy.card_values)))
"""  # noqa: S608  # of our own constants

_FIRST_MATCH = f"""
SELECT policy.id FROM (
    SELECT one.id, one.account_id, %s::bigint AS team_id, one.is_public, one.priority, one.language, one.contact_id
    FROM conversations_conversation AS one WHERE one.id = %s
) AS conversation
JOIN channels_channelaccount AS account ON account.id = conversation.account_id
JOIN sla_slapolicy AS policy ON policy.promise = %s AND {MATCHES}
ORDER BY policy.position, policy.id LIMIT 1
"""  # noqa: S608  # of our own constants

#: The calendar of the ``account``, else of the ``conversation``'s team, else of the brand; only where ``policy`` asks.
NEAREST_CALENDAR = """
    SELECT one.id, one.updated_at FROM sla_openingcalendar AS one
    WHERE policy.is_in_working_time AND (
        one.account_id = account.id OR one.team_id = conversation.team_id OR one.brand_id = account.brand_id)
    ORDER BY one.account_id IS NULL, one.team_id IS NULL LIMIT 1
"""


_CALENDARS = f"""
SELECT conversation.id, calendar.id, calendar.updated_at, account.weekly_hours::text, brand.time_zone
FROM conversations_conversation AS conversation
JOIN channels_channelaccount AS account ON account.id = conversation.account_id
JOIN brands_brand AS brand ON brand.id = account.brand_id
CROSS JOIN (SELECT true AS is_in_working_time) AS policy
LEFT JOIN LATERAL ({NEAREST_CALENDAR}) AS calendar ON true
WHERE conversation.id = ANY (%s)
"""  # noqa: S608  # of our own constants


def calendars_of(conversation_ids: Collection[int]) -> Mapping[int, Calendar]:
    """By what the working time of each conversation is counted: the same as for its promises. Two queries at most."""
    with connection.cursor() as cursor:
        cursor.execute(_CALENDARS, [list(conversation_ids)])
        rows = cursor.fetchall()
    known = _calendars({(calendar, state) for _pk, calendar, state, _hours, _zone in rows if calendar is not None})
    return {pk: known.get((calendar, state)) or _plain(zone, hours) for pk, calendar, state, hours, zone in rows}


def matching_policy(conversation_id: int, team_id: int | None, promise: str) -> SLAPolicy | None:
    """The first policy of a promise that holds for one conversation, were it this team's."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_MATCH, [team_id, conversation_id, promise])
        found = cursor.fetchone()
    return SLAPolicy.objects.get(pk=found[0]) if found else None


@dataclass(frozen=True, slots=True)
class Moment:
    """A warning of the policy: how far from the due time it is given, and not for moments before ``holds_from``.

    ``given_at`` is when it was given last of the clock in question: it is not given again for a moment before that.
    """

    warning_id: int
    from_due: timedelta
    holds_from: datetime
    given_at: datetime | None = None

    def is_owed_at(self, at: datetime) -> bool:
        """Whether the warning is still to be given where its moment is ``at``."""
        return at >= self.holds_from and (self.given_at is None or at > self.given_at)


@dataclass(frozen=True, slots=True)
class Owed:
    """One promise to be counted: until when it is to be kept, by which calendar.

    ``calendar`` is the id and the state of a row; without one ``hours`` (JSON) in ``zone`` count, {} round the clock.
    """

    started_at: datetime
    target: timedelta | None
    working_days: int | None
    is_in_working_time: bool
    calendar: tuple[int, datetime] | None
    hours: str
    zone: str
    pauses: Sequence[Pause] = ()
    moments: Sequence[Moment] = ()
    week: str = "opening"


@dataclass(frozen=True, slots=True)
class Due:
    """When a promise is due, and the warnings that are still to be given of it, by the instant."""

    at: datetime
    warnings: tuple[tuple[datetime, int], ...] = ()

    @property
    def next_warning_at(self) -> datetime | None:
        """When the first of them is to be given."""
        return self.warnings[0][0] if self.warnings else None


def due_times(owed: Sequence[Owed]) -> list[Due | None]:
    """When each is due; None where the counter does not open often enough for it ever to be."""
    calendars = _calendars({one.calendar for one in owed if one.calendar is not None})
    return [_due(one, calendars.get(one.calendar) or _plain(one.zone, one.hours)) for one in owed]


def _due(one: Owed, calendar: Calendar) -> Due | None:
    from_due = [moment.from_due for moment in one.moments]
    if one.working_days is not None:
        at, *moments = _by_working_days(one, in_working_week(calendar, one.week), one.working_days, from_due)
    elif one.target is not None:
        counted_by = calendar if one.is_in_working_time else _plain(one.zone, "{}")
        at, *moments = _by_time(one, counted_by, one.target, from_due)
    else:
        return None  # the database says that there is one of both
    if at is None:
        return None
    found = zip(moments, one.moments, strict=True)
    instants = [(max(instant, one.started_at), moment) for instant, moment in found if instant is not None]
    owed = [(instant, moment.warning_id) for instant, moment in instants if moment.is_owed_at(instant)]
    return Due(at, tuple(sorted(owed)))


def _by_time(
    one: Owed, counted_by: Calendar, target: timedelta, from_due: Sequence[timedelta]
) -> list[datetime | None]:
    """The due time, then one instant for each distance from it, counted in the same time."""
    targets = [target, *(target + distance for distance in from_due)]
    if not one.pauses and counted_by.is_round_the_clock:
        return [one.started_at + each for each in targets]
    return instants_after(counted_by, one.started_at, targets, one.pauses)


def _by_working_days(
    one: Owed, calendar: Calendar, target: int, from_due: Sequence[timedelta]
) -> list[datetime | None]:
    """The same in working days: whole days of a distance are working days, what is left over is not counted."""
    found: list[datetime | None] = []
    for distance in (timedelta(0), *from_due):
        days = int(distance / _ONE_DAY)  # towards zero: two hours before is on the day itself
        try:
            at = due_after_working_days(calendar, one.started_at, target + days, one.pauses)
        except NeverDueError:
            at = None
        found.append(at + (distance - days * _ONE_DAY) if at is not None else None)
    return found


@lru_cache(maxsize=512)
def _plain(zone: str, hours: str) -> Calendar:
    return plain_calendar(zone, json.loads(hours))


def _calendars(wanted: Iterable[tuple[int, datetime]]) -> dict[tuple[int, datetime] | None, Calendar]:
    """From memory where this process has met that state of the row. One that was just deleted is not among them."""
    found: dict[tuple[int, datetime] | None, Calendar] = {}
    unknown: dict[int, tuple[int, datetime]] = {}
    for one in wanted:
        calendar = known_calendar(*one)
        if calendar is None:
            unknown[one[0]] = one
        else:
            found[one] = calendar
    if unknown:
        found |= {unknown[row.pk]: row.as_calendar() for row in OpeningCalendar.objects.filter(pk__in=unknown)}
    return found
