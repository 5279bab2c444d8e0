"""What the list behind a figure is given to show."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comptoir.reporting.asking import Question
from comptoir.reporting.drilling import Figure
from comptoir.reporting.models import Kept
from comptoir.web.presenting.report_cells import behind_address
from comptoir.web.presenting.reports import AGE_LABELS
from comptoir.web.queries.reports import PageBehind
from comptoir.web.wording import plain_day
from comptoir.web.wording_figures import duration_words

TITLES: dict[Figure, str | Promise] = {
    Figure.RECEIVED: gettext_lazy("Conversations received"),
    Figure.ANSWERED: gettext_lazy("Conversations answered"),
    Figure.NEVER_ANSWERED: gettext_lazy("Conversations never answered"),
    Figure.WAITING: gettext_lazy("Conversations still waiting for an answer"),
    Figure.FIRST_REPLY_KEPT: gettext_lazy("First replies in time"),
    Figure.FIRST_REPLY_BROKEN: gettext_lazy("First replies that were late"),
    Figure.RESOLVED: gettext_lazy("Conversations resolved"),
    Figure.RESOLUTION_KEPT: gettext_lazy("Resolutions in time"),
    Figure.RESOLUTION_BROKEN: gettext_lazy("Resolutions that were late"),
    Figure.TRANSFERRED: gettext_lazy("Conversations passed on"),
    Figure.REOPENED: gettext_lazy("Conversations reopened"),
    Figure.OPEN_THEN: gettext_lazy("Conversations open at the day’s end"),
    Figure.OPEN_NOW: gettext_lazy("Conversations open now"),
    Figure.HANDED_OFF: gettext_lazy("Conversations handed to another team"),
    Figure.CONSULTED: gettext_lazy("Conversations an expert was asked about"),
}
_PAIRS = {
    Figure.FIRST_REPLY_KEPT: Figure.FIRST_REPLY_BROKEN,
    Figure.RESOLUTION_KEPT: Figure.RESOLUTION_BROKEN,
    Figure.ANSWERED: Figure.NEVER_ANSWERED,
}
_OTHERS = _PAIRS | {late: kept for kept, late in _PAIRS.items()}


def behind_context(
    figure: Figure, question: Question, page: PageBehind, *, open_on: date | None, age: int | None
) -> dict[str, Any]:
    """The title, the rows in words, and the ways on."""
    asked = {"figure": str(figure)} | question.written
    asked |= {"open_on": open_on.isoformat()} if open_on else {}
    asked |= {"age": str(age)} if age is not None else {}
    other = _OTHERS.get(figure)
    following = urlencode(asked | {"page": str(page.following)}) if page.following is not None else ""
    return {
        "title": TITLES[figure],
        "question": question,
        "when": _when(figure, question, open_on, age),
        "page": page,
        "rows": [_row(one) for one in page.rows],
        "following": following,
        "other": (TITLES[other], behind_address(other, question)) if other else None,
    }


def _when(figure: Figure, question: Question, open_on: date | None, age: int | None) -> str:
    if figure is Figure.OPEN_NOW:
        return str(AGE_LABELS[age]) if age is not None and age < len(AGE_LABELS) else ""
    if figure is Figure.OPEN_THEN:
        return plain_day(open_on or question.until)
    if figure in (Figure.HANDED_OFF, Figure.CONSULTED):
        return _("asked from %(since)s to %(until)s") % {
            "since": plain_day(question.since), "until": plain_day(question.until),
        }  # fmt: skip
    if question.since == question.until:
        return _("first asked on %(day)s") % {"day": plain_day(question.since)}
    return _("first asked from %(since)s to %(until)s") % {
        "since": plain_day(question.since), "until": plain_day(question.until),
    }  # fmt: skip


def _row(one: Any) -> dict[str, Any]:
    return {
        "counted": one,
        "first_reply": duration_words(one.first_reply_s),
        "is_late": one.first_reply_promise == Kept.BROKEN,
        "resolution": duration_words(one.resolution_s),
        "is_resolved_late": one.resolution_promise == Kept.BROKEN,
    }
