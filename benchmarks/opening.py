"""From the key J to the next conversation painted, in a real browser at the large counter, and the bare answer beside.

The floor of the same run is the same fragment fetched by the same browser, without showing it: so what else the machine
does weighs on both. One walks at three paces: of whoever glances at each (half a second), pressing four times a second
whatever is seen, and pressing again as soon as one sees something, when the next may not be there yet. 100 ms from the
key to the paint is the goal.
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
from contextlib import ExitStack, contextmanager
from typing import Any

from benchmarks import _crowd, inbox
from benchmarks._ground import filled_ground, verdict
from benchmarks._turns import ninety_fifth

_WARM, _ROUNDS = 4, 20
_GLANCE_MS = 500
_HASTE_MS = 250
_MOST_OF_ANSWER = 2.0
_GOAL_MS = 100.0
_PATIENCE_MS = 20_000
_COOKIE = "comptoir_session"
_BARE, _GLANCING = "the bare answer", "key to paint, at a glance each"
_HASTY, _HURRIED = "key to paint, four a second", "key to paint, hurried"

#: When the key went down for each conversation, and how long after that the browser had painted it.
_WATCH = """
window.opened = [];
const pressed = new Map();
addEventListener("keydown", (event) => {
  if (event.key === "j") pressed.set(document.getElementById("rows").dataset.open, event.timeStamp);
});
addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "conversation") return;
  const id = document.querySelector(".exchange-pane").dataset.conversation;
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => window.opened.push(performance.now() - pressed.get(id));
    channel.port2.postMessage(0);
  });
});
"""
#: A row's fragment, asked for as the page asks for it ahead.
_FETCH = """
async (number) => {
  const { href } = document.querySelectorAll(".row")[number].querySelector("a");
  const begun = performance.now();
  const answer = await fetch(href, { headers: { "HX-Request": "true", "Comptoir-Ahead": "1" } });
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
        spent = _measured(chromium, site, _session(_crowd.people()["supervisor"]))
    for what, took in spent.items():
        print(f"{what}: median {statistics.median(took):.0f} ms, p95 {ninety_fifth(took):.0f} ms")
    ratio = statistics.median(spent[_HURRIED]) / statistics.median(spent[_BARE])
    held = [verdict(f"{_HURRIED}, of the bare answer", ratio, _MOST_OF_ANSWER, at_most=True)]
    paced = (_GLANCING, _HASTY)
    held += [verdict(f"{what}, p95 ms", ninety_fifth(spent[what]), _GOAL_MS, at_most=True) for what in paced]
    return all(held)


def _session(agent: Any) -> str:
    """The key of a session of this agent's."""
    from django.test import Client

    client = Client()
    client.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
    return str(client.cookies[_COOKIE].value)


@contextmanager
def _served(environment: dict[str, str]) -> Iterator[str]:
    """The screens, served as in life, with what tells them of changes; their address."""
    with ExitStack() as ports:
        free = [ports.enter_context(socket.socket()) for _ in range(2)]
        for probe in free:
            probe.bind(("127.0.0.1", 0))
        port, live_port = (int(probe.getsockname()[1]) for probe in free)
    environment = environment | {"COMPTOIR_PORT": str(port), "COMPTOIR_LIVE_PORT": str(live_port)}
    servers = [
        subprocess.Popen(
            [sys.executable, "-m", "comptoir.config.cli", what],
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for what in ("web", "live")
    ]
    try:
        _wait(f"http://127.0.0.1:{port}/account/login/", servers[0])
        yield f"http://127.0.0.1:{port}"
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
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


def _measured(chromium: str, site: str, session: str) -> dict[str, list[float]]:
    """Milliseconds of the bare answers, and from key to paint at each pace, for the same conversations."""
    from playwright.sync_api import sync_playwright

    spent = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, bypass_csp=True)  # waiting evaluates a string
        page.context.add_cookies([{"name": _COOKIE, "value": session, "url": site}])
        page.add_init_script(_WATCH)
        page.goto(f"{site}/inbox/all/")
        spent[_BARE] = [page.evaluate(_FETCH, number) for number in range(_WARM + _ROUNDS)][_WARM:]
        for what, walk in ((_GLANCING, _glanced), (_HASTY, _pressed_on), (_HURRIED, _hurried)):
            page.goto(f"{site}/inbox/all/")
            page.wait_for_function("document.documentElement.dataset.live === 'on'", timeout=_PATIENCE_MS)
            walk(page)
            spent[what] = page.evaluate("window.opened")[_WARM:]
        browser.close()
    return spent


def _glanced(page: Any) -> None:
    for number in range(1, _WARM + _ROUNDS + 1):
        _press(page, number)
        page.wait_for_timeout(_GLANCE_MS)


def _hurried(page: Any) -> None:
    for number in range(1, _WARM + _ROUNDS + 1):
        _press(page, number)


def _pressed_on(page: Any) -> None:
    """Nobody waits: what has not come by the next key is never painted. What begins it is waited for."""
    for number in range(1, _WARM + 1):
        _press(page, number)
    for _ in range(_ROUNDS):
        page.keyboard.press("j")
        page.wait_for_timeout(_HASTE_MS)
    page.wait_for_function(f"window.opened.length > {_WARM}", timeout=_PATIENCE_MS)


def _press(page: Any, number: int) -> None:
    page.keyboard.press("j")
    page.wait_for_function(f"window.opened.length === {number}", timeout=_PATIENCE_MS)
