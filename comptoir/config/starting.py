"""What a process does before its work: logs, the database, Django; and how it ends with its parent."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Iterator

from comptoir.config.errors import CommandError
from comptoir.config.language import _, language
from comptoir.config.logging import configure_logging
from comptoir.config.paths import data_directory
from comptoir.config.postgres import database_url, joined
from comptoir.config.schema import is_up_to_date
from comptoir.config.secrets import secrets_file

_PR_SET_PDEATHSIG = 1


@contextlib.contextmanager
def django_ready(process: str, *, migrated: bool = True) -> Iterator[None]:
    """Logs set up, the database running and Django loaded, for the length of a command.

    ``migrated``: only on a database that is set up and up to date. Raises CommandError otherwise.
    """
    configure_logging(process)
    folder = data_directory()
    if migrated and not secrets_file(folder).exists():
        raise CommandError(
            _("Nothing is set up in {folder} yet. Start it once with: comptoir up").format(folder=folder)
        )
    with joined(folder):
        if migrated and not is_up_to_date(database_url()):
            raise CommandError(_("The database is not up to date. Run first: comptoir migrate"))
        load_django()
        from django.utils import translation

        translation.activate(language())
        yield


def load_django() -> None:
    """Load Django once; later calls do nothing."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comptoir.config.settings")
    django.setup()


def end_with(parent: int) -> None:
    """Ask to be ended (SIGTERM) when the process ``parent`` dies, however it dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    else:
        threading.Thread(target=_watch_parent, args=(parent,), daemon=True).start()
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def end_with_supervisor() -> None:
    """End with the `comptoir up` that started us, if one did."""
    supervisor = os.environ.pop("COMPTOIR_SUPERVISOR_PID", "")
    if supervisor:
        end_with(int(supervisor))


def allow_many_files() -> None:
    """Raise the limit of open files to what the system allows: one connection is one file."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536) if hard > 0 else 65536, hard))


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
