"""Doing a task in a process of its own: it gives way to everything else on the machine, and its memory goes with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import comptoir

#: How willingly the process gives way to others (man 2 nice).
NICE = 15
_PACKAGES = str(Path(comptoir.__file__).parent.parent)
_ONE_CORE = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")}


class ApartError(Exception):
    """The process ended before its task was done, by an error that stands in its log or because it was killed."""

    def __init__(self, name: str, code: int) -> None:
        super().__init__(f"{name}: {f'killed by signal {-code}' if code < 0 else f'exit code {code}'}")


def do_apart(name: str, **arguments: object) -> None:
    """Do the task ``name`` with what JSON can hold, and wait for its end. Raises ApartError.

    The process ends with the one that waits for it, however that one dies.
    """
    paths = os.pathsep.join(filter(None, [_PACKAGES, os.environ.get("PYTHONPATH", "")]))
    code = subprocess.run(
        [sys.executable, "-m", "comptoir.config.cli", "task", name, json.dumps(arguments)],
        stdin=subprocess.DEVNULL,
        env=os.environ | _ONE_CORE | {"PYTHONPATH": paths, "COMPTOIR_SUPERVISOR_PID": str(os.getpid())},
        check=False,
    ).returncode
    if code:
        raise ApartError(name, code)
