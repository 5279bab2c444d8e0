"""What the catalogue does by itself."""

from __future__ import annotations

from comptoir.catalogue.searching.reading import read_catalogue
from comptoir.core.tasks import task


@task("catalogue.read")
def read(**_nothing: object) -> None:
    """Give every text of what serves its vector, so that processes that search need not read them again."""
    read_catalogue()
