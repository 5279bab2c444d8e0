"""How teams give out their work, what agents can do and hold, what a channel weighs: each change is one event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from comptoir.core.lines import on_one_line
from comptoir.events.record import SYSTEM, Actor, Happening, record, record_all
from comptoir.people.models import Agent, AgentSkill, Skill, Team
from comptoir.routing.models import DEFAULT_POINTS, ChannelWeight, TeamRouting

MAX_SKILL_CHARS = 60


@dataclass(frozen=True, slots=True)
class Way:
    """How a team gives out its work: see `models.TeamRouting`."""

    strategy: str
    same_agent_within: timedelta | None = None
    overflow_team_id: int | None = None
    overflow_after: timedelta | None = None
    returns_after: timedelta | None = None


@transaction.atomic
def arrange_team(team_id: int, way: Way, *, by: Actor = SYSTEM) -> TeamRouting:
    """Change how a team gives out its work. Raises ValidationError with words, Team.DoesNotExist."""
    team = Team.objects.select_for_update(no_key=True).get(pk=team_id)
    if way.overflow_team_id == team_id:
        raise ValidationError(_("A team cannot help itself out: choose another one."))
    row = TeamRouting.objects.filter(pk=team_id).first() or TeamRouting(team=team)
    before = None if row._state.adding else _written(row)
    for name, value in asdict(way).items():
        setattr(row, name, value)
    row.full_clean(validate_unique=False)
    row.save()
    if _written(row) != before:
        record("team.routing_changed", subject=team, by=by, before=before, after=_written(row))
    return row


def _written(row: TeamRouting) -> dict[str, Any]:
    spans = ("same_agent_within", "overflow_after", "returns_after")
    minutes = {
        f"{name}_minutes": value.total_seconds() / 60 if (value := getattr(row, name)) else None for name in spans
    }
    return {"strategy": row.strategy, "overflow_team": row.overflow_team_id} | minutes


@transaction.atomic
def arrange_agent(agent_id: int, *, capacity_points: int, levels: Mapping[int, int], by: Actor = SYSTEM) -> None:
    """Say what somebody can hold and do; ``levels`` by skill id, a skill that is not there they have not.

    Raises Agent.DoesNotExist.
    """
    agent = Agent.objects.select_for_update(no_key=True).get(pk=agent_id)
    former = dict(agent.skills.values_list("skill", "level"))
    known = set(Skill.objects.filter(pk__in=levels).values_list("pk", flat=True))
    wanted = {skill: level for skill, level in levels.items() if skill in known}
    if (agent.capacity_points, former) == (capacity_points, wanted):
        return
    changes = {
        "capacity_points": [agent.capacity_points, capacity_points],
        "skills": [_as_text(former), _as_text(wanted)],
    }
    agent.capacity_points = capacity_points
    agent.save(update_fields=["capacity_points"])
    agent.skills.exclude(skill__in=wanted).delete()
    for skill, level in wanted.items():
        AgentSkill.objects.update_or_create(agent=agent, skill_id=skill, defaults={"level": level})
    record("agent.routing_changed", subject=agent, by=by, changes=changes)


def _as_text(levels: Mapping[int, int]) -> dict[str, int]:
    return {str(skill): level for skill, level in sorted(levels.items())}


@transaction.atomic
def add_skill(*, kind: str, name: str, by: Actor = SYSTEM) -> Skill:
    """Something agents may be good at. Raises ValidationError with words, also where it is there already."""
    title = on_one_line(name)[:MAX_SKILL_CHARS].strip()
    if kind == Skill.Kind.LANGUAGE:
        title = title.lower()
    skill = Skill(kind=kind, name=title)
    skill.full_clean(validate_constraints=False)
    if Skill.objects.filter(kind=kind, name__iexact=title).exists():
        raise ValidationError(_("This skill is there already."))
    skill.save()
    record("skill.added", subject=skill, by=by, kind=kind, title=title)
    return skill


@transaction.atomic
def delete_skill(skill_id: int, *, by: Actor = SYSTEM) -> None:
    """Forget a skill; rules that ask for it ask for nothing then. Raises Skill.DoesNotExist."""
    skill = Skill.objects.select_for_update().get(pk=skill_id)
    record("skill.deleted", subject=skill, by=by, kind=skill.kind, title=skill.name)
    skill.delete()


@transaction.atomic
def weigh_channels(points: Mapping[str, int], *, by: Actor = SYSTEM) -> None:
    """Say how many points of a capacity one conversation takes, by channel."""
    former = DEFAULT_POINTS | dict(ChannelWeight.objects.values_list("channel", "points"))
    changed = {channel: value for channel, value in points.items() if former.get(channel, 1) != value}
    for channel, value in changed.items():
        ChannelWeight.objects.update_or_create(channel=channel, defaults={"points": value})
    if changed:
        happening = Happening("weights.changed", "channelweight", 0, by, details={"points": changed})
        record_all([happening])
