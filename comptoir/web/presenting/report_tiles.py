"""The figures at the head of a report: one large number each, and what goes with it below."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comptoir.reporting.asking import Question
from comptoir.reporting.drilling import Figure
from comptoir.reporting.measuring import Duration, Line
from comptoir.reporting.queries import Report
from comptoir.reporting.wording import MEANINGS
from comptoir.web.presenting.report_cells import Cell, behind_address, count_of
from comptoir.web.wording_figures import duration_words, number_words, share_words


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the figures at the head, with what is said below it."""

    key: str
    label: str
    says: str
    main: Cell
    below: Cell


def tiles(report: Report) -> list[Tile]:
    """In the order in which one asks: how much, how soon, how well; what is left."""
    question, line = report.question, report.whole
    found = [*_of_replies(question, line), *_of_work(question, line)]
    return [*found, _open_now(report)] if report.ages else found


def _of_replies(question: Question, line: Line) -> list[Tile]:
    number = Cell(number_words(line.received), _address(Figure.RECEIVED, question, line))
    waiting = _counted(_("%(number)s still waiting"), Figure.WAITING, question, line)
    answered = _address(Figure.ANSWERED, question, line)
    count = count_of(Figure.NEVER_ANSWERED, line)
    words = ngettext("%(number)s never answered", "%(number)s never answered", count)
    never = _counted(words, Figure.NEVER_ANSWERED, question, line)
    return [
        _tile("received", number, waiting),
        _tile("first_reply", Cell(duration_words(line.first_reply.median_s), answered), _p90(line.first_reply)),
        _kept("first_reply_kept", line.first_reply_kept_rate, Figure.FIRST_REPLY_BROKEN, question, line),
        _tile("response_rate", Cell(share_words(line.response_rate), answered), never),
    ]


def _of_work(question: Question, line: Line) -> list[Tile]:
    resolved = _address(Figure.RESOLVED, question, line)
    passed_on = Cell(share_words(line.transferred_rate), _address(Figure.TRANSFERRED, question, line))
    count = count_of(Figure.REOPENED, line)
    reopened = _counted(ngettext("%(number)s reopened", "%(number)s reopened", count), Figure.REOPENED, question, line)
    return [
        _tile("resolution", Cell(duration_words(line.resolution.median_s), resolved), _p90(line.resolution)),
        _kept("resolution_kept", line.resolution_kept_rate, Figure.RESOLUTION_BROKEN, question, line),
        _tile("transferred", passed_on, reopened),
    ]


def _open_now(report: Report) -> Tile:
    number = sum(report.ages)
    address = behind_address(Figure.OPEN_NOW, report.question) if number else ""
    old = Cell(_("%(number)s for more than 7 days") % {"number": number_words(sum(report.ages[3:]))})
    return Tile("backlog", _("Open now"), str(MEANINGS["backlog"].says), Cell(number_words(number), address), old)


def _kept(key: str, share: float | None, late: Figure, question: Question, line: Line) -> Tile:
    """A share of promises; it leads to those that were late, of which there may be none."""
    below = Cell(_("nothing was promised")) if share is None else _counted(_("%(number)s late"), late, question, line)
    return _tile(key, Cell(share_words(share), below.address), below)


def _tile(key: str, main: Cell, below: Cell) -> Tile:
    return Tile(key, str(MEANINGS[key].label), str(MEANINGS[key].says), main, below)


def _p90(duration: Duration) -> Cell:
    if duration.p90_s is None:
        return Cell("")
    return Cell(_("9 in 10 within %(span)s") % {"span": duration_words(duration.p90_s)})


def _counted(words: str, figure: Figure, question: Question, line: Line) -> Cell:
    number = number_words(count_of(figure, line))
    return Cell(words % {"number": number}, _address(figure, question, line))


def _address(figure: Figure, question: Question, line: Line) -> str:
    return behind_address(figure, question) if count_of(figure, line) else ""
