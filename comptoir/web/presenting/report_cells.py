"""Numbers as they are shown, with where they lead."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from comptoir.reporting.asking import Question
from comptoir.reporting.drilling import Figure
from comptoir.reporting.measuring import Line


@dataclass(frozen=True, slots=True)
class Cell:
    """One number; ``address`` leads to its conversations, empty where there is none to see."""

    text: str
    address: str = ""
    label: str = ""
    width: int = 0


def behind_address(figure: Figure, question: Question, **more: str) -> str:
    """Where the conversations behind a figure are."""
    return reverse("report_conversations") + "?" + urlencode({"figure": str(figure)} | question.written | more)


def count_of(figure: Figure, line: Line) -> int:
    """How many conversations are behind a figure of a line."""
    return int(getattr(line, figure.value))
