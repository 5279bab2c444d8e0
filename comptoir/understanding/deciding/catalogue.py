"""A company's catalogue as it goes to whoever decides from it, in this process or another."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

import numpy as np

from comptoir.understanding.deciding.certainty import Case, Proof, Surety
from comptoir.understanding.deciding.decision import Bot, Candidate, Decision
from comptoir.understanding.embedding import Embedder, Vectors
from comptoir.understanding.retrieval.entries import Entry


@dataclass(frozen=True)
class Catalogue:
    """``version`` names all of it. ``vectors`` are those of its texts that are known, as 16-bit floats by `digest_of`;
    ``judged`` are messages of which people have said whether the first entry answered them."""

    version: str
    entries: Sequence[Entry] = ()
    judged: Sequence[Case] = ()
    vectors: Mapping[str, bytes] = field(default_factory=dict)
    proof: Proof | None = None

    def to_json(self) -> dict[str, Any]:
        """As one line can hold it."""
        return {
            "version": self.version,
            "entries": [asdict(entry) for entry in self.entries],
            "judged": [asdict(case) for case in self.judged],
            "vectors": {digest: base64.b64encode(vector).decode() for digest, vector in self.vectors.items()},
            "proof": asdict(self.proof) if self.proof else None,
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Self:
        """What `to_json` wrote."""
        return cls(
            version=kept["version"],
            entries=[Entry(**{**entry, "phrasings": tuple(entry["phrasings"])}) for entry in kept["entries"]],
            judged=[Case(**case) for case in kept["judged"]],
            vectors={digest: base64.b64decode(vector) for digest, vector in kept["vectors"].items()},
            proof=_proof(kept["proof"]) if kept["proof"] else None,
        )

    def bot(self, embedder: Embedder) -> Bot:
        """Who decides from it: without a proof that takes tens of seconds for hundreds of entries."""
        return Bot.of(self.entries, Knowing(embedder, self.vectors), judged=self.judged, proof=self.proof)


@dataclass(frozen=True)
class Decided:
    """The decisions, in the order of the texts, and what was found out about the catalogue."""

    decisions: Sequence[Decision]
    proof: Proof

    def to_json(self) -> dict[str, Any]:
        """As one line can hold it."""
        return {"decisions": [asdict(one) for one in self.decisions], "proof": asdict(self.proof)}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Self:
        """What `to_json` wrote."""
        return cls([_decision(one) for one in kept["decisions"]], _proof(kept["proof"]))


def _proof(kept: Mapping[str, Any]) -> Proof:
    sureties = {
        int(per_cent): Surety(**{**one, "doubted": tuple(one["doubted"])}) for per_cent, one in kept["sureties"].items()
    }
    return Proof(kept["slope"], kept["shift"], sureties)


def _decision(kept: Mapping[str, Any]) -> Decision:
    lists = {
        "candidates": tuple(Candidate(**one) for one in kept["candidates"]),
        "forbidden_by": tuple(kept["forbidden_by"]),
    }
    return Decision(**{**kept, **lists})


def digest_of(text: str) -> str:
    """Names a text among vectors."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


class Knowing:
    """An embedder that does not work out what is known already."""

    def __init__(self, embedder: Embedder, known: Mapping[str, bytes]) -> None:
        self._embedder, self._known = embedder, known
        self.dimensions = embedder.dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, in order."""
        found = np.empty((len(texts), self.dimensions), np.float32)
        missing: list[int] = []
        for place, text in enumerate(texts):
            vector = self._known.get(digest_of(text), b"")
            if len(vector) == 2 * self.dimensions:
                found[place] = np.frombuffer(vector, np.float16)
            else:
                missing.append(place)
        if missing:
            found[missing] = self._embedder.embed([texts[place] for place in missing])
        return found
