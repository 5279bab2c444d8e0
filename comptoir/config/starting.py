"""What a command does before its work: logs, the database, Django."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from comptoir.config.errors import CommandError
from comptoir.config.language import _, language
from comptoir.config.logging import configure_logging
from comptoir.config.paths import data_directory
from comptoir.config.postgres import database_url, joined
from comptoir.config.schema import is_up_to_date
from comptoir.config.secrets import secrets_file


@contextlib.contextmanager
def django_ready(process: str, *, migrated: bool = True) -> Iterator[None]:
    """Logs set up, the database running and Django loaded, for the length of a command.

    ``migrated``: only on a database that is set up and up to date. Raises CommandError otherwise.
    """
    configure_logging(process)
    folder = data_directory()
    if migrated:
        require_set_up(folder)
    with joined(folder):
        if migrated and not is_up_to_date(database_url()):
            raise CommandError(_("The database is not up to date. Run first: comptoir migrate"))
        load_django()
        from django.utils import translation

        translation.activate(language())
        yield


def require_set_up(folder: Path) -> None:
    """Raises CommandError where Comptoir never ran in this data folder, and makes nothing there."""
    if not secrets_file(folder).exists():
        raise CommandError(
            _("Nothing is set up in {folder} yet. Start it once with: comptoir up").format(folder=folder)
        )


def load_django() -> None:
    """Load Django once; later calls do nothing."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comptoir.config.settings")
    django.setup()
