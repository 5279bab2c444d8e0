"""What turns a text into numbers: a seam, so that any embedder can take another's place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

#: Beyond this a message says nothing new, and time must stay bounded.
MAX_CHARS = 1_500
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Embedder(Protocol):
    """Gives each text a vector of the same length."""

    dimensions: int

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, in order; any text has one, the empty one too."""


def cleaned(text: str) -> str:
    """What embedders can take: no control signs, no halves of characters, at most MAX_CHARS."""
    return _NOT_TEXT.sub(" ", text[:MAX_CHARS])
