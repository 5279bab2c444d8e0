"""Which of an entry's answers is given here: in the customer's language, for this channel, in their register."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from comptoir.catalogue.models import AnswerVariant
from comptoir.people.models import Agent, Team

_WIDELY_READ = "en"


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where an answer would be given: ``language`` is the customer's (ISO 639-1), ``channel`` the kind of network,
    ``visibility`` public or private, ``register`` formal or familiar; ``fits`` tells whether the channel takes a text.
    """

    language: str
    channel: str
    visibility: str
    register: str
    fits: Callable[[str], bool]


def chosen_variant(variants: Sequence[AnswerVariant], occasion: Occasion, *, home: str) -> AnswerVariant | None:
    """The one for this occasion; None where no answer may be given there. ``home`` is the entry's own language.

    The language goes first: who reads no French is not helped by a short text. Then what fits the channel, then what
    was written for it, then the register; of several of one kind the first as they were written.
    """
    allowed = [
        one for one in variants if one.channel in ("", occasion.channel) and one.visibility in ("", occasion.visibility)
    ]
    languages = list(dict.fromkeys((occasion.language, home, _WIDELY_READ)))

    def rank(one: AnswerVariant) -> tuple[object, ...]:
        language = languages.index(one.language) if one.language in languages else len(languages)
        is_other_register = one.register not in ("", occasion.register)
        precise = (one.channel != "") + (one.visibility != "") + (one.register != "")
        return language, not occasion.fits(one.text), is_other_register, -precise, one.position

    return min(allowed, key=rank, default=None)


def uses_of(agent: Agent) -> tuple[str, ...]:
    """Which of `content.USES` an agent answers for: marketing, for its people; customer service, for the others."""
    if agent.role in (Agent.Role.SUPERVISOR, Agent.Role.ADMINISTRATOR):
        return ("service", "marketing")
    purposes = set(agent.teams.values_list("purpose", flat=True))
    is_marketing = agent.role == Agent.Role.COMMUNITY_MANAGER or Team.Purpose.MARKETING in purposes
    serves = bool(purposes - {Team.Purpose.MARKETING}) or not is_marketing
    return (*(["service"] if serves else []), *(["marketing"] if is_marketing else []))
