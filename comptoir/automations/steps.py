"""The steps of macros and automations: what each is called, what it needs, and whether what was written makes sense."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from comptoir.automations.errors import UnfinishedStepError
from comptoir.conversations.models import Priority
from comptoir.desk.acts import NEEDS
from comptoir.notifications.models import WebhookEndpoint
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import Permission

MOST = 12
MAX_TEXT_CHARS = 20_000
ENDS = ("reply", "hour", "tomorrow", "monday")

#: In the order in which they are offered.
LABELS: dict[str, str | Promise] = {
    "reply": gettext_lazy("Reply"),
    "note": gettext_lazy("Leave a note"),
    "assign": gettext_lazy("Assign"),
    "team": gettext_lazy("Pass to a team"),
    "tag": gettext_lazy("Add a tag"),
    "untag": gettext_lazy("Remove a tag"),
    "snooze": pgettext_lazy("conversation", "Snooze"),
    "pending": gettext_lazy("Mark as pending"),
    "resolve": gettext_lazy("Resolve"),
}
PERMISSIONS = {"reply": Permission.ANSWER, "note": Permission.WRITE_NOTES} | {
    act: needed for act, needed in NEEDS.items() if act in LABELS
}

#: What automations do besides, and macros leave to whoever runs them.
LABELS_OF_AUTOMATIONS: dict[str, str | Promise] = LABELS | {
    "reopen": gettext_lazy("Reopen"),
    "priority": gettext_lazy("Set its priority"),
    "hand_off": gettext_lazy("Offer to another team"),
    "notify": gettext_lazy("Tell somebody"),
    "webhook": gettext_lazy("Post to a webhook"),
}
PERMISSIONS_OF_AUTOMATIONS = PERMISSIONS | {
    "reopen": Permission.RESOLVE,
    "priority": Permission.ASSIGN,
    "hand_off": Permission.HAND_OFF,
    "notify": Permission.READ_CONVERSATIONS,
    "webhook": Permission.AUTOMATE,
}
AUDIENCES = ("owner", "team", "supervisors")

Step = dict[str, Any]


def checked_steps(steps: Sequence[Mapping[str, Any]], *, offered: Mapping[str, object] = LABELS) -> list[Step]:
    """The steps as they are kept: only what each knows of. Raises UnfinishedStepError."""
    if not steps:
        raise UnfinishedStepError(_("it has no step yet."))
    if len(steps) > MOST:
        raise UnfinishedStepError(_("it has more than %(most)s steps.") % {"most": MOST})
    return [_checked_at(place, step, offered) for place, step in enumerate(steps, start=1)]


def _checked_at(place: int, step: Mapping[str, Any], offered: Mapping[str, object]) -> Step:
    """One of several: what it lacks is said with its place and what it does."""
    act = str(step.get("act", ""))
    if act not in offered:
        raise UnfinishedStepError(_("step %(place)s is of no known kind.") % {"place": place})
    try:
        return _checked(step)
    except UnfinishedStepError as error:
        named = {"place": place, "act": LABELS_OF_AUTOMATIONS.get(act, act), "reason": error}
        raise UnfinishedStepError(_("step %(place)s (“%(act)s”): %(reason)s") % named) from error


def _checked(step: Mapping[str, Any]) -> Step:
    act = str(step.get("act", ""))
    if act in _AUTOMATED:
        return {"act": act} | _AUTOMATED[act](step)
    if act in ("resolve", "pending", "reopen"):
        return {"act": act}
    if act in ("reply", "note"):
        return _with_text(act, step)
    if act in ("tag", "untag"):
        return {"act": act, "name": _said(step.get("name"), 40)}
    if act == "snooze":
        return _with_end(step)
    if act == "assign" and step.get("to") in ("me", "", None):
        return {"act": act, "to": step.get("to") or None}
    if act in ("assign", "team"):
        return {"act": act, "to": _named(Agent if act == "assign" else Team, step.get("to"))}
    raise UnfinishedStepError(_("it is of no known kind."))


def _with_text(act: str, step: Mapping[str, Any]) -> Step:
    text = _said(step.get("text"), MAX_TEXT_CHARS)
    if act == "note":
        return {"act": act, "text": text}
    visibility = step.get("visibility") or ""
    if visibility not in ("", "public", "private"):
        raise UnfinishedStepError(_("a reply is public or private."))
    return {"act": act, "text": text, "visibility": visibility}


def _with_end(step: Mapping[str, Any]) -> Step:
    if step.get("until"):
        if parse_datetime(str(step["until"])) is None:
            raise UnfinishedStepError(_("the end of the snooze is no date."))
        return {"act": "snooze", "until": str(step["until"])}
    end = step.get("end") or "reply"
    if end not in ENDS:
        raise UnfinishedStepError(_("the end of the snooze is no date."))
    return {"act": "snooze"} | ({"end": end} if end != "reply" else {})


def _said(words: Any, longest: int) -> str:
    text = str(words or "").replace("\x00", "").strip()[:longest]
    if not text:
        raise UnfinishedStepError(_("its text is missing."))
    return text


def _level(step: Mapping[str, Any]) -> Step:
    level = str(step.get("level", ""))
    if level not in {str(one.value) for one in Priority}:
        raise UnfinishedStepError(_("it does not say which priority."))
    return {"level": int(level)}


def _audience(step: Mapping[str, Any]) -> Step:
    who = str(step.get("who", ""))
    return {"who": who if who in AUDIENCES else _named(Agent, who)}


def _offer(step: Mapping[str, Any]) -> Step:
    return {"to": _named(Team, step.get("to")), "text": _said(step.get("text"), MAX_TEXT_CHARS)}


_AUTOMATED: Mapping[str, Callable[[Mapping[str, Any]], Step]] = {
    "priority": _level,
    "notify": _audience,
    "hand_off": _offer,
    "webhook": lambda step: {"to": _named(WebhookEndpoint, step.get("to"))},
}


def _named(model: type[Agent | Team | WebhookEndpoint], named: Any) -> int:
    text = str(named)
    if not text.isdecimal() or len(text) > 18 or not model._default_manager.filter(pk=int(text)).exists():
        raise UnfinishedStepError(_("it names nobody, or somebody who is gone."))
    return int(text)
