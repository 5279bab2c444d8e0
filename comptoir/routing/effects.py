"""What rules do: kept as {"kind": …, "among": […]}, like conditions, and gathered into one `Decision`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comptoir.conversations.models import Priority
from comptoir.people.models import AgentSkill
from comptoir.routing.conditions.kinds import Control, Options, all_of, checked_values, quoted
from comptoir.routing.errors import UnfinishedRuleError
from comptoir.routing.models import Strategy
from comptoir.routing.names import LANGUAGES, Names, language_words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MAX_TAG_CHARS = 40
Effect = Mapping[str, Any]


@dataclass(slots=True)
class Decision:
    """What is done with one conversation; ``revision_ids`` are those of the rules that matched, in order.

    What is None, or empty, no rule says anything of. ``awaits_reading``: a rule asks what nobody knows yet.
    """

    revision_ids: list[int] = field(default_factory=list)
    team_id: int | None = None
    priority: int | None = None
    strategy: str = ""
    language: str = ""
    tags: list[str] = field(default_factory=list)
    makes_vip: bool = False
    needs: list[dict[str, int]] = field(default_factory=list)
    awaits_reading: bool = False
    is_under_our_post: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of effect. ``act`` writes it into a decision, of which an earlier rule's word stands."""

    name: str
    label: StrOrPromise
    control: Control
    act: Callable[[Sequence[str], Decision], None]
    clause: Callable[[Sequence[str], Names], str]
    options: Callable[[Names], Options] = lambda _names: ()
    help_text: StrOrPromise = ""


def _team(among: Sequence[str], decision: Decision) -> None:
    if decision.team_id is None:
        decision.team_id = int(among[0])


def _priority(among: Sequence[str], decision: Decision) -> None:
    if decision.priority is None:
        decision.priority = int(among[0])


def _strategy(among: Sequence[str], decision: Decision) -> None:
    decision.strategy = decision.strategy or among[0]


def _language(among: Sequence[str], decision: Decision) -> None:
    decision.language = decision.language or among[0]


def _tags(among: Sequence[str], decision: Decision) -> None:
    words = [one.lower()[:MAX_TAG_CHARS].strip() for one in among]
    decision.tags += [word for word in words if word and word not in decision.tags]


def _vip(_among: Sequence[str], decision: Decision) -> None:
    decision.makes_vip = True


def _skills(among: Sequence[str], decision: Decision) -> None:
    asked = {need["skill"] for need in decision.needs}
    for one in among:
        skill, _colon, level = one.partition(":")
        if int(skill) not in asked:
            decision.needs.append({"skill": int(skill), "level": int(level or 1)})


def _skill_options(names: Names) -> Options:
    return [
        (f"{pk}:{level.value}", _("%(skill)s, at least: %(level)s") % {"skill": name, "level": level.label.lower()})
        for pk, name in names.skills.items()
        for level in AgentSkill.Level
    ]


def _skills_said(among: Sequence[str], names: Names) -> str:
    known = dict(_skill_options(names))
    return _("to somebody who can: %(skills)s") % {
        "skills": all_of([known.get(one) or _("something that is gone") for one in among])
    }


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "team", gettext_lazy("Give it to a team"), "one", _team,
            lambda among, names: _("to the team %(team)s") % {"team": names.of(names.teams, among)[0]},
            options=lambda names: list(names.teams.items()),
        ),
        Kind(
            "priority", gettext_lazy("Set its priority"), "one", _priority,
            lambda among, _names: _("priority %(level)s") % {"level": Priority(int(among[0])).label.lower()},
            options=lambda _names: [(str(one.value), str(one.label)) for one in Priority],
        ),
        Kind(
            "tags", gettext_lazy("Add tags"), "words", _tags,
            lambda among, _names: _("tagged %(tags)s") % {"tags": all_of(quoted(among))},
            help_text=gettext_lazy("One a line."),
        ),
        Kind(
            "skills", gettext_lazy("Ask for a skill"), "many", _skills, _skills_said, options=_skill_options,
        ),
        Kind(
            "language", gettext_lazy("Set its language"), "one", _language,
            lambda among, _names: _("as written in %(language)s") % {"language": language_words(among[0])},
            options=lambda _names: [(code, language_words(code)) for code in LANGUAGES],
        ),
        Kind(
            "vip", gettext_lazy("Make its author a VIP"), "none", _vip,
            lambda _among, _names: _("its author becomes a VIP"),
        ),
        Kind(
            "strategy", gettext_lazy("How it finds its owner"), "one", _strategy,
            lambda among, _names: _("given out: %(strategy)s") % {"strategy": str(Strategy(among[0]).label).lower()},
            options=lambda _names: [(one.value, str(one.label)) for one in Strategy],
        ),
    )
}  # fmt: skip


def checked_effects(raw: Sequence[Effect], names: Names) -> list[dict[str, Any]]:
    """Effects as they are kept; each kind once. Raises UnfinishedRuleError."""
    kept: dict[str, dict[str, Any]] = {}
    for one in raw:
        kind = KINDS.get(str(one.get("kind", "")))
        if kind is None:
            raise UnfinishedRuleError(_("one of its effects is of no known kind."))
        if kind.name in kept:
            raise UnfinishedRuleError(_("“%(what)s” stands there twice.") % {"what": kind.label})
        kept[kind.name] = {"kind": kind.name, "among": checked_values(kind, one.get("among"), names)}
    if not kept:
        raise UnfinishedRuleError(_("it does nothing yet."))
    return list(kept.values())
