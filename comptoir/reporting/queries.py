"""A report: one question put to the counted conversations, in a number of queries that nothing makes grow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from comptoir.analysis.models import ContactReason, Intent
from comptoir.brands.models import Brand
from comptoir.channels.models import ChannelAccount
from comptoir.people.models import Agent, Team
from comptoir.reporting.among_ourselves import Passed, passed_among_ourselves
from comptoir.reporting.asking import By, Question, Reach
from comptoir.reporting.backlog import DaysEnd, backlog_by_age, backlog_by_day
from comptoir.reporting.columns import INTENTS, NONE, Columns, Numbers, columns
from comptoir.reporting.measuring import Groups, Line, lines, whole
from comptoir.reporting.models import PastCounting

#: Fewer than this of one kind on one channel say nothing of how such matters are treated there.
ENOUGH = 5
_MOST_MATTERS = 8
Key = int | str | date | None


@dataclass(frozen=True, slots=True)
class Named:
    """One line of a report: its key (None: none, as no team), what it is called, its figures."""

    key: Key
    name: str
    line: Line


@dataclass(frozen=True, slots=True)
class Matter:
    """One kind of matter, channel by channel. ``spread``: the slowest channel's median by the fastest's."""

    key: int | str
    name: str
    is_intent: bool
    whole: Line
    by_channel: Mapping[str, Line]
    spread: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """What a question is answered with."""

    question: Question
    whole: Line
    lines: Sequence[Named]
    by_day: Sequence[Named]
    channels: Sequence[str]
    matters: Sequence[Matter]
    backlog: Sequence[DaysEnd]
    ages: Sequence[int]
    passed: Sequence[Passed]
    counted_percent: int


def report(question: Question, reach: Reach) -> Report:
    """The answer. The caller has asked `Reach.allowed` what may be asked."""
    found = columns(question, reach)
    kinds, brands = _of_accounts(reach)
    by_day = _days(question, found)
    return Report(
        question=question,
        whole=whole(found),
        lines=by_day if question.by is By.DAY else _lines(question, reach, found, kinds, brands),
        by_day=by_day,
        channels=sorted({kinds[int(account)] for account in np.unique(found.account)}),
        matters=_matters(found, kinds),
        backlog=[] if question.agent else backlog_by_day(question, reach),
        ages=[] if question.agent else backlog_by_age(question, reach),
        passed=[] if question.agent else passed_among_ourselves(question, reach),
        counted_percent=_counted_percent(),
    )


def _counted_percent() -> int:
    """How much of what was there before is counted; nothing before the first round."""
    past = PastCounting.objects.first()
    return past.percent if past else 0


def _of_accounts(reach: Reach) -> tuple[dict[int, str], dict[int, int]]:
    accounts = list(ChannelAccount.objects.filter(pk__in=reach.accounts).values_list("pk", "kind", "brand_id"))
    return {pk: kind for pk, kind, _brand in accounts}, {pk: brand for pk, _kind, brand in accounts}


def _days(question: Question, found: Columns) -> list[Named]:
    of_days = lines(found, Groups(found.day, found.day))
    empty = whole(_none_of(found))
    return [Named(day, day.isoformat(), of_days.get(number, empty)) for number, day in enumerate(question.days)]


def _none_of(found: Columns) -> Columns:
    return Columns(**{name: getattr(found, name)[:0] for name in Columns.__slots__})


def _lines(
    question: Question, reach: Reach, found: Columns, kinds: Mapping[int, str], brands: Mapping[int, int]
) -> list[Named]:
    by = question.by
    if by is By.CHANNEL:
        return _by_channel(found, kinds)
    groups = {
        By.BRAND: lambda: _same(_looked_up(found.account, brands)),
        By.TEAM: lambda: Groups(found.reply_team, found.team),
        By.AGENT: lambda: _of_agents(found, reach),
        By.TOPIC: lambda: _same(found.reason),
    }[by]()
    names = _names(by)
    named = [Named(key if key > 0 else None, names.get(key, ""), line) for key, line in lines(found, groups).items()]
    return sorted(named, key=lambda one: (one.key is None, -one.line.received - one.line.resolved, one.name))


def _by_channel(found: Columns, kinds: Mapping[int, str]) -> list[Named]:
    order, numbers = _kinds_of(found, kinds)
    named = [Named(order[key], order[key], line) for key, line in lines(found, _same(numbers)).items()]
    return sorted(named, key=lambda one: (-one.line.received, one.name))


def _kinds_of(found: Columns, kinds: Mapping[int, str]) -> tuple[list[str], Numbers]:
    """The kinds of channel in order, and the place of each conversation's among them."""
    order = sorted(set(kinds.values()))
    places = {account: order.index(kind) for account, kind in kinds.items()}
    return order, _looked_up(found.account, places)


def _of_agents(found: Columns, reach: Reach) -> Groups:
    """Those whose figures may be seen; all others, and whatever nobody did, are one line without a name."""
    led = np.array(sorted(reach.colleagues or ()), dtype=np.int32)
    return Groups(
        np.where(np.isin(found.replied_by, led), found.replied_by, NONE).astype(np.int32),
        np.where(np.isin(found.resolved_by, led), found.resolved_by, NONE).astype(np.int32),
    )


def _matters(found: Columns, kinds: Mapping[int, str]) -> list[Matter]:
    """The commonest kinds of matter: by contact reason, or, where no reason was read in any, by intent."""
    by_reason = bool((found.reason != NONE).any())
    kind_of = found.reason if by_reason else found.intent
    order, channel = _kinds_of(found, kinds)
    of_kind = lines(found, _same(kind_of))
    cells = lines(found, _same(np.where(kind_of == NONE, NONE, kind_of * len(order) + channel).astype(np.int32)))
    commonest = sorted((key for key in of_kind if key != NONE), key=lambda key: -of_kind[key].received)[:_MOST_MATTERS]
    names = _names(By.TOPIC) if by_reason else {}
    matters = []
    for key in commonest:
        by_channel = {
            kind: cells[key * len(order) + place]
            for place, kind in enumerate(order)
            if key * len(order) + place in cells
        }
        name = names.get(key, "") if by_reason else str(Intent(INTENTS[key]).label)
        matter_key: int | str = key if by_reason else INTENTS[key]
        matters.append(Matter(matter_key, name, not by_reason, of_kind[key], by_channel, _spread(by_channel)))
    return matters


def _spread(by_channel: Mapping[str, Line]) -> float | None:
    """How many times longer the slowest channel's median is than the fastest's, of those with enough to say so."""
    replies = [line.first_reply for line in by_channel.values() if line.first_reply.count >= ENOUGH]
    medians = [max(1, reply.median_s) for reply in replies if reply.median_s is not None]
    return max(medians) / min(medians) if len(medians) > 1 else None


def _names(by: By) -> dict[int, str]:
    models: dict[By, type[Brand | Team | Agent | ContactReason]] = {
        By.BRAND: Brand,
        By.TEAM: Team,
        By.AGENT: Agent,
        By.TOPIC: ContactReason,
    }
    return dict(models[by]._default_manager.values_list("pk", "name"))


def _same(numbers: Numbers) -> Groups:
    return Groups(numbers, numbers)


def _looked_up(keys: Numbers, found: Mapping[int, int]) -> Numbers:
    """Each key's number."""
    unique, places = np.unique(keys, return_inverse=True)
    return np.array([found[int(key)] for key in unique], dtype=np.int32)[places] if len(unique) else keys
