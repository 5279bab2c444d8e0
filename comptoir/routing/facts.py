"""What conditions look at: one message with where it came from and who wrote it. Plain bookkeeping, no database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from comptoir.conversations.search_words import folded

_WORD = re.compile(r"[^\W_]+")
#: A rule that looks for words reads the beginning of a message: nobody makes his point after so many characters.
MAX_TEXT_CHARS = 4000
VIP_TAG = "vip"


class Ask(StrEnum):
    """What has to be looked up for some conditions, and is not for a message that no rule asks it of."""

    POSTS = "posts"
    HOURS = "hours"
    READING = "reading"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a message: its intent, how much it presses (0 to 3) and why, what it is about; None:
    nobody has looked for that yet.
    """

    intent: str
    urgency: int
    grounds: frozenset[str] = frozenset()
    topics: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a conversation stood at one moment: automations ask for it, rules do not."""

    status: str
    team_id: int | None
    assignee_id: int | None
    priority: int
    tags: frozenset[str] = frozenset()


@dataclass
class Facts:
    """One message. ``rating`` is in stars of five; ``reading`` None: nobody has read it yet; ``standing`` None: nobody
    has asked how its conversation stands.
    """

    conversation_id: int
    message_id: int | None
    account_id: int
    channel: str
    brand_id: int
    is_public: bool
    language: str
    text: str
    tags: frozenset[str]
    rating: float | None
    is_returning: bool
    at: datetime
    is_under_our_post: bool = False
    is_open: bool = True
    reading: Reading | None = None
    standing: Standing | None = None

    @cached_property
    def flat(self) -> str:
        """The words in small letters without accents, one space around each: « Où ça ? » → « ou ca »."""
        return f" {' '.join(_WORD.findall(folded(self.text[:MAX_TEXT_CHARS])))} "

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(self.flat.split())


def flattened(wanted: str) -> str:
    """What somebody looks for, as it stands in `Facts.flat`."""
    return " ".join(_WORD.findall(folded(wanted)))
