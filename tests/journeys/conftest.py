"""A browser, a web server and the stream of live updates, all on this machine and all on the tests' database."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings as django_settings
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from comptoir.people.actions import create_sign_in_link
from comptoir.people.models import Agent

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: Playwright's synchronous interface keeps an event loop running in this thread, which Django takes for its own.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def chromium_path() -> str | None:
    """The browser of the system, if it has one."""
    return os.environ.get("COMPTOIR_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@cache
def _browser() -> Browser:
    playwright = sync_playwright().start()
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
    atexit.register(playwright.stop)
    atexit.register(browser.close)
    return browser


@pytest.fixture(scope="session")
def chromium() -> Browser:
    """One browser for all journeys, those of other folders too: Playwright starts once in a process."""
    if chromium_path() is None:
        pytest.skip("there is no Chromium: make test installs it where it may")
    return _browser()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def database_of_tests() -> str:
    """The address of the tests' database, for a process of its own."""
    parts = connection.settings_dict
    where = urlencode({"host": parts["HOST"], **({"port": parts["PORT"]} if parts["PORT"] else {})})
    login = f"{quote(parts['USER'], safe='')}:{quote(parts['PASSWORD'], safe='')}"
    return f"postgresql://{login}@/{quote(str(parts['NAME']))}?{where}"


@pytest.fixture
def live_updates(transactional_db: None) -> Iterator[int]:
    """The stream of live updates, in a process of its own as it is in life; its port."""
    port = free_port()
    environment = os.environ | {"COMPTOIR_DATABASE_URL": database_of_tests(), "PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "comptoir.config.asgi:application"], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        _wait_until_open(f"http://127.0.0.1:{port}/healthz")
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait_until_open(address: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError as error:
            if time.monotonic() > deadline:
                raise AssertionError(f"{address} does not answer: {error}") from error
            time.sleep(0.1)


@pytest.fixture
def site(live_server: LiveServer, live_updates: int, settings: Any) -> str:
    """The address of the screens, with live updates."""
    settings.LIVE_PORT, settings.LIVE_URL = live_updates, ""
    settings.ALLOWED_HOSTS = [*django_settings.ALLOWED_HOSTS, "localhost"]
    return str(live_server.url)


SignIn = Callable[..., Page]


@pytest.fixture
def sign_in(chromium: Browser, site: str) -> Iterator[SignIn]:
    """Open the counter as an agent, in a browser of their own; a page that shows an error fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def signed_in(agent: Agent, **options: Any) -> Page:
        usual = {"locale": "fr-FR", "viewport": {"width": 1440, "height": 900}, "service_workers": "block"}
        context = chromium.new_context(**usual | options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.set_default_navigation_timeout(30_000)  # The first page of a run is slow on a busy machine.
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None
        )
        page.goto(f"{site}/sign-in/{create_sign_in_link(agent=agent)}/")
        page.locator("main button").click()
        page.wait_for_url("**/inbox/**")
        return page

    yield signed_in
    for context in contexts:
        context.close()
    assert complaints == []
