"""What hangs on the messages of a window: files, reactions, former texts, asked of the network, decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from comptoir.analysis.models import MessageAnalysis
from comptoir.conversations.models import Attachment, FormerText, Message, Reaction, WordedAct
from comptoir.delivery.models import Moderation

#: A message is annotated with whether it has any of each (``has_files``…).
HANGING: tuple[tuple[str, Any], ...] = (
    ("files", Attachment),
    ("reactions", Reaction),
    ("former_texts", FormerText),
    ("moderations", Moderation),
    ("worded_acts", WordedAct),
    ("analyses", MessageAnalysis),
)
#: The bot's decision that a message answers by, as its id; None where a person wrote it.
DECISION = "decided_by"


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
    for name, model in HANGING:
        those_with = [message.pk for message in messages if vars(message)[f"has_{name}"]]
        rows = model.objects.filter(message__in=those_with)
        if model in (Moderation, WordedAct):
            rows = rows.select_related("agent")
        for row in rows.with_topic() if model is MessageAnalysis else rows:
            getattr(found[row.message_id], name).append(row)
    for message in messages:
        if decision_id := vars(message).get(DECISION):
            found[message.pk].decision_id = decision_id
    return found
