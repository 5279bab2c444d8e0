"""Conditions of routing rules and of automations, as programs write them: ids as text, what must not hold is said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from comptoir.api.shapes import Asked, Words

OfMessages = Literal[
    "text", "language", "rating", "channel", "account", "brand", "seen", "under_our_post", "hours", "vip", "author_tag",
    "author_is", "intent", "urgency", "ground", "topic",
]  # fmt: skip
OfConversations = Literal["status", "owner", "team", "tag", "priority"]
Values = Annotated[list[Annotated[Words, Field(max_length=80)]], Field(max_length=200)]


class Condition(Asked):
    """One condition; ids are written as text. ``negated``: it must not hold."""

    kind: OfMessages
    among: Values = Field([], description="Any of these; none for what needs no answer.")
    negated: bool = False


class AutomationCondition(Asked):
    """The same, and besides how the conversation stands at that moment."""

    kind: Literal[OfConversations, OfMessages]
    among: Values = Field([], description="Any of these; none for what needs no answer.")
    negated: bool = False


def as_kept(asked: Sequence[Condition] | Sequence[AutomationCondition]) -> list[dict[str, Any]]:
    """As they are kept, unchecked."""
    return [{"kind": one.kind, "among": one.among} | ({"not": True} if one.negated else {}) for one in asked]


def as_asked(kept: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The fields of each, as a program would write it."""
    return [{"kind": one["kind"], "among": one["among"], "negated": bool(one.get("not"))} for one in kept]
