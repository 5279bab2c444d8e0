"""What is filled in about an automation: when, if, unless, then, and how often at most."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from comptoir.automations.conditions import KINDS, OF_CONVERSATIONS
from comptoir.automations.models import Automation
from comptoir.automations.spans import UNITS, in_units, is_in_working_time
from comptoir.automations.steps import LABELS_OF_AUTOMATIONS
from comptoir.automations.telling import Known
from comptoir.automations.triggers import TRIGGERS
from comptoir.automations.writing import Terms
from comptoir.conversations.models import Priority
from comptoir.notifications.models import WebhookEndpoint
from comptoir.routing.conditions import KINDS as OF_MESSAGES
from comptoir.web.forms.routing import controls_of, given
from comptoir.web.forms.steps import steps_context, steps_posted

#: Nobody writes in an automation's name, and what a customer gave is not looked up by it.
_KNOWN_BLANKS = ("first_name", "name", "brand", "channel")


def terms_posted(posted: QueryDict) -> Terms:
    """What was filled in, unchecked."""
    when = given("when", KINDS, posted)
    unless = [one | {"not": True} for one in given("unless", KINDS, posted)]
    return Terms(
        name=posted.get("name", ""),
        trigger=_trigger_posted(posted),
        conditions=[*when, *unless],
        acts=steps_posted(posted),
        most_runs_a_day=_count(posted.get("most_runs_a_day", "")),
        most_runs_an_hour=_count(posted.get("most_runs_an_hour", "")),
    )


def _trigger_posted(posted: QueryDict) -> dict[str, Any]:
    kind = posted.get("trigger", "")
    amount, unit = posted.get("amount", ""), UNITS.get(posted.get("unit", ""), 1)
    is_in_working_time = posted.get("counted") == "yes"
    found: dict[str, Any] = {
        "kind": kind, "after_minutes": _count(amount) * unit, "is_in_working_time": is_in_working_time,
    }  # fmt: skip
    if kind == "tagged":
        return found | {"among": posted.get("trigger-tagged", "").splitlines()}
    return found | {"among": posted.getlist(f"trigger-{kind}")}


def _count(text: str) -> int:
    """A number of people's; 0 for anything else, which no automation takes."""
    return int(text) if text.isdecimal() and len(text) < 8 else 0


def terms_of(automation: Automation | None) -> Terms:
    """What it says as it is kept; nothing yet for a new one."""
    if automation is None:
        return Terms("", {"kind": ""}, [], [])
    return Terms.of(automation)


def form_context(terms: Terms, known: Known) -> dict[str, Any]:
    """The form as it was filled in."""
    amount, unit = in_units(terms.trigger)
    must = [one for one in terms.conditions if not one.get("not")]
    must_not = [one for one in terms.conditions if one.get("not")]
    return {
        "terms": terms,
        "triggers": _offered(),
        "among": terms.trigger.get("among", ()),
        "lines": "\n".join(terms.trigger.get("among", ())) if terms.trigger.get("kind") == "tagged" else "",
        "statuses": TRIGGERS["status"].options(),
        "amount": amount or "",
        "unit": unit if amount else "hours",
        "counted": "yes" if is_in_working_time(terms.trigger) else "",
        "counted_in": [("", _("At all hours")), ("yes", _("During opening hours"))],
        "units": [("minutes", _("minutes")), ("hours", _("hours")), ("days", _("days"))],
        "when_conversation": controls_of("when", OF_CONVERSATIONS, must, known.names),
        "when_message": controls_of("when", OF_MESSAGES, must, known.names),
        "unless": controls_of("unless", KINDS, must_not, known.names),
        "acts": LABELS_OF_AUTOMATIONS.items(),
        "is_automation": True,
        "priorities": [(one.value, one.label) for one in Priority],
        "audiences": [
            ("owner", _("Whoever has it, else its team")),
            ("team", _("Its team")),
            ("supervisors", _("The supervisors")),
        ],
        "endpoints": WebhookEndpoint.objects.filter(is_active=True),
    } | steps_context([dict(step) for step in terms.acts], blanks=_KNOWN_BLANKS)


def _offered() -> list[tuple[str, list[tuple[str, Any]]]]:
    """What happens, then what passes with time."""
    happens = [(one.name, one.label) for one in TRIGGERS.values() if not one.passes]
    passes = [(one.name, one.label) for one in TRIGGERS.values() if one.passes]
    return [(_("Something happens"), happens), (_("Time passes"), passes)]
