"""What the second page needs is loaded behind the first, once, and only where somebody works here."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

import pytest

from comptoir.config.front import warming as module
from comptoir.config.front.warming import warming

COLLEAGUE, STRANGER = {"HTTP_COOKIE": "theme=dark; sessionid=abc"}, {"HTTP_COOKIE": "theme=dark"}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AFTER_S", 0.0)


class Warmed:
    def __init__(self) -> None:
        self.times, self.done = 0, threading.Event()

    def __call__(self) -> None:
        self.times += 1
        self.done.set()


def page(environ: dict[str, Any], start_response: object) -> Iterable[bytes]:
    return [b"page"]


def test_it_is_done_once_behind_a_colleagues_first_page() -> None:
    warmed = Warmed()
    application = warming(page, "sessionid", warmed)
    assert [list(application(COLLEAGUE, print)) for _ in range(5)] == [[b"page"]] * 5
    assert warmed.done.wait(5)
    assert warmed.times == 1


def test_what_strangers_ask_for_loads_nothing() -> None:
    warmed = Warmed()
    application = warming(page, "sessionid", warmed)
    list(application(STRANGER, print))
    list(application({}, print))
    assert not warmed.done.wait(0.2)
