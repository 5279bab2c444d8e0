"""Where an installation keeps what it must not lose."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def project_root() -> Path | None:
    """The folder of the project when Comptoir runs from one (an editable install), else None."""
    root = PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() else None


def data_directory() -> Path:
    """COMPTOIR_DATA_DIR, else ``var/`` in the project, else ``var/`` in the current folder. It may not exist yet."""
    named = os.environ.get("COMPTOIR_DATA_DIR")
    if named:
        return Path(named).expanduser().absolute()
    return (project_root() or Path.cwd()) / "var"


def make_data_directory(folder: Path) -> None:
    """Make the data folder, closed to everybody else.

    Started as root, the folder may be passed through (0711): the database runs under another user, below it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    wanted = 0o711 if os.geteuid() == 0 else 0o700
    state = folder.stat()
    if state.st_uid == os.geteuid() and state.st_mode & 0o777 != wanted:
        folder.chmod(wanted)
    (folder / "static").mkdir(mode=0o700, exist_ok=True)
    files = folder / "files"
    files.mkdir(mode=0o700, exist_ok=True)
    if files.stat().st_uid == os.geteuid():
        files.chmod(0o700)  # customers' files: nobody else on the machine reads them, though they may pass through
