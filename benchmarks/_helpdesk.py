"""django-helpdesk, in an environment of its own that is thrown away: the same mails to tickets."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

_RELEASE = "django-helpdesk==2.6.1"
_INSTALL_PATIENCE_S = 240
_RUN_PATIENCE_S = 240


def rate_of(mails: Sequence[bytes]) -> float | None:
    """Tickets a second that it makes of the mails, on the database of this run; None where it cannot be had."""
    folder = Path(tempfile.mkdtemp(prefix="comptoir-helpdesk-"))
    try:
        python = os.environ.get("COMPTOIR_BENCH_HELPDESK") or _installed(folder)
        for number, mail in enumerate(mails):
            (folder / f"{number:06d}.eml").write_bytes(mail)
        said = subprocess.run(
            [python, str(Path(__file__).with_name("_helpdesk_run.py")), str(folder)],
            capture_output=True, text=True, timeout=_RUN_PATIENCE_S, check=True, env=_environment(folder),
        )  # fmt: skip
        return float(said.stdout.strip().splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        print(f"django-helpdesk: {getattr(error, 'stderr', None) or error}"[-600:])
        return None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _installed(folder: Path) -> str:
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True, timeout=60)
    python = str(folder / "venv" / "bin" / "python")
    install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", _RELEASE, "psycopg[binary]>=3.2"]
    subprocess.run(install, check=True, timeout=_INSTALL_PATIENCE_S, capture_output=True, text=True)
    return python


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "PYTHONPATH")}
    return kept | {"HELPDESK_FOLDER": str(folder)}
