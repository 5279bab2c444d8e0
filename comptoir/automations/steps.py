"""The steps of a macro: what each is called, what it needs, and whether what was written of it makes sense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from comptoir.automations.errors import UnfinishedMacroError
from comptoir.desk.acts import NEEDS
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

Step = dict[str, Any]


def checked_steps(steps: Sequence[Mapping[str, Any]]) -> list[Step]:
    """The steps as they are kept: only what each knows of. Raises UnfinishedMacroError."""
    if not steps:
        raise UnfinishedMacroError(_("it has no step yet."))
    if len(steps) > MOST:
        raise UnfinishedMacroError(_("it has more than %(most)s steps.") % {"most": MOST})
    return [_checked(step) for step in steps]


def _checked(step: Mapping[str, Any]) -> Step:
    act = str(step.get("act", ""))
    if act in ("resolve", "pending"):
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
    raise UnfinishedMacroError(_("one of its steps is of no known kind."))


def _with_text(act: str, step: Mapping[str, Any]) -> Step:
    text = _said(step.get("text"), MAX_TEXT_CHARS)
    if act == "note":
        return {"act": act, "text": text}
    visibility = step.get("visibility") or ""
    if visibility not in ("", "public", "private"):
        raise UnfinishedMacroError(_("a reply is public or private."))
    return {"act": act, "text": text, "visibility": visibility}


def _with_end(step: Mapping[str, Any]) -> Step:
    if step.get("until"):
        if parse_datetime(str(step["until"])) is None:
            raise UnfinishedMacroError(_("the end of the snooze is no date."))
        return {"act": "snooze", "until": str(step["until"])}
    end = step.get("end") or "reply"
    if end not in ENDS:
        raise UnfinishedMacroError(_("the end of the snooze is no date."))
    return {"act": "snooze"} | ({"end": end} if end != "reply" else {})


def _said(words: Any, longest: int) -> str:
    text = str(words or "").replace("\x00", "").strip()[:longest]
    if not text:
        raise UnfinishedMacroError(_("one of its steps lacks its text."))
    return text


def _named(model: type[Agent | Team], named: Any) -> int:
    text = str(named)
    if not text.isdecimal() or len(text) > 18 or not model._default_manager.filter(pk=int(text)).exists():
        raise UnfinishedMacroError(_("one of its steps names nobody, or somebody who is gone."))
    return int(text)
