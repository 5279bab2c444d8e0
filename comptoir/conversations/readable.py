"""Which of some messages an agent may read."""

from __future__ import annotations

from collections.abc import Iterable

from comptoir.conversations.models import Message
from comptoir.conversations.reach import readable_by
from comptoir.people.models import Agent


def readable_messages(wanted: Iterable[Message], agent: Agent) -> list[Message]:
    """Those of ``wanted``, in its order, whose conversation the agent may read.

    Two questions, of few rows each: asked in one, the database may look through every conversation there is.
    """
    messages = list(wanted)
    named = {message.conversation_id for message in messages}
    if not messages:
        return []
    seen = set(readable_by(agent).filter(pk__in=named).values_list("pk", flat=True))
    return [message for message in messages if message.conversation_id in seen]
