"""How much waits, by team, channel and age, and how much is promised until when: two statements, read off indexes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from comptoir.channels.models import ChannelAccount
from comptoir.core.clock import now
from comptoir.people.models import Agent, Team

#: Waiting for less than each of these; the last column is what waits for longer.
AGES = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4), timedelta(days=1))
#: Promised within each of these, counted together: what runs out in 15 minutes also does within the hour.
HORIZONS = (timedelta(minutes=15), timedelta(hours=1), timedelta(days=1))

_AT_HAND = "NOT is_spam AND status IN ('open', 'pending')"
_WAITING = f"""
SELECT team_id, account_id, width_bucket(waiting_since, %(ages)s::timestamptz[]), count(*), min(waiting_since)
FROM conversations_conversation
WHERE {_AT_HAND} AND waiting_since IS NOT NULL AND account_id <> ALL (%(hidden)s)
GROUP BY 1, 2, 3
"""  # noqa: S608  # of our own constants
_PROMISED = f"""
SELECT count(*) FILTER (WHERE promise_due_at < %(now)s), count(*) FILTER (WHERE promise_due_at < %(first)s),
    count(*) FILTER (WHERE promise_due_at < %(second)s), count(*)
FROM conversations_conversation
WHERE {_AT_HAND} AND promise_due_at IS NOT NULL AND promise_due_at < %(last)s AND account_id <> ALL (%(hidden)s)
"""  # noqa: S608  # of our own constants


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in one team or on one channel: how many by age, the youngest first, and since when the oldest."""

    by_age: Sequence[int]
    since: datetime | None

    @property
    def total(self) -> int:
        return sum(self.by_age)


@dataclass(frozen=True, slots=True)
class Standing:
    """``broken`` promises, and those that run out within each of HORIZONS; who waits, in all, by team, by channel."""

    broken: int
    within: Sequence[int]
    waiting: Waiting
    teams: Sequence[tuple[Team | None, Waiting]]
    channels: Sequence[tuple[str, Waiting]]


def standing(agent: Agent, hidden: Sequence[int]) -> Standing:
    """As ``agent`` may see it, who sees every team: without the accounts that are ``hidden`` from them."""
    present = now()
    asked: dict[str, Any] = {
        "hidden": list(hidden),
        "ages": [present - age for age in reversed(AGES)],
        "now": present,
        **{name: present + horizon for name, horizon in zip(("first", "second", "last"), HORIZONS, strict=True)},
    }
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, asked)
        waiting = cursor.fetchall()
        cursor.execute(_PROMISED, asked)
        broken, *by_horizon = cursor.fetchone()
    kinds = dict(ChannelAccount.objects.values_list("pk", "kind"))
    teams = {team.pk: team for team in Team.objects.all()}
    by_team, by_channel = _Sums(), _Sums()
    everything = _Sums()
    for team_id, account_id, bucket, count, since in waiting:
        for sums, key in ((by_team, team_id), (by_channel, kinds.get(account_id, "")), (everything, None)):
            sums.add(key, len(AGES) - bucket, count, since)
    return Standing(
        broken=broken,
        within=[before - broken for before in by_horizon],
        waiting=everything.of(None),
        teams=[(teams.get(key) if isinstance(key, int) else None, by_team.of(key)) for key in by_team.oldest_first()],
        channels=[(str(key), by_channel.of(key)) for key in by_channel.oldest_first()],
    )


class _Sums:
    """Counts by age under keys, and since when the oldest of each waits."""

    def __init__(self) -> None:
        self._counts: dict[int | str | None, list[int]] = defaultdict(lambda: [0] * (len(AGES) + 1))
        self._since: dict[int | str | None, datetime] = {}

    def add(self, key: int | str | None, age: int, count: int, since: datetime) -> None:
        self._counts[key][age] += count
        self._since[key] = min(since, self._since.get(key, since))

    def of(self, key: int | str | None) -> Waiting:
        return Waiting(tuple(self._counts[key]), self._since.get(key))

    def oldest_first(self) -> list[int | str | None]:
        return sorted(self._since, key=lambda key: self._since[key])
