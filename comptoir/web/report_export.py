"""A report as a file: the lines of the screen with plain numbers, durations in seconds and shares from 0 to 1."""

from __future__ import annotations

from collections.abc import Iterator

from comptoir.reporting.measuring import Line
from comptoir.reporting.queries import Report
from comptoir.web.presenting.reports import line_name
from comptoir.web.spreadsheet import spreadsheet_lines

_COUNTS = (
    "received", "answered", "never_answered", "waiting", "first_reply_kept", "first_reply_broken", "resolved",
    "resolution_kept", "resolution_broken", "transferred", "reopened",
)  # fmt: skip
_SHARES = (
    "response_rate", "never_answered_rate", "first_reply_kept_rate", "resolution_kept_rate", "transferred_rate",
    "reopened_rate",
)  # fmt: skip
COLUMNS = (
    "since", "until", "by", "key", "name", *_COUNTS, "first_reply_median_s", "first_reply_p90_s", "resolution_median_s",
    "resolution_p90_s", *_SHARES,
)  # fmt: skip


def report_lines(report: Report) -> Iterator[str]:
    """One line for each of the screen's, and one, named “*”, for the whole."""
    question = report.question
    days = (question.since.isoformat(), question.until.isoformat(), str(question.by))
    rows = [(*days, "*", "*", *_figures(report.whole))]
    rows += [
        (*days, "" if one.key is None else str(one.key), line_name(question.by, one), *_figures(one.line))
        for one in report.lines
    ]
    return spreadsheet_lines(COLUMNS, rows)


def _figures(line: Line) -> tuple[object, ...]:
    shares = (getattr(line, name) for name in _SHARES)
    return (
        *(getattr(line, name) for name in _COUNTS),
        line.first_reply.median_s, line.first_reply.p90_s, line.resolution.median_s, line.resolution.p90_s,
        *(None if share is None else f"{share:.4f}" for share in shares),
    )  # fmt: skip
