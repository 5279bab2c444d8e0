"""The rows in which the steps of a macro or an automation are filled in, one after the other."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.http import QueryDict

from comptoir.automations.steps import MOST
from comptoir.catalogue.filling import PLACEHOLDERS
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import GRANTS, Permission

_FIELDS = ("act", "text", "visibility", "to", "team", "name", "end", "level", "who", "endpoint")
#: Where the argument "to" of an act is filled in, which is called by what it names.
_NAMED_IN = {"team": "team", "hand_off": "team", "webhook": "endpoint"}


def steps_posted(posted: QueryDict) -> list[dict[str, Any]]:
    """The rows of the form in which an act was chosen."""
    rows = ({name: posted.get(f"{name}-{number}", "") for name in _FIELDS} for number in range(MOST))
    steps = [row for row in rows if row["act"]]
    for step in steps:
        if step["act"] in _NAMED_IN:
            step["to"] = step[_NAMED_IN[step["act"]]]
    return steps


def steps_context(steps: Sequence[dict[str, Any]], *, blanks: Collection[str] = tuple(PLACEHOLDERS)) -> dict[str, Any]:
    """What the rows show: the steps as they are, and one more to be filled in after each; ``blanks`` are the
    placeholders that can be filled in.
    """
    answering = [role for role, granted in GRANTS.items() if Permission.ANSWER in granted]
    rows = [*steps[:MOST], *({} for _row in range(MOST - len(steps)))]
    return {
        "rows": [row | {"number": number, "is_spare": number > len(steps)} for number, row in enumerate(rows)],
        "placeholders": [(name, words) for name, words in PLACEHOLDERS.items() if name in blanks],
        "teams": Team.objects.order_by("name"),
        "colleagues": Agent.objects.filter(is_active=True, role__in=answering).select_related("user").order_by("name"),
    }
