"""What the decider is given: the catalogue as it serves, what is known of its texts, and what people have judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from comptoir.bot.models import CatalogueSurety
from comptoir.bot.models.settings import MAX_VERSION_CHARS
from comptoir.bot.queries import judged_cases
from comptoir.catalogue.edition import edition
from comptoir.catalogue.models import TextVector
from comptoir.catalogue.searching.reading import catalogue_rows
from comptoir.catalogue.searching.shelf import Rows
from comptoir.core.clock import now
from comptoir.understanding.deciding.catalogue import Catalogue
from comptoir.understanding.deciding.certainty import PER_CENTS, USUAL, Proof
from comptoir.understanding.embedding.loading import meaning_embedder_name

#: What was judged longer ago says little of the answers of today.
_JUDGED_WITHIN = timedelta(days=90)
#: After so many more right ones the catalogue is proven anew; after each wrong one at once.
_STEP = 20


class CatalogueAtHand:
    """The catalogue of this process, made anew when what serves, or what was judged, is another."""

    def __init__(self) -> None:
        self._catalogue = Catalogue("")
        self._rows: Rows | None = None

    def get(self) -> Catalogue:
        """As it is now."""
        present = edition()
        judged = judged_cases(since=now() - _JUDGED_WITHIN)
        right = sum(case.is_right for case in judged)
        version = f"{present.mark}.{right // _STEP}.{len(judged) - right} {meaning_embedder_name()}"[:MAX_VERSION_CHARS]
        if version != self._catalogue.version:
            self._rows = catalogue_rows()
            self._catalogue = Catalogue(version, self._rows.entries, judged, _known_vectors(), proof_kept(version))
        return self._catalogue

    def keep_proof(self, proof: Proof) -> None:
        """What was found out about it goes with it from now on: whoever decides may have to begin anew."""
        self._catalogue = replace(self._catalogue, proof=proof)

    def keys_for(self, brand_id: int, on: date) -> list[str]:
        """The keys of what serves one brand on a day, whoever may answer with it."""
        rows = self._rows
        if rows is None or not len(rows.ids):
            return []
        day = on.toordinal()
        serving = (rows.begins <= day) & (rows.ends >= day) & ((rows.brands == 0) | (rows.brands == brand_id))
        return [rows.entries[place].key for place in np.flatnonzero(serving).tolist()]


def _known_vectors() -> dict[str, bytes]:
    kept = TextVector.objects.filter(embedder=meaning_embedder_name()).values_list("digest", "vector")
    return {bytes(digest).hex(): bytes(vector) for digest, vector in kept.iterator(2_000)}


def proof_kept(version: str) -> Proof | None:
    """What was found out before about the same catalogue; None where nothing was."""
    kept = {one.least_per_cent: one for one in CatalogueSurety.objects.filter(version=version)}
    if set(kept) != set(PER_CENTS):
        return None
    return Proof(kept[USUAL].slope, kept[USUAL].shift, {per_cent: one.surety for per_cent, one in kept.items()})


#: The one of this process.
CATALOGUE = CatalogueAtHand()
