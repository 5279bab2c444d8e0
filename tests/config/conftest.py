"""Folders that the database's own user can reach, and clusters in them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from comptoir.config.postgres import EmbeddedPostgres


@pytest.fixture(scope="module")
def open_folder() -> Iterator[Path]:
    """A folder that others may pass through (pytest's own is closed to them)."""
    folder = Path(tempfile.mkdtemp(prefix="comptoir-t-", dir="/tmp"))
    if os.geteuid() == 0:
        folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def data_dir(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder, of which the environment speaks; the tests of one file share it, since one takes a while."""
    monkeypatch.setenv("COMPTOIR_DATA_DIR", str(open_folder / "var"))
    monkeypatch.delenv("COMPTOIR_DATABASE_URL", raising=False)
    monkeypatch.setenv("COMPTOIR_POSTGRES_DIR", str(open_folder / "elsewhere"))
    return open_folder / "var"


@pytest.fixture
def cluster(data_dir: Path) -> Iterator[Callable[[], EmbeddedPostgres]]:
    """Makes handles on the embedded server of ``data_dir``; all of them leave at the end."""
    made: list[EmbeddedPostgres] = []

    def make() -> EmbeddedPostgres:
        made.append(EmbeddedPostgres(data_dir))
        return made[-1]

    yield make
    for one in made:
        one.stop()
