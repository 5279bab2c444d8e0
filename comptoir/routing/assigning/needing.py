"""What a conversation needs of whoever takes it, as far as the team has it at all: plain arithmetic, no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comptoir.people.models import AgentSkill


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the agents of a team can do, present or not: the best level by skill id, and languages by their code."""

    levels: Mapping[int, int]
    languages: Mapping[str, int]


def needs_of(asked: Iterable[Mapping[str, int]], language: str, able: Abilities) -> tuple[tuple[int, int], ...]:
    """What rules ask for, and the customer's language, where somebody of the team can do it."""
    needs = {int(one["skill"]): int(one["level"]) for one in asked}
    spoken = able.languages.get(language[:2].lower())
    if spoken is not None:
        needs.setdefault(spoken, AgentSkill.Level.BASIC)
    return tuple(sorted((skill, level) for skill, level in needs.items() if able.levels.get(skill, 0) >= level))
