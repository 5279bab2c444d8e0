"""Having messages read now."""

from __future__ import annotations

from comptoir.analysis.backlog import ask_to_read
from comptoir.analysis.deepening import read_on
from comptoir.conversations.models import Message
from comptoir.understanding.workshop import Works


def read(works: Works, *messages: Message) -> None:
    """Ask for ``messages``, and read on until nothing is left."""
    ask_to_read([message.pk for message in messages])
    while read_on(works):
        pass
