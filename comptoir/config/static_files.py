"""Static files for a real installation: named by their content, compressed ahead of time, kept by browsers for good.

They are laid out in the data folder when the web server starts and their sources have changed since, in a process of
its own so that the server's parent stays small. Where that has not been done (tests, development) they are served as
they lie.
"""

from __future__ import annotations

import hashlib
import logging
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from wsgiref.headers import Headers

log = logging.getLogger("comptoir.static")

#: Set for the processes that serve pages, once the files are laid out.
READY = "COMPTOIR_STATIC_READY"
#: htmx's extensions are not used here, and name modules that are not there.
_MANNER = ("--noinput", "--verbosity=0", "--ignore=django_htmx/ext*", "--ignore=ext")
_PACKAGE = Path(__file__).resolve().parent.parent


def lay_out(data_dir: Path) -> None:
    """Bring the data folder's static files up to date; where that fails, the sources are served as they lie."""
    note, now = data_dir / "static" / ".laid-out", _fingerprint()
    if not note.exists() or note.read_text() != now:
        command = [sys.executable, "-m", "comptoir.config.cli", "manage", "collectstatic", *_MANNER]
        done = subprocess.run(command, env=os.environ | {READY: "1"}, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            log.warning("static files could not be laid out; they are served uncompressed: %s", done.stderr[-500:])
            return
        note.write_text(now)
    os.environ[READY] = "1"


def add_headers(headers: Headers, _path: str, _url: str) -> None:
    """A file is what it is called. What a page is told beside that says nothing of a file, some fifty times a page."""
    headers["X-Content-Type-Options"] = "nosniff"


def _fingerprint() -> str:
    made_by = ("django-htmx", "django-allauth", "whitenoise", "brotli")
    digest = hashlib.sha256(" ".join(version(package) for package in made_by).encode())
    for path in (_PACKAGE / "config/static_names.py", *sorted(_PACKAGE.glob("*/static/**/*"))):
        state = path.stat()
        digest.update(f"{path.relative_to(_PACKAGE)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
