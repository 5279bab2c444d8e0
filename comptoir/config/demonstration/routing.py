"""Who gets what in the invented company: a few rules, skills, and a service that gives out its work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from comptoir.conversations.models import Priority
from comptoir.people.models import Agent, Skill, Team
from comptoir.routing.arranging import Way, add_skill, arrange_agent, arrange_team
from comptoir.routing.models import Strategy
from comptoir.routing.rules import Terms, create_rule

#: By address: points at once, and the skills with their level.
_ABLE: Mapping[str, tuple[int, Mapping[str, int]]] = {
    "awa@maison-lueur.example": (12, {"de": 3, "Garantie": 2}),
    "hugo@maison-lueur.example": (10, {"en": 3, "Luminaires": 2}),
    "ines@maison-lueur.example": (8, {"en": 2}),
    "jeanne@maison-lueur.example": (0, {"Garantie": 3}),  # runs the counter: nothing is given to her
    "camille@maison-lueur.example": (0, {}),
}
_SKILLS = (("language", "de"), ("language", "en"), ("topic", "Garantie"), ("product", "Luminaires"))


def arrange_routing(teams: Mapping[str, Team]) -> None:
    """Skills, rules, and the teams' ways; what began before was routed without them."""
    skills = {name: add_skill(kind=kind, name=name) for kind, name in _SKILLS}
    _give_skills(skills)
    way = Way(
        strategy=Strategy.LEAST_LOAD,
        same_agent_within=timedelta(days=7),
        returns_after=timedelta(minutes=15),
        overflow_after=timedelta(minutes=30),
    )
    arrange_team(teams["service"].pk, way)
    for terms in _rules(teams, skills):
        create_rule(terms)


def _give_skills(skills: Mapping[str, Skill]) -> None:
    for agent in Agent.objects.select_related("user").filter(user__email__in=_ABLE).order_by("pk"):
        points, levels = _ABLE[agent.user.email]
        arrange_agent(
            agent.pk, capacity_points=points, levels={skills[name].pk: level for name, level in levels.items()}
        )


def _rules(teams: Mapping[str, Team], skills: Mapping[str, Skill]) -> list[Terms]:
    high = {"kind": "priority", "among": [str(Priority.HIGH.value)]}
    again = ["deuxième fois", "troisième fois", "troisième relance", "toujours pas", "toujours rien"]
    return [
        Terms([{"kind": "vip", "among": []}], [high], goes_on=True),
        Terms([{"kind": "text", "among": again}], [high, {"kind": "tags", "among": ["relance"]}], goes_on=True),
        Terms(
            [{"kind": "text", "among": ["journaliste", "service presse", "interview"]}],
            [{"kind": "team", "among": [str(teams["marketing"].pk)]}, high, {"kind": "tags", "among": ["presse"]}],
        ),
        Terms(
            [{"kind": "text", "among": ["garantie", "fissur*", "grésill*"]}],
            [{"kind": "skills", "among": [f"{skills['Garantie'].pk}:2"]}],
        ),
        Terms(
            [{"kind": "rating", "among": ["2"]}],
            [{"kind": "team", "among": [str(teams["service"].pk)]}, high, {"kind": "tags", "among": ["mauvais avis"]}],
        ),
    ]
