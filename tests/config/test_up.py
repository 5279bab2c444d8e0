"""`comptoir up`, for real: everything started, each part killed, everything ended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from comptoir.config.postgres.pidfile import postmaster_of
from comptoir.config.postgres.placement import placed
from tests.ports import own_port

pytestmark = pytest.mark.peers

PATIENCE_S = 240.0  # on a machine that has much else to do
UP = [sys.executable, "-m", "comptoir.config.cli", "up", "--no-demo", "--no-link"]


def wait_until(is_so: Callable[[], Any], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, f"{what}: not within {PATIENCE_S:.0f} s"
        time.sleep(0.05)


class Installation:
    """One data folder, two ports, and the `comptoir up` that runs on them."""

    def __init__(self, folder: Path) -> None:
        self.data_dir = folder / "var"
        self.port = own_port()
        self.environment = {name: text for name, text in os.environ.items() if not name.startswith("COMPTOIR_")} | {
            "COMPTOIR_DATA_DIR": str(self.data_dir),
            "COMPTOIR_PORT": str(self.port),
            "COMPTOIR_LIVE_PORT": str(own_port()),
            "COMPTOIR_POSTGRES_DIR": str(folder / "elsewhere"),
            "COMPTOIR_LANGUAGE": "en",
            "COMPTOIR_SUPERVISOR_PID": str(os.getpid()),  # ends with us, should we be killed
        }
        self.log = folder / "up.log"
        self.up: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.up = subprocess.Popen(UP, env=self.environment, stdout=log, stderr=log, start_new_session=True)
        wait_until(lambda: self.health()[0] == 200, "healthy")

    def health(self) -> tuple[int, dict[str, Any]]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
        except OSError:
            return 0, {}

    def processes(self, *words: str) -> list[int]:
        """The living processes of this installation that have all these words among their arguments."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                environment = (folder / "environ").read_bytes()
                command = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue
            ours = f"COMPTOIR_DATA_DIR={self.data_dir}".encode() in environment.split(b"\0")
            if ours and all(word in command for word in words):
                found.append(int(folder.name))
        return found

    def database_pid(self) -> int | None:
        running = postmaster_of(placed(self.data_dir) / "data")
        return running.pid if running else None


def kill(pids: Iterable[int]) -> None:
    """Kill them, also where one has ended by itself meanwhile, since the one that it ends with was killed first."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def installation(open_folder: Path) -> Iterator[Installation]:
    installation = Installation(open_folder)
    installation.start()
    yield installation
    if installation.up is not None and installation.up.poll() is None:
        installation.up.send_signal(signal.SIGINT)
        installation.up.wait(PATIENCE_S)


def test_every_part_is_healthy(installation):
    status, answer = installation.health()
    assert status == 200
    assert {"database", "worker", "intake", "live"} <= set(answer["parts"])
    assert all(part == {"ok": True} for part in answer["parts"].values())


def test_the_data_folder_is_closed_to_others(installation):
    assert installation.data_dir.stat().st_mode & 0o066 == 0
    assert (installation.data_dir / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_a_second_one_on_the_same_folder_says_so(installation):
    second = subprocess.run(UP, env=installation.environment, capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert second.stderr.startswith("comptoir: Comptoir is already running on")
    assert str(installation.up.pid) in second.stderr


def test_a_port_in_use_is_told_and_nothing_is_started(installation, tmp_path):
    environment = installation.environment | {"COMPTOIR_DATA_DIR": str(tmp_path / "var")}
    other = subprocess.run(UP, env=environment, capture_output=True, text=True, check=False)
    assert other.returncode == 1
    assert f"Port {installation.port} on 127.0.0.1 is in use" in other.stderr
    assert "Traceback" not in other.stderr
    assert not (tmp_path / "var" / "postgres").exists()


@pytest.mark.parametrize("command", ["web", "live", "worker"])
def test_a_killed_process_is_started_again(installation, command):
    killed = installation.processes("comptoir.config.cli", command)
    assert killed
    kill(killed)
    wait_until(lambda: set(installation.processes("comptoir.config.cli", command)) - set(killed), "started again")
    wait_until(lambda: installation.health()[0] == 200, "healthy")
    assert not set(installation.processes("comptoir.config.cli", command)) & set(killed)


def test_a_killed_server_leaves_no_worker_behind(installation):
    """Granian's own worker ends with its parent, and so leaves the port to the next one."""
    parent, *workers = sorted(installation.processes("comptoir.config.cli", "web"))
    assert workers
    kill([parent])
    wait_until(lambda: not set(workers) & set(installation.processes("comptoir.config.cli", "web")), "gone")
    wait_until(lambda: installation.health()[0] == 200, "healthy")


def test_a_killed_database_is_started_again(installation):
    killed = installation.database_pid()
    kill([killed])
    wait_until(lambda: installation.database_pid() not in (None, killed), "started again")
    wait_until(lambda: installation.health()[0] == 200, "healthy")


def test_the_doctor_finds_it_well_but_for_the_missing_administrator(installation):
    def unwell() -> dict[str, str]:
        command = [sys.executable, "-m", "comptoir.config.cli", "doctor", "--json"]
        told_no_port = {name: text for name, text in installation.environment.items() if not name.endswith("_PORT")}
        done = subprocess.run(command, env=told_no_port, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        return {check["check"]: check["remedy"] for check in json.loads(done.stdout)["checks"] if not check["ok"]}

    wait_until(lambda: list(unwell()) == ["administrators"], "well")
    assert "comptoir agent create" in unwell()["administrators"]


def test_when_it_is_killed_itself_its_children_end_and_the_next_start_recovers(installation):
    installation.up.kill()
    installation.up.wait()
    wait_until(lambda: not installation.processes("comptoir.config.cli"), "children ended")
    installation.start()


def test_when_everything_is_killed_at_once_the_next_start_recovers(installation):
    kill([*installation.processes("comptoir.config.cli"), installation.database_pid()])
    installation.up.wait()
    installation.start()


def test_ctrl_c_ends_all_of_it(installation):
    assert installation.up.poll() is None, "a test before this one left it ended"
    installation.up.send_signal(signal.SIGINT)
    assert installation.up.wait(PATIENCE_S) == 0
    assert installation.processes("comptoir.config.cli") == []
    assert installation.database_pid() is None
    assert "Traceback" not in installation.log.read_text().split('"event": "bringing')[0]
