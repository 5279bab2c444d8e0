"""What the catalogue does by itself."""

from __future__ import annotations

from datetime import timedelta

from comptoir.catalogue.models import CatalogueFile
from comptoir.catalogue.searching.reading import read_catalogue
from comptoir.core.clock import now
from comptoir.core.tasks import task

#: For so long a file that was looked at waits to be brought in.
_KEPT_FOR = timedelta(days=30)


@task("catalogue.read", apart=True)
def read(**_nothing: object) -> None:
    """Give every text of what serves its vector, so that processes that search need not read them again."""
    read_catalogue()


@task("catalogue.read_nightly", every="20 2 * * *", apart=True)
def read_nightly(timestamp: int) -> None:
    """The same, should another embedder have been put in the place of the one before."""
    read_catalogue()


@task("catalogue.forget_files", every="15 3 * * *")
def forget_files(timestamp: int) -> None:
    """Files that nobody brought in go."""
    CatalogueFile.objects.filter(at__lt=now() - _KEPT_FOR).delete()
