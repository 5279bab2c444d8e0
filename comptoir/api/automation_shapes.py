"""What programs say of automations: when, if, then. Ids in conditions are text, in acts numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field, model_validator

from comptoir.api.conditions import AutomationCondition, Values
from comptoir.api.shapes import Asked, Id, Named, Words
from comptoir.automations.steps import MAX_TEXT_CHARS, MOST
from comptoir.automations.triggers import LONGEST_MINUTES, TRIGGERS
from comptoir.automations.writing import MAX_NAME_CHARS, MOST_RUNS_A_DAY, MOST_RUNS_AN_HOUR

Happens = Literal[
    "started", "received", "sent", "assigned", "status", "tagged", "warned", "breached", "analysed"
]  # fmt: skip
Passes = Literal["waits", "silent", "unresolved", "pending", "snoozed", "resolved"]
Act = Literal[
    "reply", "note", "assign", "team", "tag", "untag", "snooze", "pending", "resolve", "reopen", "priority", "hand_off",
    "notify", "webhook",
]  # fmt: skip
#: What each act takes besides its name.
TAKES: dict[Act, frozenset[str]] = {
    "reply": frozenset({"text", "visibility"}),
    "note": frozenset({"text"}),
    "assign": frozenset({"to"}),
    "team": frozenset({"to"}),
    "tag": frozenset({"name"}),
    "untag": frozenset({"name"}),
    "snooze": frozenset({"end"}),
    "pending": frozenset(),
    "resolve": frozenset(),
    "reopen": frozenset(),
    "priority": frozenset({"level"}),
    "hand_off": frozenset({"to", "text"}),
    "notify": frozenset({"who"}),
    "webhook": frozenset({"to"}),
}


def _is_nothing(given: object) -> bool:
    return given is None or given is False or given in ("", [])


def _said(description: str) -> Any:
    """A field that only some kinds take: it is left out of the others’ answers."""
    return Field(None, description=description, exclude_if=_is_nothing)


class When(Asked):
    """What sets it off: something that happens, or time that passes since a conversation came into a state."""

    kind: Literal[Happens, Passes]
    among: Values = Field(
        [], description="Which statuses (status), or which tags (tagged; none: any).", exclude_if=_is_nothing
    )
    after_minutes: Annotated[int, Field(ge=1, le=LONGEST_MINUTES)] | None = _said("Where time passes: how much.")
    is_in_working_time: bool = Field(
        False, description="Where time passes: count opening hours only.", exclude_if=_is_nothing
    )

    @model_validator(mode="after")
    def _says_what_its_kind_takes(self) -> When:
        kind = TRIGGERS[self.kind]
        takes = {"after_minutes", "is_in_working_time"} if kind.passes else set()
        takes |= {"among"} if kind.takes_words or kind.options() else set()
        _only(self, self.kind, takes | {"kind"})
        return self


class Step(Asked):
    """One act. Which fields it takes hangs on ``act``; another one is refused."""

    act: Act
    text: Annotated[Words, Field(min_length=1, max_length=MAX_TEXT_CHARS)] | None = _said(
        "reply, note, hand_off (what is asked); {first_name}, {name}, {brand}, {channel} stand for theirs."
    )
    visibility: Literal["", "public", "private"] | None = _said("reply: left out, as the conversation is.")
    to: Id | None = _said("assign (left out: nobody): an agent; team, hand_off: a team; webhook: one of those out.")
    name: Annotated[Words, Field(min_length=1, max_length=40)] | None = _said("tag, untag.")
    end: Literal["reply", "hour", "tomorrow", "monday"] | None = _said(
        "snooze: until when; left out: until the customer writes."
    )
    level: Literal[0, 1, 2, 3] | None = _said("priority: low, normal, high, urgent.")
    who: Literal["owner", "team", "supervisors"] | Id | None = _said(
        "notify: whoever has it, its team, the supervisors, or the id of an agent."
    )

    @model_validator(mode="after")
    def _says_what_its_act_takes(self) -> Step:
        _only(self, self.act, TAKES[self.act] | {"act"})
        return self


def _only(asked: Asked, kind: str, takes: Collection[str]) -> None:
    """Raises ValueError for what its kind does not take; what is left out, null or empty is not said."""
    said = {name for name in asked.model_fields_set if not _is_nothing(getattr(asked, name))}
    other = sorted(said.difference(takes))
    if other:
        raise ValueError(_("“%(kind)s” does not take: %(fields)s.") % {"kind": kind, "fields": ", ".join(other)})


Name = Annotated[Words, Field(min_length=1, max_length=MAX_NAME_CHARS)]
Conditions = Annotated[list[AutomationCondition], Field(max_length=60)]
Steps = Annotated[list[Step], Field(min_length=1, max_length=MOST)]
RunsADay = Annotated[int, Field(ge=1, le=MOST_RUNS_A_DAY)]
RunsAnHour = Annotated[int, Field(ge=1, le=MOST_RUNS_AN_HOUR)]


class AutomationShown(Schema):
    id: int
    position: int = Field(description="The order in which those that are met at once run.")
    name: str
    is_active: bool
    sentence: str = Field(description="What it does, in the language that was asked for.")
    trigger: When
    conditions: list[AutomationCondition]
    acts: list[Step]
    most_runs_a_day: int = Field(description="On one conversation.")
    most_runs_an_hour: int = Field(description="In all; beyond it the automation stops.")
    writer: Named | None = Field(description="With whose rights it acts; null: it was written on the machine itself.")
    stopped_at: datetime | None = Field(description="What it is met by is held since, until somebody lets it go on.")
    stopped_because: str
    runs_within_a_day: int
    last_run_at: datetime | None = Field(description="Within the last week; null: it has not run.")
    held: int = Field(description="How many runs are held.")


class AutomationPage(Schema):
    items: list[AutomationShown]
    next: str | None = None


class NewAutomation(Asked):
    name: Name
    trigger: When
    conditions: Conditions = Field([], description="All must hold.")
    acts: Steps = Field(description="All of them are done, in order, or none.")
    most_runs_a_day: RunsADay = Field(3, description="On one conversation.")
    most_runs_an_hour: RunsAnHour = Field(200, description="In all; beyond it the automation stops.")
    is_active: bool = Field(False, description="Whether it is met by what happens from now on.")


class AutomationChange(Asked):
    """What is left out, or null, stays."""

    name: Name | None = None
    trigger: When | None = None
    conditions: Conditions | None = None
    acts: Steps | None = None
    most_runs_a_day: RunsADay | None = None
    most_runs_an_hour: RunsAnHour | None = None
    is_active: bool | None = None
    move: Literal["up", "down"] | None = Field(None, description="Change places with the one above or below.")


class GoOn(Asked):
    runs_held: bool = Field(description="Whether what was held is done, as far as it is still called for, or left.")


def trigger_as_kept(asked: When) -> dict[str, Any]:
    """As it is kept, unchecked."""
    return asked.model_dump(exclude_none=True)


def steps_shown(kept: Sequence[Mapping[str, Any]]) -> list[Step]:
    """What programs can say of each."""
    return [Step(**{name: said for name, said in step.items() if name in Step.model_fields}) for step in kept]


def steps_as_kept(asked: Sequence[Step]) -> list[dict[str, Any]]:
    """As they are kept, unchecked."""
    return [one.model_dump(exclude_none=True) for one in asked]
