"""What the bot did, in figures and in order: what waits for a ruling, how often it was right, and what proves it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Count, F, Q, QuerySet, When

from comptoir.bot.models import Comparison, Decision, LearntMessage, Ruling
from comptoir.catalogue.models import EntryVersion
from comptoir.core.clock import now
from comptoir.people.models import Agent
from comptoir.understanding.deciding.certainty import Case, highest_share, lowest_share

#: What is older is ruled on no more: nobody remembers, and the catalogue is another.
RULED_WITHIN = timedelta(days=14)
SCORED_OVER = timedelta(days=28)
_MOST_CASES = 5_000
_RIGHT = ~Q(ruling__verdict=Ruling.Verdict.REFUSED)
#: Judged by a person's ruling, or (where nobody ruled) by what an agent answered by themselves.
JUDGED = Q(ruling__isnull=False) | Q(comparison__outcome__in=[Comparison.Outcome.SAME, Comparison.Outcome.OTHER])
WAS_RIGHT = (Q(ruling__isnull=False) & _RIGHT) | Q(ruling=None, comparison__outcome=Comparison.Outcome.SAME)


def judged_cases(*, since: datetime) -> list[Case]:
    """Messages of which people have said whether the bot's entry answers them, as its threshold is proven by.

    Only those that no rule kept from being answered alone: of the others the bot never has to be sure.
    """
    judged = Decision.objects.on_entries().filter(JUDGED, decided_at__gte=since, rules=[])
    rows = (
        judged.annotate(is_right=_flag(WAS_RIGHT))
        .order_by("-id")
        .values_list("id", "confidence", "is_right", "entry_id")
    )
    return [Case(sure, bool(is_right), str(entry), pk % 2) for pk, sure, is_right, entry in rows[:_MOST_CASES]]


def _flag(condition: Q) -> models.Case:
    return models.Case(When(condition, then=1), default=0)


def arbitration_queue(agent: Agent) -> QuerySet[Decision]:
    """What the agent may rule on: first what a customer still waits for, the longest wait first; then what a ruling
    teaches most.
    """
    mine = Decision.objects.to_rule().visible_to(agent).filter(decided_at__gte=now() - RULED_WITHIN)
    mine = mine.exclude(text="").annotate(
        waits_since=models.Case(
            When(
                Q(message__conversation__waiting_since__lte=F("message__sent_at"), done=Decision.Done.PROPOSED),
                then=F("message__conversation__waiting_since"),
            )
        )
    )
    return mine.select_related(
        "message__conversation__account__brand", "message__conversation__identity", "entry", "version", "reason"
    ).order_by(F("waits_since").asc(nulls_last=True), "-teaches", "-id")


def proposal_for(conversation_id: int) -> Decision | None:
    """What is proposed for the customer's last message; None where there is nothing, or it was ruled on."""
    proposed = Decision.objects.to_rule().filter(message__conversation=conversation_id, done=Decision.Done.PROPOSED)
    return proposed.exclude(text="").select_related("message", "entry", "version").order_by("-message_id").first()


def learnt_drafts() -> QuerySet[EntryVersion]:
    """What agents' own answers made, and nobody has approved or refused yet; what most people asked first."""
    drafts = EntryVersion.objects.filter(status=EntryVersion.Status.DRAFT)
    counted = drafts.annotate(messages=Count("learnt_messages"))
    return counted.filter(messages__gt=0).order_by("-messages", "-made_at")


def drafts_of_messages(message_ids: Iterable[int]) -> dict[int, EntryVersion]:
    """By message, the draft that waits and was made of it."""
    learnt = LearntMessage.objects.filter(message__in=list(message_ids), version__status=EntryVersion.Status.DRAFT)
    return {one.message_id: one.version for one in learnt.select_related("version")}


@dataclass(frozen=True, slots=True)
class Share:
    """How many were right of those that were judged."""

    right: int
    judged: int

    @property
    def per_cent(self) -> int | None:
        """Rounded down; None where nothing was judged."""
        return 100 * self.right // self.judged if self.judged else None

    @property
    def bounds(self) -> tuple[int, int] | None:
        """Between which per cents it lies in 95 cases of 100, as far as so few tell."""
        if not self.judged:
            return None
        low = lowest_share(self.right, self.judged, 0.025)
        return int(100 * low), round(100 * highest_share(self.right, self.judged, 0.025))


@dataclass(frozen=True, slots=True)
class Score:
    """What the bot did, or would have done, on one account or all of them: of ``decided`` messages that called for an
    answer it would have answered ``alone``; of those that were judged so many were right."""

    decided: int
    found: int
    alone: int
    answered: int
    alone_right: Share
    proposed_right: Share

    @classmethod
    def nothing(cls) -> Self:
        """Where nothing was decided."""
        return cls(0, 0, 0, 0, Share(0, 0), Share(0, 0))

    @property
    def alone_share(self) -> int | None:
        """Per cent of what it decided about."""
        return round(100 * self.alone / self.decided) if self.decided else None


def score() -> Score:
    """Of all accounts together, over SCORED_OVER."""
    return _score(_scored().aggregate(**_COUNTED))


def scores_by_account() -> dict[int, Score]:
    """Of each account that something was decided on, over SCORED_OVER. One query."""
    rows: Any = _scored().values("account").annotate(**_COUNTED)
    return {row.pop("account"): _score(row) for row in rows}


def _scored() -> QuerySet[Decision]:
    decisions = Decision.objects.filter(decided_at__gte=now() - SCORED_OVER)
    return decisions.exclude(rules__contains=["no_answer_needed"]).order_by()


_ALONE, _FOUND = Q(would_answer=True), Q(entry__isnull=False)
_COUNTED = {
    "decided": Count("pk"),
    "found": Count("pk", filter=_FOUND),
    "alone": Count("pk", filter=_ALONE),
    "answered": Count("pk", filter=Q(done=Decision.Done.ANSWERED)),
    "alone_judged": Count("pk", filter=_ALONE & JUDGED),
    "alone_right": Count("pk", filter=_ALONE & WAS_RIGHT),
    "other_judged": Count("pk", filter=_FOUND & ~_ALONE & JUDGED),
    "other_right": Count("pk", filter=_FOUND & ~_ALONE & WAS_RIGHT),
}


def _score(counted: Mapping[str, int]) -> Score:
    return Score(
        counted["decided"], counted["found"], counted["alone"], counted["answered"],
        Share(counted["alone_right"], counted["alone_judged"]),
        Share(counted["other_right"], counted["other_judged"]),
    )  # fmt: skip
