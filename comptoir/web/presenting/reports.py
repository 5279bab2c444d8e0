"""What the page of figures is given to show: columns, cells with where they lead, small charts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from comptoir.reporting.among_ourselves import Passed, Passing
from comptoir.reporting.asking import By, Question
from comptoir.reporting.drilling import Figure
from comptoir.reporting.measuring import Line
from comptoir.reporting.queries import ENOUGH, Matter, Named, Report
from comptoir.reporting.wording import GENERAL, MEANINGS, Meaning
from comptoir.web.presenting.report_cells import Cell, behind_address, count_of
from comptoir.web.presenting.report_charts import Chart, day_chart
from comptoir.web.presenting.report_columns import COLUMNS, Column, headings
from comptoir.web.presenting.report_tiles import tiles
from comptoir.web.wording import channel_label, plain_day
from comptoir.web.wording_figures import duration_words, number_words, ratio_words, share_words, short_day

BY_LABELS: dict[By, str | Promise] = {
    By.CHANNEL: gettext_lazy("Channel"),
    By.DAY: gettext_lazy("Day"),
    By.BRAND: gettext_lazy("Brand"),
    By.TEAM: gettext_lazy("Team"),
    By.AGENT: gettext_lazy("Colleague"),
    By.TOPIC: gettext_lazy("Contact reason"),
}
AGE_LABELS: Sequence[str | Promise] = (
    gettext_lazy("Less than a day"),
    gettext_lazy("1 to 3 days"),
    gettext_lazy("3 to 7 days"),
    gettext_lazy("7 to 30 days"),
    gettext_lazy("More than 30 days"),
)


def report_context(report: Report) -> dict[str, Any]:
    """Everything but the choices of the form."""
    question = report.question
    return {
        "report": report,
        "question": question,
        "tiles": tiles(report),
        "columns": COLUMNS,
        "headings": headings(),
        "by_label": BY_LABELS[question.by],
        "rows": _rows(report),
        "total": [_cell(column, question, report.whole) for column in COLUMNS],
        "matters": [_matter_row(report, matter) for matter in report.matters],
        "channel_labels": [channel_label(kind) for kind in report.channels],
        "charts": _charts(report),
        "ages": _ages(report),
        "passed": [_passed_row(report.question, passed) for passed in report.passed if passed.asked],
        "meanings": [(key, meaning) for key, meaning in MEANINGS.items()],
        "general": GENERAL,
        "parity": MEANINGS["parity"],
    }


def _cell(column: Column, question: Question, line: Line, *, longest: float = 0, is_open: bool = True) -> Cell:
    bar = column.bar_of(line) if column.bar_of else None
    has_some = is_open and bool(count_of(column.figure, line))
    return Cell(
        column.says(line),
        behind_address(column.figure, question) if has_some else "",
        column.label,
        round(100 * bar / longest) if bar and longest else 0,
    )


def _rows(report: Report) -> list[tuple[str, list[Cell]]]:
    longest = max((line.line.first_reply.median_s or 0 for line in report.lines), default=0)
    rows = []
    for named in report.lines:
        asked = report.question.of(report.question.by, named.key)
        cells = [_cell(column, asked, named.line, longest=longest, is_open=named.key is not None) for column in COLUMNS]
        rows.append((line_name(report.question.by, named), cells))
    return rows


def line_name(by: By, named: Named) -> str:
    """What a line is called; what has none says what it is."""
    if by is By.CHANNEL:
        return channel_label(named.name)
    if by is By.DAY and isinstance(named.key, date):
        return plain_day(named.key)
    if named.key is not None:
        return named.name or _("deleted")
    nameless = {By.TEAM: _("No team"), By.AGENT: _("Nobody, or others"), By.TOPIC: _("No reason was read")}
    return nameless.get(by, _("none"))


def _matter_row(report: Report, matter: Matter) -> tuple[str, list[Cell], str, bool]:
    name = "intent" if matter.is_intent else "topic"
    cells = []
    for kind in report.channels:
        line, asked = matter.by_channel.get(kind), report.question.of(By.CHANNEL, kind)
        enough = line is not None and line.first_reply.count >= ENOUGH
        text = duration_words(line.first_reply.median_s) if line and enough else _("too few") if line else ""
        narrowed = {name: str(matter.key), "topic_only": "1"}
        address = behind_address(Figure.ANSWERED, asked, **narrowed) if line and line.answered else ""
        cells.append(Cell(text, address, channel_label(kind)))
    return matter.name, cells, ratio_words(matter.spread), bool(matter.spread and matter.spread >= 2)


def _passed_row(question: Question, passed: Passed) -> tuple[Meaning, str, list[Cell]]:
    figure = Figure.HANDED_OFF if passed.passing is Passing.HAND_OFF else Figure.CONSULTED
    cells = [
        Cell(number_words(passed.asked), behind_address(figure, question), pgettext("figure", "Asked")),
        Cell(number_words(passed.done), label=_("Accepted or answered")),
        Cell(number_words(passed.refused), label=pgettext("figure", "Refused")),
        Cell(number_words(passed.open), label=_("Still open")),
        Cell(duration_words(passed.median_s), label=str(MEANINGS["median"].label)),
        Cell(duration_words(passed.p90_s), label=str(MEANINGS["p90"].label)),
        Cell(share_words(passed.kept_rate), label=pgettext("figure", "In time")),
    ]
    return MEANINGS[passed.passing.value], passed.passing.value, cells


def _charts(report: Report) -> list[Chart]:
    question = report.question
    replies = [
        (one.key, one.line.first_reply.median_s, behind_address(Figure.ANSWERED, question.of(By.DAY, one.key)))
        for one in report.by_day
        if isinstance(one.key, date)
    ]
    received = [
        (one.key, one.line.received, behind_address(Figure.RECEIVED, question.of(By.DAY, one.key)))
        for one in report.by_day
        if isinstance(one.key, date)
    ]
    left = [
        (end.day, end.left, behind_address(Figure.OPEN_THEN, question, open_on=end.day.isoformat()))
        for end in report.backlog
    ]
    charts = [
        day_chart("received", _("Received each day"), received, number_words, short_day),
        day_chart("first_reply", _("First reply each day, median"), replies, duration_words, short_day),
    ]
    return (
        [*charts, day_chart("backlog", _("Open at each day’s end"), left, number_words, short_day)] if left else charts
    )


def _ages(report: Report) -> list[Cell]:
    most = max(report.ages, default=0)
    return [
        Cell(
            number_words(number),
            behind_address(Figure.OPEN_NOW, report.question, age=str(place)) if number else "",
            str(AGE_LABELS[place]),
            round(100 * number / most) if most else 0,
        )
        for place, number in enumerate(report.ages)
    ]
