"""One `comptoir up` for each data folder: a lock that its death releases, however it dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from comptoir.config.errors import CommandError
from comptoir.config.language import _


def only_one(data_dir: Path) -> IO[str]:
    """Hold the lock until the file is closed. Raises CommandError when another `comptoir up` holds it."""
    file = (data_dir / "up.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        other = file.read().strip() or "?"
        file.close()
        raise CommandError(
            _(
                "Comptoir is already running on {folder} (process {pid}). "
                "End that one, or set COMPTOIR_DATA_DIR to another folder."
            ).format(folder=data_dir, pid=other)
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def is_up(data_dir: Path) -> bool:
    """Whether a `comptoir up` runs on this data folder."""
    if not (data_dir / "up.lock").exists():
        return False
    with (data_dir / "up.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
