"""A person takes over from a bot that has spoken: with what was asked, what it said, and why it stops."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import override

from comptoir.bot.models import BotNote, Decision
from comptoir.bot.rules import HAND_OVER, RULES
from comptoir.core.lines import on_one_line
from comptoir.desk.notes import add_note
from comptoir.events.record import Actor, record

_KEYS = uuid.UUID("0b5d8a5e-7a52-4c0b-8f0e-8e3f6f9d4a3b")
_MOST_CHARS = 400


def hand_over(decision: Decision, former: Sequence[Decision], *, by: Actor) -> None:
    """Leave a note for whoever goes on, in the brand's language, where the bot has answered before; once a message."""
    answered = [one for one in former if one.done == Decision.Done.ANSWERED]
    if not answered:
        return
    conversation = decision.message.conversation
    with override(conversation.account.brand.language):
        text = _summary(decision, answered)
    note = add_note(conversation.pk, text=text, by=None, actor=by, key=uuid.uuid5(_KEYS, str(decision.message_id)))
    BotNote.objects.get_or_create(note=note, defaults={"decision": decision})
    record("conversation.handed_over", subject=conversation, by=by, rules=list(decision.rules))


def _summary(decision: Decision, answered: Sequence[Decision]) -> str:
    why = ", ".join(str(RULES[rule]) for rule in decision.rules if rule in HAND_OVER)
    lines = [_("The bot hands over: %(why)s.") % {"why": why}]
    for one in answered:
        question = one.entry.question if one.entry else ""
        lines.append(_("Asked: “%(asked)s”") % {"asked": _short(one.message.text)})
        lines.append(_("It answered with “%(question)s”.") % {"question": question})
    lines.append(_("Then: “%(asked)s”") % {"asked": _short(decision.message.text)})
    return "\n".join(lines)


def _short(text: str) -> str:
    line = on_one_line(text)
    return line if len(line) <= _MOST_CHARS else f"{line[:_MOST_CHARS]}…"
