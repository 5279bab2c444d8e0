"""The single keys of the screens: what each does, what it is by default, and what an agent has made of it.

A key is one sign, or « g » and one sign, typed one after the other. Ctrl/⌘ K is the command bar's and cannot be moved:
it is the same everywhere, and no screen reader takes it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from comptoir.people.models import Agent

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_ONE_KEY = re.compile(r"(?:g )?[^\s]")


@dataclass(frozen=True, slots=True)
class Key:
    """One act that has a key."""

    act: str
    label: StrOrPromise
    usual: str


GROUPS: tuple[tuple[StrOrPromise, tuple[Key, ...]], ...] = (
    (
        _("The list"),
        (
            Key("next", _("Next conversation"), "j"),
            Key("previous", _("Previous conversation"), "k"),
            Key("select", _("Select this conversation, or no longer"), "x"),
        ),
    ),
    (
        _("The conversation"),
        (
            Key("reply", _("Reply"), "r"),
            Key("note", _("Write a note"), "n"),
            Key("resolve", _("Resolve, or reopen"), "e"),
            Key("assign", _("Assign"), "a"),
            Key("snooze", _("Put away until later"), "s"),
            Key("tag", _("Tag"), "t"),
            Key("hand_off", _("Hand over to another team"), "h"),
            Key("accept", _("Accept what is offered to my team"), "y"),
            Key("refuse", _("Refuse what is offered to my team"), "d"),
            Key("macro", _("Run a macro"), "m"),
            Key("consult", _("Ask an expert"), "q"),
            Key("correct", _("Correct what was read in the last message"), "c"),
            Key("follow", _("Follow, or no longer"), "f"),
            Key("undo", _("Take back what was just done"), "u"),
        ),
    ),
    (
        _("Going somewhere"),
        (
            Key("search", _("Search"), "/"),
            Key("inbox", _("The inbox"), "g i"),
            Key("mine", _("What is mine"), "g m"),
            Key("unassigned", _("What nobody has taken"), "g u"),
            Key("all", _("All conversations"), "g a"),
            Key("resolved", _("What is resolved"), "g r"),
            Key("catalogue", _("Catalogue"), "g c"),
            Key("asked", _("What is asked of me and my teams"), "g h"),
            Key("settings", _("Settings"), "g s"),
            Key("help", _("This list of keys"), "?"),
        ),
    ),
)
KEYS: Mapping[str, Key] = {key.act: key for _group, keys in GROUPS for key in keys}


def is_key(text: str) -> bool:
    """Whether ``text`` can be a key: one sign, or « g » and one sign. « g » alone begins the others."""
    return bool(_ONE_KEY.fullmatch(text)) and text != "g"


def keys_of(agent: Agent) -> dict[str, str]:
    """The key of each act, as the agent has it; an act may have none."""
    own = agent.preferences.get("keys")
    chosen: dict[str, Any] = own if isinstance(own, dict) else {}
    return {act: str(chosen.get(act, key.usual)) for act, key in KEYS.items()}


def keys_need_alt(agent: Agent) -> bool:
    """Whether the agent's keys work only together with Alt, which leaves single letters to a screen reader."""
    return agent.preferences.get("keys_need_alt") is True


def keys_are_on(agent: Agent) -> bool:
    return agent.preferences.get("keys_are_off") is not True
