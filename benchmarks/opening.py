"""From the key J to the next conversation painted, in a real browser at the large counter, and the bare answer beside.

The floor of the same run is the same fragment fetched by the same browser, without showing it: so what else the machine
does weighs on both. What is asked of a quiet machine is 100 ms from the key to the paint.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks import _crowd, inbox
from benchmarks._ground import filled_ground, verdict

_WARM, _ROUNDS = 5, 25
_MOST_OF_ANSWER = 2.0
_PATIENCE_MS = 20_000
_COOKIE = "comptoir_session"

#: When the key went down, when the browser had painted what came, and which conversations were opened.
_WATCH = """
window.opened = [];
addEventListener("keydown", (event) => { if (event.key === "j") window.pressedAt = event.timeStamp; }, true);
addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "conversation") return;
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => window.opened.push(performance.now() - window.pressedAt);
    channel.port2.postMessage(0);
  });
});
"""
#: The next row's fragment, asked for as the page asks for it.
_FETCH = """
async () => {
  const rows = [...document.querySelectorAll(".row")];
  const next = rows[rows.findIndex((row) => row.querySelector("[aria-current]")) + 1];
  const begun = performance.now();
  const answer = await fetch(next.querySelector("a").href, { headers: { "HX-Request": "true" } });
  await answer.text();
  return performance.now() - begun;
}
"""


def main() -> bool:
    """Print both and their ratio; whether it holds."""
    chromium = os.environ.get("COMPTOIR_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("There is no Chromium: nothing is measured.")
        return True
    with filled_ground(inbox.fill) as environment, _served(environment) as site:
        painted, answered = _measured(chromium, site, _session(_crowd.people()["supervisor"]))
    for what, spent in (("key to paint", painted), ("the bare answer", answered)):
        print(f"{what}: median {statistics.median(spent):.0f} ms, p95 {inbox.ninety_fifth(spent):.0f} ms")
    ratio = statistics.median(painted) / statistics.median(answered)
    return verdict("key to paint, of the bare answer", ratio, _MOST_OF_ANSWER, at_most=True)


def _session(agent: Any) -> str:
    """The key of a session of this agent's."""
    from django.test import Client

    client = Client()
    client.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
    return str(client.cookies[_COOKIE].value)


@contextmanager
def _served(environment: dict[str, str]) -> Iterator[str]:
    """The screens, served as in life; their address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = subprocess.Popen(
        [sys.executable, "-m", "comptoir.config.cli", "web"],
        env=os.environ | environment | {"COMPTOIR_PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(f"http://127.0.0.1:{port}/account/login/", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the screens are not served") from error
            time.sleep(0.1)  # noqa: TID251  # another process


def _measured(chromium: str, site: str, session: str) -> tuple[list[float], list[float]]:
    """Milliseconds from key to paint, and of the bare answer for the same conversations, in turns."""
    from playwright.sync_api import sync_playwright

    painted, answered = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, bypass_csp=True)  # waiting evaluates a string
        page.context.add_cookies([{"name": _COOKIE, "value": session, "url": site}])
        page.add_init_script(_WATCH)
        page.goto(f"{site}/inbox/all/")
        page.keyboard.press("j")
        page.wait_for_function("window.opened.length === 1", timeout=_PATIENCE_MS)
        for number in range(2, _WARM + _ROUNDS + 2):
            if page.locator(".row").nth(number).count() == 0:
                break
            alone = page.evaluate(_FETCH)
            page.keyboard.press("j")
            page.wait_for_function(f"window.opened.length === {number}", timeout=_PATIENCE_MS)
            if number > _WARM + 1:
                answered.append(alone)
                painted.append(page.evaluate("window.opened.at(-1)"))
        browser.close()
    return painted, answered
