"""Backup and restore, for real: two clusters, and a file between them."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import psycopg
import pytest

from comptoir.config.postgres import EmbeddedPostgres


@pytest.fixture
def comptoir(open_folder, data_dir):
    def run(*arguments: str, folder: str = "var") -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"COMPTOIR_DATA_DIR": str(open_folder / folder), "COMPTOIR_LANGUAGE": "en"}
        command = [sys.executable, "-m", "comptoir.config.cli", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return run


def names_in(folder) -> list[str]:
    server = EmbeddedPostgres(folder)
    try:
        with psycopg.connect(server.start()) as connection:
            return [name for (name,) in connection.execute("SELECT name FROM people_agent ORDER BY id")]
    finally:
        server.stop()


def test_there_and_back_and_never_over_something(comptoir, open_folder):
    file = open_folder / "b.tar"
    assert "nothing to back up" in comptoir("backup", str(file)).stderr
    assert comptoir("migrate").returncode == 0
    assert comptoir("agent", "create", "a@example.com", "--name", "Zoé Ünal").returncode == 0
    attachment = open_folder / "var" / "files" / "ab" / "photo"
    attachment.parent.mkdir(parents=True)
    attachment.write_bytes(b"\x00\xff" * 5000)

    assert comptoir("backup", str(file)).returncode == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert comptoir("backup", str(file)).returncode == 1  # it exists

    refused = comptoir("restore", str(file))
    assert refused.returncode == 1
    assert "only restored into an empty data folder" in refused.stderr

    restored = comptoir("restore", str(file), folder="other")
    assert restored.returncode == 0, restored.stderr
    other = open_folder / "other"
    assert names_in(other) == ["Zoé Ünal"]
    assert (other / "files" / "ab" / "photo").read_bytes() == attachment.read_bytes()
    assert (other / "secrets.json").read_text() == (open_folder / "var" / "secrets.json").read_text()
    assert stat.S_IMODE((other / "secrets.json").stat().st_mode) == 0o600

    cut = open_folder / "cut.tar"
    cut.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    broken = comptoir("restore", str(cut), folder="third")
    assert broken.returncode == 1
    assert "Traceback" not in broken.stderr
    assert not (open_folder / "third" / "secrets.json").exists()
    assert not (open_folder / "third" / "postgres").exists()
    assert comptoir("restore", str(file), folder="third").returncode == 0  # it can be tried again


def test_a_rotated_key_is_kept_and_used(comptoir, open_folder):
    before = (open_folder / "var" / "secrets.json").read_text()
    done = comptoir("secrets", "rotate")
    assert done.returncode == 0, done.stderr
    assert (open_folder / "var" / "secrets.json").read_text() != before
