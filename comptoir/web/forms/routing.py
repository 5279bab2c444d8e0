"""What is filled in about who gets what: rules, how a team gives out its work, what an agent can hold and do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from comptoir.people.models import Agent, AgentSkill, Skill, Team
from comptoir.routing import effects
from comptoir.routing.arranging import Way
from comptoir.routing.conditions import KINDS
from comptoir.routing.models import Strategy, TeamRouting
from comptoir.routing.names import LANGUAGES, Names, language_words, skill_words
from comptoir.routing.rules import Terms

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Control:
    """One kind of condition or effect in the form: what can be chosen, and what is."""

    name: str
    label: StrOrPromise
    control: str
    help_text: StrOrPromise
    options: Sequence[tuple[str, str]]
    chosen: Sequence[str]
    is_used: bool

    @property
    def lines(self) -> str:
        return "\n".join(self.chosen)

    @property
    def summary(self) -> str:
        """What is chosen, in short, for who does not open it."""
        labels = dict(self.options)
        return ", ".join(labels.get(one, one) for one in self.chosen)


def controls(prefix: str, terms: Iterable[Mapping[str, Any]], names: Names) -> list[Control]:
    """One for each kind: of what must hold (``when``), of what must not (``unless``), of what is done (``do``)."""
    return controls_of(prefix, effects.KINDS if prefix == "do" else KINDS, terms, names)


def controls_of(
    prefix: str, kinds: Mapping[str, Any], terms: Iterable[Mapping[str, Any]], names: Names
) -> list[Control]:
    """The same of other kinds of conditions or effects."""
    given = {str(one.get("kind")): list(one.get("among", ())) for one in terms}
    return [
        Control(
            name=f"{prefix}-{kind.name}",
            label=kind.label,
            control=kind.control,
            help_text=kind.help_text,
            options=_offered(kind.name, kind.options(names), given.get(kind.name, ()), names),
            chosen=given.get(kind.name, ()),
            is_used=kind.name in given,
        )
        for kind in kinds.values()
    ]


def _offered(
    kind: str, options: Sequence[tuple[str, str]], chosen: Sequence[str], names: Names
) -> Sequence[tuple[str, str]]:
    """Of the channels, those that are connected or chosen: there are dozens."""
    if kind != "channel" or not names.connected:
        return options
    return [one for one in options if one[0] in names.connected or one[0] in chosen]


def terms_posted(posted: QueryDict) -> Terms:
    """What was filled in, unchecked."""
    when = given("when", KINDS, posted)
    unless = [one | {"not": True} for one in given("unless", KINDS, posted)]
    return Terms([*when, *unless], given("do", effects.KINDS, posted), posted.get("goes_on") == "on")


def given(prefix: str, kinds: Mapping[str, Any], posted: QueryDict) -> list[dict[str, Any]]:
    """The conditions or effects that were filled in."""
    found: list[dict[str, Any]] = []
    for kind in kinds.values():
        values = posted.getlist(f"{prefix}-{kind.name}")
        if kind.control == "words":
            values = [line for text in values for line in text.splitlines()]
        values = [one.strip() for one in values if one.strip()]
        if values:
            found.append({"kind": kind.name, "among": [] if kind.control == "none" else values})
    return found


class TeamWayForm(forms.Form):
    """How a team gives out its work."""

    strategy = forms.ChoiceField(label=_("Conversations find their owner"), choices=Strategy, widget=forms.RadioSelect)
    same_agent_days = forms.IntegerField(
        label=_("A returning customer goes to the same colleague within (days)"), min_value=0, max_value=365,
        required=False, help_text=_("Empty: whoever comes first by the choice above."),
    )  # fmt: skip
    returns_after_minutes = forms.IntegerField(
        label=_("What waits with somebody absent is offered to the others after (minutes)"), min_value=0,
        max_value=10_000, required=False, help_text=_("As soon as one of them is there. Empty: it stays with them."),
    )  # fmt: skip
    overflow_after_minutes = forms.IntegerField(
        label=_("What nobody could take is helped out after (minutes)"), min_value=1, max_value=10_000, required=False,
        help_text=_("Empty: it waits on. Without another team, it then goes to anybody, whatever their skills."),
    )  # fmt: skip
    overflow_team = forms.ModelChoiceField(
        Team.objects.all(), label=_("By the team"), required=False, empty_label=_("No other team")
    )

    def __init__(self, posted: Any = None, *, team: Team, way: TeamRouting | None) -> None:
        super().__init__(posted, initial=_as_filled(way or TeamRouting(team=team)))
        field = self.fields["overflow_team"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Team.objects.exclude(pk=team.pk)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("overflow_team") and not cleaned.get("overflow_after_minutes") and not self.errors:
            self.add_error("overflow_after_minutes", _("After how many minutes does the other team help out?"))
        return cleaned

    @property
    def way(self) -> Way:
        given = self.cleaned_data
        team = given["overflow_team"]
        return Way(
            strategy=given["strategy"],
            same_agent_within=_span(given["same_agent_days"], "days"),
            returns_after=_span(given["returns_after_minutes"], "minutes"),
            overflow_after=_span(given["overflow_after_minutes"], "minutes"),
            overflow_team_id=team.pk if team else None,
        )


def _span(amount: int | None, unit: str) -> timedelta | None:
    return None if amount is None else timedelta(**{unit: amount})


def _as_filled(way: TeamRouting) -> dict[str, Any]:
    minute = timedelta(minutes=1)
    return {
        "strategy": way.strategy,
        "same_agent_days": None if way.same_agent_within is None else way.same_agent_within.days,
        "returns_after_minutes": None if way.returns_after is None else way.returns_after // minute,
        "overflow_after_minutes": None if way.overflow_after is None else way.overflow_after // minute,
        "overflow_team": way.overflow_team_id,
    }


class AgentAbilityForm(forms.Form):
    """How much somebody can hold, and how well they can do what."""

    capacity_points = forms.IntegerField(
        label=_("Points at once"), min_value=0, max_value=500,
        help_text=_("A conversation takes one, a chat two, a call five, unless you say otherwise. 0: nothing."),
    )  # fmt: skip

    def __init__(self, posted: Any = None, *, agent: Agent, skills: Sequence[Skill]) -> None:
        levels = dict(agent.skills.values_list("skill", "level"))
        initial: dict[str, Any] = {f"skill-{skill.pk}": levels.get(skill.pk, "") for skill in skills}
        super().__init__(posted, initial=initial | {"capacity_points": agent.capacity_points})
        for skill in skills:
            self.fields[f"skill-{skill.pk}"] = forms.TypedChoiceField(
                label=skill_words(skill).capitalize(), coerce=int, empty_value=None, required=False,
                choices=[("", "–"), *AgentSkill.Level.choices],
            )  # fmt: skip

    @property
    def levels(self) -> dict[int, int]:
        """By skill id."""
        given = self.cleaned_data.items()
        return {int(name.partition("-")[2]): level for name, level in given if name.startswith("skill-") and level}


class SkillForm(forms.Form):
    """A new skill; a language is named or given by its code."""

    kind = forms.ChoiceField(label=_("Kind of skill"), choices=Skill.Kind.choices)
    name = forms.CharField(label=_("Name"), max_length=60)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == Skill.Kind.LANGUAGE and cleaned.get("name"):
            wanted = str(cleaned["name"]).strip().lower()
            known = {language_words(code).lower(): code for code in LANGUAGES} | {code: code for code in LANGUAGES}
            if wanted not in known:
                raise ValidationError(
                    _("This language is not known: one of %(languages)s."),
                    params={"languages": ", ".join(sorted(set(map(language_words, LANGUAGES))))},
                )
            cleaned["name"] = known[wanted]
        return cleaned


class WeightsForm(forms.Form):
    """How many points one conversation of each channel takes."""

    def __init__(self, posted: Any = None, *, channels: Mapping[str, str], points: Mapping[str, int]) -> None:
        super().__init__(posted)
        for channel, label in channels.items():
            self.fields[channel] = forms.IntegerField(
                label=label, min_value=1, max_value=100, initial=points.get(channel, 1)
            )
