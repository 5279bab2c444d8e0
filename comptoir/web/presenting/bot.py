"""What the bot's screens are given to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from comptoir.bot.drift import weekly_shares
from comptoir.bot.models import (
    BotSettings,
    BotSwitch,
    CatalogueSurety,
    Comparison,
    Decision,
    EntryRest,
    EntryTarget,
    Mode,
    Ruling,
    TopicMode,
)
from comptoir.bot.proposing import Proposal, may_still_send, proposal_of
from comptoir.bot.queries import Score, Share, arbitration_queue, proposal_for, score, scores_by_account
from comptoir.catalogue.models import CatalogueEntry
from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation, Message
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may
from comptoir.understanding.deciding.certainty import PER_CENTS, USUAL
from comptoir.web.requests import AgentRequest
from comptoir.web.wording_bot import Explanation, explained, share_words, surety_words, switch_words, target_words

_MOST_QUEUED, _MOST_BEFORE, _MOST_FALLING = 50, 4, 30


@dataclass(frozen=True)
class Shown:
    """One decision as it is ruled on: its answer as this agent would send it, what was said before, and why."""

    decision: Decision
    proposal: Proposal
    may_send: bool
    before: Sequence[Message]
    why: Explanation
    candidates: Sequence[tuple[str, int]]
    ruling: Ruling | None
    comparison: Comparison | None


def arbitration_context(request: AgentRequest, chosen: Decision | None = None) -> dict[str, Any]:
    """The queue, and one decision of it: the chosen one, or the first. A fixed number of queries."""
    queue = list(arbitration_queue(request.agent)[: _MOST_QUEUED + 1])
    current = chosen or (queue[0] if queue else None)
    place = next((at for at, one in enumerate(queue) if current and one.pk == current.pk), None)
    return {
        "queue": queue[:_MOST_QUEUED],
        "has_more": len(queue) > _MOST_QUEUED,
        "shown": decision_shown(current, request.agent) if current else None,
        "causes": Ruling.Cause.choices,
        "previous": queue[place - 1] if place else None,
        "following": _following(queue, place),
        "has_decided": bool(current) or Decision.objects.exists(),
        "is_stopped": BotSwitch.objects.filter(is_stopped=True).exists(),
    }


def _following(queue: Sequence[Decision], place: int | None) -> Decision | None:
    after = 0 if place is None else place + 1
    return queue[after] if after < len(queue) else None


def decision_shown(decision: Decision, agent: Agent) -> Shown:
    """As this agent sees it."""
    earlier = Message.objects.filter(conversation=decision.message.conversation_id, deleted_at=None)
    earlier = earlier.exclude(state=Message.State.CANCELLED).filter(pk__lt=decision.message_id)
    before = list(earlier.select_related("agent", "identity").order_by("-sent_at", "-pk")[:_MOST_BEFORE])
    return Shown(
        decision=decision,
        proposal=proposal_of(decision, agent.name),
        may_send=may(agent, Permission.ANSWER) and may_still_send(decision),
        before=before[::-1],
        why=explained(decision),
        candidates=_candidates(decision),
        ruling=Ruling.objects.select_related("agent", "draft").filter(decision=decision).first(),
        comparison=Comparison.objects.select_related("reply__agent").filter(decision=decision).first(),
    )


def _candidates(decision: Decision) -> list[tuple[str, int]]:
    """The entries that came near, with per cents; the first is the one that was chosen."""
    near = [(int(key), confidence) for key, confidence in decision.candidates if str(key).isdecimal()]
    questions = dict(CatalogueEntry.objects.filter(pk__in=[pk for pk, _sure in near]).values_list("pk", "question"))
    return [(questions[pk], int(100 * sure)) for pk, sure in near if pk in questions and pk != decision.entry_id]


def proposal_context(request: AgentRequest, conversation: Conversation) -> dict[str, Any]:
    """What the bot proposes beside the composer."""
    decision = proposal_for(conversation.pk)
    if decision is None or not may_still_send(decision):
        return {"proposal": None}
    proposed = proposal_of(decision, request.agent.name)
    if not proposed.text:
        return {"proposal": None}
    return {
        "proposal": decision,
        "proposed": proposed,
        "proposal_why": explained(decision),
        "causes": Ruling.Cause.choices,
    }


@dataclass(frozen=True)
class AccountRow:
    """One account: how far the bot goes there, and how right it was."""

    account: ChannelAccount
    topics: Sequence[TopicMode]
    mode: str
    score: Score
    alone_words: str
    proposed_words: str


def bot_context(agent: Agent) -> dict[str, Any]:
    """The settings' page of the bot, as far as this agent sees accounts and entries."""
    switch = BotSwitch.objects.select_related("changed_by").first()
    whole = score()
    return {
        "switch": switch,
        "switch_words": switch_words(switch),
        "is_stopped": bool(switch and switch.is_stopped),
        "surety_words": surety_words(CatalogueSurety.objects.filter(pk=USUAL).first()),
        "whole": whole,
        "whole_alone": share_words(whole.alone_right),
        "whole_proposed": share_words(whole.proposed_right),
        "accounts": _accounts(agent),
        "entries": _entries(agent),
    }


def accounts_seen_by(agent: Agent) -> QuerySet[ChannelAccount]:
    """Those of the brands and teams that are theirs."""
    hidden = ChannelAccount.objects.hidden_from(agent).values("pk")
    return ChannelAccount.objects.exclude(pk__in=hidden).select_related("brand")


def _accounts(agent: Agent) -> list[AccountRow]:
    kept = {one.account_id: one for one in BotSettings.objects.prefetch_related("topics__reason")}
    rows: list[AccountRow] = []
    scores = scores_by_account()
    for account in accounts_seen_by(agent):
        settings = kept.get(account.pk) or BotSettings(account=account)
        own = scores.get(account.pk, Score.nothing())
        rows.append(
            AccountRow(
                account,
                list(settings.topics.all()) if settings.pk else [],
                str(Mode(settings.mode).label),
                own,
                share_words(own.alone_right),
                share_words(own.proposed_right),
            )
        )
    return rows


@dataclass(frozen=True)
class TargetShown:
    """How often the bot must be proven right with one entry: as it is, what that proves today, and what may be chosen.

    ``choices`` are (per cent, what it takes and what it leaves).
    """

    per_cent: int
    kept: EntryTarget | None
    proven: str
    choices: Sequence[tuple[int, str]]


def target_shown(entry: CatalogueEntry) -> TargetShown:
    """On the entry's page."""
    kept = EntryTarget.objects.select_related("set_by").filter(entry=entry).first()
    per_cent = kept.least_per_cent if kept else USUAL
    proven = surety_words(CatalogueSurety.objects.filter(pk=per_cent).first())
    return TargetShown(per_cent, kept, proven, [(one, target_words(one)) for one in PER_CENTS])


@dataclass(frozen=True)
class EntryRow:
    """One entry that the bot was judged on: whether it rests, what is asked of it, and its weeks."""

    entry: CatalogueEntry
    rest: EntryRest | None
    least_per_cent: int
    words: str
    weeks: Sequence[tuple[date, str]]


def _entries(agent: Agent) -> list[EntryRow]:
    """Those that rest, and those that were judged, the worst first."""
    rests = {one.pk: one for one in EntryRest.objects.select_related("by")}
    judged = Decision.objects.would_answer().values_list("entry", flat=True).distinct()
    entries = CatalogueEntry.objects.shown_to(agent).kept().filter(pk__in={*rests, *judged}).select_related("owner")
    weeks = weekly_shares([entry.pk for entry in entries])
    targets = dict(EntryTarget.objects.filter(entry__in=entries).values_list("entry", "least_per_cent"))
    rows = [
        _entry(entry, rests.get(entry.pk), targets.get(entry.pk, USUAL), weeks.get(entry.pk, [])) for entry in entries
    ]
    rows = [(share, row) for share, row in rows if row.rest or share.judged]
    rows.sort(key=lambda one: (one[1].rest is None, (one[0].per_cent or 0)))
    return [row for _share, row in rows[:_MOST_FALLING]]


def _entry(
    entry: CatalogueEntry, rest: EntryRest | None, least_per_cent: int, weeks: Sequence[tuple[date, Share]]
) -> tuple[Share, EntryRow]:
    whole = Share(sum(share.right for _on, share in weeks), sum(share.judged for _on, share in weeks))
    shown = [(on, share_words(share)) for on, share in weeks]
    return whole, EntryRow(entry, rest, least_per_cent, share_words(whole), shown)
