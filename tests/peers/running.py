"""A whole counter, run as its users run it: `comptoir up` in a data folder of its own, with a webhook account."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comptoir.connectors.webhook.signing import signature

SECRET = "a secret between us"
START_WITHIN_S = 60.0


def free_ports(count: int) -> int:
    """The first of ``count`` free ports in a row on this machine."""
    for first in range(20_000 + os.getpid() % 10_000, 60_000, count):
        if all(_is_free(first + offset) for offset in range(count)):
            return first
    raise RuntimeError("no free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@dataclass
class RunningCounter:
    """`comptoir up`, started by `start` and ended by `stop`."""

    data_dir: Path
    port: int = field(default_factory=lambda: free_ports(2))
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    hook: str = ""

    @property
    def _environment(self) -> dict[str, str]:
        outer = {name: value for name, value in os.environ.items() if not name.startswith(("COMPTOIR_", "DJANGO_"))}
        own = {"COMPTOIR_DATA_DIR": str(self.data_dir), "COMPTOIR_PORT": str(self.port), "COMPTOIR_UNDO_SECONDS": "0"}
        return outer | own | self.environment

    def start(self, *, until_healthy: bool = True) -> None:
        """Start everything and wait until each part works."""
        log = (self.data_dir.parent / "up.log").open("ab")
        command = [sys.executable, "-m", "comptoir.config.cli", "up", "--no-link", "--no-demo"]
        self.process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log, start_new_session=True)
        if until_healthy:
            self.wait_until_healthy()

    def stop(self) -> int:
        """Ctrl-C, and the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)

    def run(self, script: str) -> Any:
        """Run a script inside the installation; what it prints last is JSON and is returned."""
        command = [sys.executable, "-m", "comptoir.config.cli", "manage", "shell", "-v", "0", "-c", script]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.strip().splitlines()[-1])

    def connect_webhook(self, *, outgoing_url: str = "") -> int:
        """Connect a webhook account, remember its address, and return its id."""
        made = self.run(_CONNECT.format(secret=SECRET, url=outgoing_url))
        self.hook = f"/hooks/webhook/{made['key']}"
        return int(made["id"])

    def health(self) -> tuple[int, dict[str, Any]]:
        """What /healthz says; status 0 where nobody answers."""
        try:
            status, body = self._request("GET", "/healthz")
        except OSError:
            return 0, {}
        return status, json.loads(body)

    def wait_until_healthy(self, within_s: float = START_WITHIN_S) -> None:
        """Raise AssertionError, with what is wrong, unless every part works in time."""
        deadline = time.monotonic() + within_s
        answer: tuple[int, dict[str, Any]] = (0, {})
        while time.monotonic() < deadline:
            answer = self.health()
            if answer[0] == 200:
                return
            time.sleep(0.2)  # another process: there is nothing to wait on
        raise AssertionError(f"not healthy after {within_s} s: {answer}\n{self.log_tail()}")

    def deliver(self, event: dict[str, Any]) -> int:
        """Post one signed event; the HTTP status, or 0 where the connection broke."""
        body = json.dumps(event).encode()
        headers = {
            "Content-Type": "application/json",
            "X-Comptoir-Signature": signature(SECRET, stamp=str(int(time.time())), body=body),
        }
        try:
            return self._request("POST", self.hook, body, headers)[0]
        except (OSError, http.client.HTTPException):
            return 0

    def log_tail(self) -> str:
        log = self.data_dir.parent / "up.log"
        return log.read_text(errors="replace")[-4000:] if log.exists() else ""

    def _request(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body or None, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


_CONNECT = """
import json
from comptoir.brands.models import Brand
from comptoir.channels.actions import connect_account
from comptoir.people.models import Team
brand, _made = Brand.objects.get_or_create(slug="tests", defaults={{"name": "Tests"}})
team, _made = Team.objects.get_or_create(name="Tests")
account = connect_account(
    brand=brand, team=team, kind="webhook", name="Webhook",
    credentials={{"secret": "{secret}", "outgoing_url": "{url}"}}
)
print(json.dumps({{"id": account.pk, "key": account.hook_key}}))
"""


def message(number: int, **more: Any) -> dict[str, Any]:
    """One event of a customer's, told apart by its number."""
    return {
        "event": "message",
        "direction": "incoming",
        "visibility": "private",
        "external_id": f"m-{number}",
        "thread_id": f"t-{number % 50}",
        "author": {"id": f"c-{number % 50}", "name": f"Cliente {number % 50}"},
        "text": f"Message {number}",
        "sent_at": "2026-11-22T10:00:00+01:00",
    } | more
