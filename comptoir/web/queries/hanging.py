"""What hangs on the messages of a window: files, reactions, former texts, asked of the network, decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

from comptoir.analysis.models import MessageAnalysis
from comptoir.bot.models import Decision
from comptoir.conversations.models import Attachment, FormerText, Message, Reaction, WordedAct
from comptoir.delivery.models import Moderation

_HANGING: tuple[tuple[str, Any], ...] = (
    ("files", Attachment),
    ("reactions", Reaction),
    ("former_texts", FormerText),
    ("moderations", Moderation),
    ("worded_acts", WordedAct),
    ("analyses", MessageAnalysis),
)
# Written out, since every exchange asks it: seven subqueries put together by the ORM cost more than they take to run.
# Silenced (S608): only names of our own tables are put in.
_HELD = "ARRAY[{}]::bigint[]".format(
    ", ".join(
        [
            f"(SELECT 1 FROM {model._meta.db_table} WHERE message_id = {Message._meta.db_table}.id LIMIT 1)"  # noqa: S608
            for _name, model in _HANGING
        ]
        + [f"(SELECT id FROM {Decision._meta.db_table} WHERE reply_id = {Message._meta.db_table}.id LIMIT 1)"]  # noqa: S608
    )
)


def held_by_message() -> RawSQL:
    """What `hanging_on` wants a message annotated with as ``holds``: whether it has any of each kind, and the bot's
    decision that it answers by, where no person wrote it.
    """
    return RawSQL(_HELD, (), output_field=ArrayField(BigIntegerField()))  # noqa: S611  # of our own tables


@dataclass(slots=True)
class Hanging:
    """What hangs on one message."""

    files: list[Attachment] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    former_texts: list[FormerText] = field(default_factory=list)
    moderations: list[Moderation] = field(default_factory=list)
    worded_acts: list[WordedAct] = field(default_factory=list)
    analyses: list[MessageAnalysis] = field(default_factory=list)
    decision_id: int | None = None


def hanging_on(messages: Sequence[Message]) -> dict[int, Hanging]:
    """By the id of the message; of each kind only what some message has is asked for."""
    found: dict[int, Hanging] = defaultdict(Hanging)
    for place, (name, model) in enumerate(_HANGING):
        those_with = [message.pk for message in messages if vars(message)["holds"][place]]
        if not those_with:
            continue
        rows = model.objects.filter(message__in=those_with)
        if model in (Moderation, WordedAct):
            rows = rows.select_related("agent")
        for row in rows.with_topic() if model is MessageAnalysis else rows:
            getattr(found[row.message_id], name).append(row)
    for message in messages:
        found[message.pk].decision_id = vars(message)["holds"][-1]
    return found
