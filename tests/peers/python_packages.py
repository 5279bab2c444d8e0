"""Servers that come from PyPI: each in an environment of its own, by a lock file, in ``COMPTOIR_PEERS_DIR``."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

_HERE = Path(__file__).parent
_REPOSITORY = Path(__file__).parents[2]
_PATIENCE_S = 900


def python_of(name: str) -> Path:
    """The Python that has what ``tests/peers/<name>/requirements.lock`` names, installed once."""
    lock = _HERE / name / "requirements.lock"
    state = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()[:12]
    cache = Path(os.environ.get("COMPTOIR_PEERS_DIR") or _REPOSITORY / "var" / "peers")
    folder = cache / f"{name}-{state}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / f"{name}.lock").open("w") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            _run(sys.executable, "-m", "venv", str(folder))
            python = str(folder / "bin" / "python")
            _run(python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock))
            (folder / "complete").touch()
    return folder / "bin" / "python"


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
    assert done.returncode == 0, f"{' '.join(command)} failed: {done.stderr[-2000:]}"
