"""The embedded PostgreSQL, for real: started, killed, taken over."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from comptoir.config.postgres import EmbeddedPostgres, PostgresError, database_url
from comptoir.config.postgres.binaries import find_binaries
from comptoir.config.postgres.pidfile import postmaster_of
from comptoir.config.postgres.placement import placed
from comptoir.config.secrets import SecretsError


def pid_of(data_dir: Path) -> int:
    running = postmaster_of(placed(data_dir) / "data")
    assert running is not None
    return running.pid


def value(url: str, query: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    while is_alive(pid):
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    """A zombie of ours is not: exactly what must not be taken for a server."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_it_speaks_french_and_utf8_and_listens_on_no_tcp_port(cluster, data_dir):
    url = cluster().start()
    assert value(url, "SHOW listen_addresses") == ""
    assert value(url, "SHOW server_encoding") == "UTF8"
    assert value(url, "SELECT to_tsvector('french', 'des commandes échouées')::text") == "'command':2 'échou':3"
    assert value(url, "SELECT lower('ÉÀÇ')") == "éàç"
    folder = postmaster_of(placed(data_dir) / "data").socket_folder
    assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700


def test_nobody_comes_in_without_the_password(cluster):
    url = cluster().start()
    parts = psycopg.conninfo.conninfo_to_dict(url)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(psycopg.conninfo.make_conninfo("", **parts | {"password": "wrong"}))


def test_it_does_not_run_as_root(cluster, data_dir):
    cluster().start()
    assert Path(f"/proc/{pid_of(data_dir)}").stat().st_uid != 0


def test_a_killed_server_is_started_again_with_every_committed_row(cluster, data_dir):
    server = cluster()
    url = server.start()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
    kill(pid_of(data_dir))
    assert not server.is_running()
    assert server.watch() is True
    assert value(server.url, "SELECT count(*) FROM kept") == 1000
    assert server.watch() is False


def test_a_server_that_its_starter_left_behind_is_taken_over(cluster, data_dir):
    script = (
        "import os, signal; from pathlib import Path; from comptoir.config.postgres import EmbeddedPostgres;"
        f"EmbeddedPostgres(Path({str(data_dir)!r})).start(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script], check=False)
    orphan = pid_of(data_dir)
    server = cluster()
    assert value(server.start(), "SELECT 1") == 1
    assert pid_of(data_dir) == orphan
    assert server.stop() is True
    assert postmaster_of(placed(data_dir) / "data") is None


def test_the_last_user_to_leave_stops_it(cluster, data_dir):
    first, second = cluster(), cluster()
    first.start()
    url = second.start()
    assert first.stop() is False
    assert value(url, "SELECT 1") == 1
    assert second.stop() is True
    assert not second.is_running()


@pytest.mark.parametrize("stranger", ["this process", "a zombie", "nobody"])
def test_a_pid_file_that_names_no_server_is_no_obstacle(cluster, data_dir, stranger):
    server = cluster()
    server.start()
    kill(pid_of(data_dir))
    server.is_running()  # which reaps it
    zombie = subprocess.Popen(["true"])
    pid = {"this process": os.getpid(), "a zombie": zombie.pid, "nobody": 2**22 - 3}[stranger]
    home = placed(data_dir)
    for path in (home / "data" / "postmaster.pid", home / "run" / ".s.PGSQL.5432.lock"):
        lines = path.read_text().splitlines()
        path.write_text("\n".join([str(pid), *lines[1:]]) + "\n")
    assert value(server.start(), "SELECT 1") == 1
    zombie.wait()


def test_a_data_folder_with_a_very_long_path_works(cluster, data_dir, monkeypatch):
    deep = data_dir.parent / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    if os.geteuid() == 0:
        deep.parent.chmod(0o711)
        deep.chmod(0o711)
    server = EmbeddedPostgres(deep / "var")
    try:
        assert value(server.start(), "SELECT 1") == 1
    finally:
        server.stop()


def test_a_parent_that_is_closed_to_others_is_no_obstacle(open_folder, data_dir):
    closed = open_folder / "home"
    closed.mkdir(mode=0o700)
    server = EmbeddedPostgres(closed / "var")
    try:
        assert value(server.start(), "SELECT 1") == 1
        assert server.stop() is True
        assert value(server.start(), "SELECT 1") == 1  # found again
    finally:
        server.stop()


def test_a_lost_secrets_file_is_told_and_not_replaced(cluster, data_dir):
    server = cluster()
    server.start()
    server.stop()
    kept = (data_dir / "secrets.json").rename(data_dir / "kept.json")
    with pytest.raises(SecretsError, match=r"secrets\.json is missing"):
        server.start()
    assert not (data_dir / "secrets.json").exists()
    kept.rename(data_dir / "secrets.json")
    assert value(server.start(), "SELECT 1") == 1


def test_a_cluster_of_another_major_version_is_told(cluster, data_dir):
    server = cluster()
    server.start()
    server.stop()
    version = placed(data_dir) / "data" / "PG_VERSION"
    true = version.read_text()
    version.write_text("14\n")
    with pytest.raises(PostgresError, match=r"PostgreSQL 14.*was not found.*Upgrading PostgreSQL"):
        server.start()
    version.write_text(true)
    assert value(server.start(), "SELECT 1") == 1


def test_the_address_in_the_environment_wins(data_dir, monkeypatch):
    monkeypatch.setenv("COMPTOIR_DATABASE_URL", "postgresql://elsewhere/x")
    assert database_url() == "postgresql://elsewhere/x"


def test_without_a_server_the_address_leads_nowhere_and_starts_nothing(data_dir, open_folder, monkeypatch):
    monkeypatch.setenv("COMPTOIR_DATA_DIR", str(open_folder / "untouched"))
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(database_url())
    assert not (open_folder / "untouched").exists()


def test_programs_that_are_too_old_are_not_taken(tmp_path, monkeypatch):
    for name in ("postgres", "initdb"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 12.9'\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("COMPTOIR_POSTGRES_BIN", str(tmp_path))
    assert find_binaries().bin_dir != tmp_path
    with pytest.raises(PostgresError, match=rf"12\.9 in {tmp_path}"):
        find_binaries(major=3)
