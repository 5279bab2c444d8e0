"""Automations as sentences, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from comptoir.automations.conditions import KINDS, OF_CONVERSATIONS
from comptoir.automations.models import AutomationRevision
from comptoir.automations.spans import span_words
from comptoir.automations.steps import Step
from comptoir.automations.triggers import TRIGGERS
from comptoir.conversations.models import Priority
from comptoir.core.lines import on_one_line
from comptoir.notifications.models import WebhookEndpoint
from comptoir.people.models import Agent
from comptoir.routing.conditions import Condition
from comptoir.routing.conditions.kinds import all_of, either
from comptoir.routing.names import Names, load_names

_SHOWN_CHARS = 60


@dataclass(frozen=True, slots=True)
class Known:
    """The names of all that automations speak of, looked up once for a whole screen."""

    names: Names
    agents: Mapping[int, str]
    endpoints: Mapping[int, str]

    def team(self, step: Step) -> str:
        return self.names.of(self.names.teams, [str(step["to"])])[0]

    def agent(self, agent_id: int) -> str:
        return self.agents.get(agent_id) or _("somebody who has left")


def load_known() -> Known:
    """In six queries."""
    endpoints = WebhookEndpoint.objects.values_list("pk", "url")
    return Known(
        load_names(),
        dict(Agent.objects.values_list("pk", "name")),
        {pk: urlsplit(url).hostname or url for pk, url in endpoints},
    )


def automation_words(revision: AutomationRevision, known: Known) -> str:
    """« Quand un client attend depuis 4 heures, si la conversation n’est à personne : l’étiqueter « retard ». »"""
    frame = {
        "trigger": trigger_words(revision.trigger),
        "when": _if([one for one in revision.conditions if not one.get("not")], known.names),
        "unless": _unless([one for one in revision.conditions if one.get("not")], known.names),
        "what": ", ".join(step_words(step, known) for step in revision.acts),
    }
    return _("When %(trigger)s%(when)s%(unless)s: %(what)s.") % frame


def trigger_words(trigger: Mapping[str, Any]) -> str:
    """« un client attend depuis 4 heures »."""
    kind = TRIGGERS.get(trigger["kind"])
    if kind is None:
        return str(trigger["kind"])
    span = span_words(trigger) if kind.passes else ""
    return kind.clause(trigger.get("among", ()), span)


def _if(conditions: Sequence[Condition], names: Names) -> str:
    if not conditions:
        return ""
    return _(", if %(clauses)s") % {"clauses": all_of([_clause(one, names) for one in conditions])}


def _unless(conditions: Sequence[Condition], names: Names) -> str:
    if not conditions:
        return ""
    return _(", unless %(clauses)s") % {"clauses": either([_clause(one, names) for one in conditions])}


def _clause(condition: Condition, names: Names) -> str:
    kind = KINDS.get(condition["kind"])
    if kind is None:
        return str(condition["kind"])
    said = {"clause": kind.clause(condition["among"], names)}
    if kind.name in OF_CONVERSATIONS:
        return _("the conversation %(clause)s") % said
    return _("the message %(clause)s") % said


def step_words(step: Step, known: Known) -> str:
    """« la confier à Awa Diop »."""
    say = _SAID.get(step["act"])
    return say(step, known) if say else str(step["act"])


def _short(text: str) -> str:
    return Truncator(on_one_line(text)).chars(_SHOWN_CHARS)


def _given(step: Step, known: Known) -> str:
    if not step["to"]:
        return _("give it back to the team")
    return _("give it to %(name)s") % {"name": known.agent(step["to"])}


def _aside(step: Step, _known: Known) -> str:
    ends = {
        "hour": _("set it aside for an hour"),
        "tomorrow": _("set it aside until tomorrow morning"),
        "monday": _("set it aside until Monday morning"),
    }
    return ends.get(step.get("end", ""), _("set it aside until the customer writes"))


def _told(step: Step, known: Known) -> str:
    audiences = {
        "owner": _("tell whoever has it"),
        "team": _("tell its team"),
        "supervisors": _("tell the supervisors"),
    }
    if step["who"] in audiences:
        return audiences[step["who"]]
    return _("tell %(name)s") % {"name": known.agent(step["who"])}


_SAID: Mapping[str, Callable[[Step, Known], str]] = {
    "reply": lambda step, _known: _("reply “%(text)s”") % {"text": _short(step["text"])},
    "note": lambda step, _known: _("leave the note “%(text)s”") % {"text": _short(step["text"])},
    "assign": _given,
    "team": lambda step, known: _("pass it to the team %(team)s") % {"team": known.team(step)},
    "tag": lambda step, _known: _("tag it “%(tag)s”") % {"tag": step["name"]},
    "untag": lambda step, _known: _("take the tag “%(tag)s” off") % {"tag": step["name"]},
    "snooze": _aside,
    "pending": lambda _step, _known: _("put it on hold"),
    "resolve": lambda _step, _known: _("resolve it"),
    "reopen": lambda _step, _known: _("reopen it"),
    "priority": lambda step, _known: (
        _("set its priority to %(level)s") % {"level": Priority(step["level"]).label.lower()}
    ),
    "hand_off": lambda step, known: _("offer it to the team %(team)s") % {"team": known.team(step)},
    "notify": _told,
    "webhook": lambda step, known: (
        _("post it to %(address)s") % {"address": known.endpoints.get(step["to"]) or _("something that is gone")}
    ),
}
