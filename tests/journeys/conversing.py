"""What a journey needs beside the browser: the worker's part, done while the browser waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connections
from playwright.sync_api import Page, expect


@contextmanager
def beside(work: Callable[[], object], *, every_s: float = 0.1) -> Iterator[None]:
    """Do it again and again in a thread, as a process of ours does in life."""
    stop = threading.Event()

    def again() -> None:
        try:
            while not stop.wait(every_s):
                work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=again)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def is_live(page: Page) -> None:
    """The page hears of what happens: from here on nothing is missed."""
    expect(page.locator("html")).to_have_attribute("data-live", "on")


def begin_to_write(page: Page, key: str) -> None:
    """Press the key of a reply or of a note; what is typed from here on is in its text."""
    page.keyboard.press(key)
    expect(page.locator("#composer-text")).to_be_focused()


def eventually(page: Page, found: Callable[[], object]) -> None:
    """Wait for what no page shows; the browser goes on meanwhile."""
    deadline = time.monotonic() + 60
    while not found():
        assert time.monotonic() < deadline, "it did not happen"
        page.wait_for_timeout(50)
