"""What the decider is given: the catalogue as it serves, what is known of its texts, and what people have judged."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from comptoir.bot.queries import judged_cases
from comptoir.catalogue.edition import edition
from comptoir.catalogue.models import TextVector
from comptoir.catalogue.searching.reading import Rows, catalogue_rows
from comptoir.core.clock import now
from comptoir.understanding.deciding.catalogue import Catalogue
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
        self.edition = 0

    def get(self) -> Catalogue:
        """As it is now."""
        number = edition()[0]
        judged = judged_cases(since=now() - _JUDGED_WITHIN)
        right = sum(case.is_right for case in judged)
        version = f"{number}.{right // _STEP}.{len(judged) - right}"
        if version != self._catalogue.version:
            self._rows, self.edition = catalogue_rows(), number
            self._catalogue = Catalogue(version, self._rows.entries, judged, _known_vectors())
        return self._catalogue

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


#: The one of this process.
CATALOGUE = CatalogueAtHand()
