"""Backup and restore, for real: two clusters, and a file between them."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
import tarfile
import time

import psycopg
import pytest

from comptoir.config.commands.restore import _load
from comptoir.config.errors import CommandError
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
    assert "The backup is cut" in broken.stderr
    assert not (open_folder / "third" / "secrets.json").exists()
    assert not (open_folder / "third" / "postgres").exists()
    assert comptoir("restore", str(file), folder="third").returncode == 0  # it can be tried again


def test_a_backup_of_a_newer_release_is_refused_before_anything_is_made(comptoir, open_folder):
    about = {"format": 1, "release": "99.1", "migrations": {"channels": 9999}}
    with tarfile.open(open_folder / "newer.tar", "w") as archive:
        content = json.dumps(about).encode()
        member = tarfile.TarInfo("comptoir-backup.json")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    refused = comptoir("restore", str(open_folder / "newer.tar"), folder="fourth")
    assert (refused.returncode, "newer release of Comptoir (99.1)" in refused.stderr) == (1, True)
    assert not (open_folder / "fourth").exists()


def test_nothing_is_committed_before_the_whole_backup_is_known_to_be_good(open_folder, data_dir, tmp_path, monkeypatch):
    with tarfile.open(open_folder / "b.tar") as archive:
        dumped = [archive.extractfile(name).read() for name in archive.getnames() if name.startswith("database/")]
    server = EmbeddedPostgres(open_folder / "var")
    try:
        url = server.start()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE outside")
        outside = url.replace("/comptoir?", "/outside?")
        assert outside != url
        monkeypatch.setenv("COMPTOIR_DATABASE_URL", outside)

        def damaged_after_the_database():
            for number, piece in enumerate(dumped):
                yield f"database/{number:06}", io.BytesIO(piece)
            for _ in range(40):  # time enough to commit, if anything let it
                if tables_in(outside):
                    break
                time.sleep(0.1)
            raise CommandError("damaged")

        with pytest.raises(CommandError, match="damaged"):
            _load(damaged_after_the_database(), tmp_path)
        assert tables_in(outside) == 0
    finally:
        server.stop()


def tables_in(url: str) -> int:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()[0]


def test_a_database_of_a_newer_release_is_left_alone(comptoir, open_folder):
    server = EmbeddedPostgres(open_folder / "other")
    try:
        with psycopg.connect(server.start(), autocommit=True) as connection:
            connection.execute("UPDATE comptoir_installation SET fingerprint = 'newer'")
            connection.execute("INSERT INTO django_migrations VALUES (DEFAULT, 'channels', '9999_later', now())")
    finally:
        server.stop()
    refused = comptoir("migrate", folder="other")
    assert (refused.returncode, "newer release" in refused.stderr) == (1, True), refused.stderr


def test_a_rotated_key_is_kept_and_used(comptoir, open_folder):
    before = (open_folder / "var" / "secrets.json").read_text()
    done = comptoir("secrets", "rotate")
    assert done.returncode == 0, done.stderr
    assert (open_folder / "var" / "secrets.json").read_text() != before


def test_no_key_is_rotated_where_there_is_none_and_nothing_is_made(comptoir, open_folder):
    refused = comptoir("secrets", "rotate", folder="nowhere")
    assert (refused.returncode, "Nothing is set up" in refused.stderr) == (1, True), refused.stderr
    assert not (open_folder / "nowhere").exists()
