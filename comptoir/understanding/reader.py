"""Reading texts, as the installation is set up: this is what the rest of Comptoir calls."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Protocol

from comptoir.understanding.analysis import Analysis
from comptoir.understanding.batch import Reader
from comptoir.understanding.replacing.endpoint import EndpointReader
from comptoir.understanding.replacing.settings import replacing

__all__ = ["Reader", "Reads", "configured", "default_reader", "understand"]


class Reads(Protocol):
    """Whatever reads texts."""

    def understand(self, texts: Sequence[str], *, light: bool = False) -> list[Analysis]:
        """One analysis for each text, in order. ``light`` is the fast form."""


def configured(reader: Reader) -> Reads:
    """``reader``, with the parts replaced that the file of COMPTOIR_UNDERSTANDING names. Raises ReplacingError."""
    endpoint = replacing().endpoint
    return EndpointReader(reader, endpoint) if endpoint else reader


@cache
def default_reader() -> Reads:
    """One to which no company has told its languages, numbers and topics."""
    return configured(Reader())


def understand(texts: Sequence[str], *, light: bool = False) -> list[Analysis]:
    """One analysis for each text, in order, by the default reader."""
    return default_reader().understand(texts, light=light)
