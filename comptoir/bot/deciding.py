"""Deciding about one message: what was found is weighed against the rules; the answer leaves, is proposed, or waits.

A decision and the reply it makes are one transaction, with the conversation locked: whoever dies in between has done
nothing, and whoever answers at the same moment goes before or after, never beside.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction

from comptoir.analysis.models import MessageAnalysis
from comptoir.bot.circumstances import Standing, is_resting, least_per_cent_of, mode_for
from comptoir.bot.errors import FileGoneError
from comptoir.bot.files import outgoing_files
from comptoir.bot.handing import hand_over
from comptoir.bot.models import BotSettings, BotSwitch, Decision, DecisionToMake, Mode
from comptoir.bot.rules import HAND_OVER, NOTHING_TO_PROPOSE, in_order
from comptoir.bot.wording import SENDER, Answer, answer_to, automatic_text, languages
from comptoir.catalogue.filling import unfilled
from comptoir.catalogue.models import CatalogueEntry
from comptoir.catalogue.using import note_uses
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.delivery.actions import queue_reply
from comptoir.delivery.refusals import ReplyRefusedError
from comptoir.events.record import Actor, Happening, record_all
from comptoir.understanding.deciding.certainty import Proof
from comptoir.understanding.deciding.decision import PROPOSES_FROM
from comptoir.understanding.deciding.decision import Decision as Found

BOT = Actor("bot")
#: Keys of replies are made of it and of the message's id: the same message is never answered twice.
_KEYS = uuid.UUID("6f1c2d0a-6b0e-4f3e-9a55-9d3f3b1f7c11")


@dataclass(frozen=True)
class _Chosen:
    """The entry that was found, with what it says here, and the rules that it falls under."""

    entry: CatalogueEntry | None
    answer: Answer | None
    rules: frozenset[str]

    @property
    def text(self) -> str:
        return self.answer.text if self.answer else ""


@transaction.atomic
def decide_on(message_id: int, found: Found, proof: Proof, *, on: date) -> Decision | None:
    """Decide about one message, once: None where it was decided about before, or is gone.

    ``found`` is what the catalogue says of it, ``proof`` what that is proven to be worth, ``on`` the brand's day.
    """
    message = _held(message_id)
    DecisionToMake.objects.filter(pk=message_id).delete()
    if message is None or Decision.objects.filter(message=message).exists():
        return None
    standing = _standing(message)
    chosen = _chosen(message, found, on)
    rules = set(chosen.rules) | set(found.forbidden_by) | set(standing.rules())
    rules |= _did_not_help(standing, chosen.entry)
    decision = _decision(standing, chosen, found, proof, rules)
    if decision.done == Decision.Done.ANSWERED:
        _answer(decision, chosen, standing)
    decision.rules = in_order(rules | set(decision.rules))
    decision.save()
    _tell(decision)
    if decision.done != Decision.Done.ANSWERED and HAND_OVER & set(decision.rules):
        hand_over(decision, standing.former_decisions(), by=BOT)
    return decision


def _held(message_id: int) -> Message | None:
    """The message, its conversation locked."""
    conversations = Conversation.objects.select_for_update(of=("self",), no_key=True)
    conversation = (
        conversations.select_related("account__brand", "identity", "contact").filter(messages=message_id).first()
    )
    message = Message.objects.filter(pk=message_id, deleted_at=None).first()
    if conversation is None or message is None:
        return None
    message.conversation = conversation
    return message


def _standing(message: Message) -> Standing:
    conversation = message.conversation
    analysis = MessageAnalysis.objects.get(message=message)
    settings = BotSettings.objects.filter(account=conversation.account).first() or BotSettings()
    settings.account = conversation.account
    return Standing(message, conversation, analysis, settings)


def _chosen(message: Message, found: Found, on: date) -> _Chosen:
    """What was found, looked up again: what was retired meanwhile, or is too far away, is nothing."""
    if found.entry is None or found.confidence < PROPOSES_FROM:
        return _Chosen(None, None, frozenset())
    serving = CatalogueEntry.objects.serving(on).for_brand(message.conversation.account.brand_id)
    entry = serving.prefetch_related("variants__files").filter(pk=int(found.entry)).first()
    if entry is None:
        return _Chosen(None, None, frozenset())
    answer = answer_to(message, entry, found.language)
    return _Chosen(entry, answer, frozenset(_about_entry(entry, answer, found.language)))


def _about_entry(entry: CatalogueEntry, answer: Answer | None, language: str) -> Sequence[str]:
    rules: list[str] = []
    if not entry.for_bot:
        rules.append("not_allowed")
    if is_resting(entry.pk):
        rules.append("resting")
    if answer is None:
        return [*rules, "no_variant"]
    if answer.language != language:
        rules.append("language")
    if language not in languages():
        rules.append("no_words")
    if not answer.takes_files:
        rules.append("files")
    if unfilled(answer.text):
        rules.append("unfilled")
    return rules


def _did_not_help(standing: Standing, entry: CatalogueEntry | None) -> set[str]:
    answered = [one for one in standing.former_decisions() if one.done == Decision.Done.ANSWERED]
    return {"did_not_help"} if entry and any(one.entry_id == entry.pk for one in answered) else set()


def _decision(standing: Standing, chosen: _Chosen, found: Found, proof: Proof, rules: set[str]) -> Decision:
    target = least_per_cent_of(chosen.entry)
    least = proof.surety(target).answers_from
    is_sure = chosen.entry is not None and least is not None and found.confidence >= least
    mode = mode_for(standing.settings, standing.analysis)
    topic = standing.analysis.topics.first()
    may = is_sure and not rules
    return Decision(
        message=standing.message,
        account=standing.conversation.account,
        reason=topic.reason if topic else None,
        decided_at=now(),
        mode=mode,
        done=_done(mode, chosen, rules, may_answer=may),
        entry=chosen.entry,
        version=chosen.entry.approved_version if chosen.entry else None,
        phrasing=(found.nearest or "") if chosen.entry else "",
        confidence=min(1.0, max(0.0, found.confidence)),
        answers_from=least,
        least_per_cent=target,
        candidates=[[one.entry, round(one.confidence, 4)] for one in found.candidates],
        rules=in_order(rules),
        language=found.language[:12],
        text=chosen.text,
        files=[asdict(one) for one in chosen.answer.files] if chosen.answer else [],
        would_answer=may,
        teaches=4 * found.confidence * (1 - found.confidence) + may,
    )


def _done(mode: Mode, chosen: _Chosen, rules: set[str], *, may_answer: bool) -> Decision.Done:
    if chosen.entry is None:
        return Decision.Done.NOTHING
    if mode == Mode.SILENT or is_stopped() or NOTHING_TO_PROPOSE & rules:
        return Decision.Done.NOTED
    return Decision.Done.ANSWERED if mode == Mode.ANSWERS and may_answer else Decision.Done.PROPOSED


def is_stopped() -> bool:
    """Whether every bot is stopped. In a transaction, whoever stops them waits until it is over."""
    return BotSwitch.objects.select_for_update(of=("self",), no_key=True).filter(is_stopped=True).exists()


def _answer(decision: Decision, chosen: _Chosen, standing: Standing) -> None:
    """Queue the reply, as any other; one that the channel refuses is proposed instead."""
    message, conversation = standing.message, standing.conversation
    assert chosen.entry is not None
    try:
        with transaction.atomic():
            decision.reply = queue_reply(
                conversation.pk,
                by=None,
                text=automatic_text(decision.text, language=decision.language, brand=conversation.account.brand.name),
                visibility="public" if message.is_public else "private",
                parent=message if message.external_id else None,
                actor=BOT,
                key=uuid.uuid5(_KEYS, str(message.pk)),
                files=outgoing_files(decision.files),
            )
    except (ReplyRefusedError, FileGoneError):
        decision.done, decision.would_answer, decision.reply = Decision.Done.PROPOSED, False, None
        decision.rules = ["refused"]
        return
    note_uses(
        [chosen.entry.pk],
        message_id=decision.reply.pk,
        conversation_id=conversation.pk,
        text=decision.reply.text,
        by=None,
    )


def _tell(decision: Decision) -> None:
    details = {
        "message": decision.message_id,
        "entry": decision.entry_id,
        "done": str(decision.done),
        "confidence": round(decision.confidence, 4),
    }
    conversation_id = decision.message.conversation_id
    record_all([Happening("decision.made", "decision", decision.pk, BOT, conversation_id, details=details)])


def proposal_text(decision: Decision, agent_name: str) -> str:
    """A proposed answer as a person would send it: it bears their name."""
    return signed(decision.text, agent_name)


def signed(text: str, agent_name: str) -> str:
    """An answer with the name of whoever sends it."""
    return text.replace(f"{{{SENDER}}}", agent_name)
