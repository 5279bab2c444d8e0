"""Vectors of texts, worked out once: kept in the database under the name of what worked them out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
from django.db import connection

from comptoir.catalogue.models import TextVector
from comptoir.understanding.embedding import Embedder, Vectors

_FORGET = """
DELETE FROM catalogue_textvector AS kept
WHERE embedder <> %s OR NOT EXISTS (SELECT FROM unnest(%s::bytea[]) AS asked (digest) WHERE asked.digest = kept.digest)
"""


class Remembering:
    """An embedder that asks the database first and keeps there what it had to work out.

    Only for what the company itself wrote: customers' messages are not kept like this.
    """

    def __init__(self, embedder: Embedder, name: str) -> None:
        self._embedder, self._name = embedder, name
        self.dimensions = embedder.dimensions
        self.asked: set[bytes] = set()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, in order."""
        digests = [_digest(text) for text in texts]
        self.asked.update(digests)
        kept = self._kept(digests)
        missing = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in kept}
        if missing:
            kept |= self._work_out(missing)
        return np.stack([kept[digest] for digest in digests]) if digests else np.zeros((0, self.dimensions), np.float32)

    def _kept(self, digests: Sequence[bytes]) -> dict[bytes, Vectors]:
        rows = TextVector.objects.filter(embedder=self._name, digest__in=set(digests)).values_list("digest", "vector")
        return {bytes(digest): np.frombuffer(vector, np.float16).astype(np.float32) for digest, vector in rows}

    def _work_out(self, missing: dict[bytes, str]) -> dict[bytes, Vectors]:
        read = self._embedder.embed(list(missing.values())).astype(np.float16)
        found = dict(zip(missing, read, strict=True))
        TextVector.objects.bulk_create(
            (
                TextVector(embedder=self._name, digest=digest, vector=vector.tobytes())
                for digest, vector in sorted(found.items())
            ),
            ignore_conflicts=True,
        )
        return {digest: vector.astype(np.float32) for digest, vector in found.items()}  # as the next one will find it

    def forget_others(self, texts: Iterable[str]) -> int:
        """Drop what is neither of ``texts`` nor was asked for, and what other embedders left; return how many."""
        kept = self.asked | {_digest(text) for text in texts}
        with connection.cursor() as cursor:
            cursor.execute(_FORGET, [self._name, list(kept)])
            return int(cursor.rowcount)


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
