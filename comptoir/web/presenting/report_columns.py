"""The columns of a report: which figures stand there, under which heading, and what is behind each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from comptoir.reporting.drilling import Figure
from comptoir.reporting.measuring import Line
from comptoir.reporting.wording import MEANINGS, Meaning
from comptoir.web.wording_figures import duration_words, number_words, share_words

_REPLY, _RESOLUTION = MEANINGS["first_reply"], MEANINGS["resolution"]
_MEDIAN, _P90 = MEANINGS["median"], MEANINGS["p90"]
_IN_TIME = pgettext_lazy("figure", "In time")
_ANSWERS = pgettext_lazy("figure", "Answers")
_COURSE = pgettext_lazy("figure", "Course")


@dataclass(frozen=True, slots=True)
class Column:
    """One figure: how it is drawn from a line, and which conversations are behind it.

    ``group`` is the heading above it; ``meanings`` are said together.
    """

    key: str
    group: Promise
    short: Promise
    meanings: Sequence[Meaning]
    figure: Figure
    says: Callable[[Line], str]
    bar_of: Callable[[Line], float | None] | None = None

    @property
    def label(self) -> str:
        """By itself: « First reply, median »."""
        if self.group is self.short:
            return str(self.short)
        return _("%(figure)s, %(measure)s") % {"figure": str(self.group), "measure": str(self.short).lower()}

    @property
    def words(self) -> str:
        """What it means."""
        return " ".join(str(meaning.says) for meaning in self.meanings)


COLUMNS: Sequence[Column] = (
    Column(
        "received", MEANINGS["received"].label, MEANINGS["received"].label, [MEANINGS["received"]], Figure.RECEIVED,
        lambda line: number_words(line.received),
    ),
    Column(
        "first_reply", _REPLY.label, _MEDIAN.label, [_REPLY, _MEDIAN], Figure.ANSWERED,
        lambda line: duration_words(line.first_reply.median_s), lambda line: line.first_reply.median_s,
    ),
    Column(
        "first_reply_p90", _REPLY.label, _P90.label, [_REPLY, _P90], Figure.ANSWERED,
        lambda line: duration_words(line.first_reply.p90_s),
    ),
    Column(
        "first_reply_kept", _REPLY.label, _IN_TIME, [MEANINGS["first_reply_kept"]], Figure.FIRST_REPLY_BROKEN,
        lambda line: share_words(line.first_reply_kept_rate),
    ),
    Column(
        "response_rate", _ANSWERS, MEANINGS["response_rate"].label, [MEANINGS["response_rate"]], Figure.ANSWERED,
        lambda line: share_words(line.response_rate),
    ),
    Column(
        "never_answered", _ANSWERS, pgettext_lazy("answered", "Never"), [MEANINGS["never_answered"]],
        Figure.NEVER_ANSWERED, lambda line: number_words(line.never_answered),
    ),
    Column(
        "resolution", _RESOLUTION.label, _MEDIAN.label, [_RESOLUTION, _MEDIAN], Figure.RESOLVED,
        lambda line: duration_words(line.resolution.median_s),
    ),
    Column(
        "resolution_p90", _RESOLUTION.label, _P90.label, [_RESOLUTION, _P90], Figure.RESOLVED,
        lambda line: duration_words(line.resolution.p90_s),
    ),
    Column(
        "resolution_kept", _RESOLUTION.label, _IN_TIME, [MEANINGS["resolution_kept"]], Figure.RESOLUTION_BROKEN,
        lambda line: share_words(line.resolution_kept_rate),
    ),
    Column(
        "transferred", _COURSE, MEANINGS["transferred"].label, [MEANINGS["transferred"]], Figure.TRANSFERRED,
        lambda line: share_words(line.transferred_rate),
    ),
    Column(
        "reopened", _COURSE, MEANINGS["reopened"].label, [MEANINGS["reopened"]], Figure.REOPENED,
        lambda line: share_words(line.reopened_rate),
    ),
)  # fmt: skip


def headings() -> list[tuple[str, list[Column]]]:
    """Each heading with the columns below it, in their order."""
    return [(str(group), list(columns)) for group, columns in groupby(COLUMNS, key=lambda column: column.group)]
