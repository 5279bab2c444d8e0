"""What heads look at: computed once for a batch, shared by all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from comptoir.understanding.embedding import Vectors
from comptoir.understanding.embedding.loading import deep_embedder, light_embedder
from comptoir.understanding.language import languages_of
from comptoir.understanding.ngrams import Grams, grams_of
from comptoir.understanding.surface import surface_of


@dataclass(frozen=True, slots=True)
class Signals:
    """Of a batch of texts, in order; ``deep`` has no columns in the light form."""

    texts: Sequence[str]
    languages: list[str]
    grams: Grams
    use: Vectors
    surface: Vectors
    deep: Vectors

    def dense(self) -> Vectors:
        """Everything but the n-grams, side by side."""
        return np.concatenate([self.use, self.surface, self.deep], axis=1)


def signals_of(texts: Sequence[str], among: Sequence[str], home: str, *, light: bool) -> Signals:
    """``among`` are the languages that the company's customers write, ``home`` its own."""
    languages = languages_of(texts, among, home)
    return Signals(
        texts=texts,
        languages=languages,
        grams=grams_of(texts),
        use=light_embedder().embed(texts),
        surface=np.stack([surface_of(text, language) for text, language in zip(texts, languages, strict=True)]),
        deep=np.zeros((len(texts), 0), np.float32) if light else deep_embedder().read(texts),
    )
