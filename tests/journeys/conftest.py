"""A browser, a web server and the stream of live updates, all on this machine and all on the tests' database."""

from __future__ import annotations

import atexit
import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from comptoir.people.models import Agent
from tests.factories import make_session
from tests.journeys.serving import AttendedServer, streaming

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: The lightest first: the headless shell is the same engine, and draws no window around each page.
_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
#: How long something that must happen may take: a machine may be busy, and whoever does not wait for it sees nothing.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
#: Playwright's synchronous interface keeps an event loop running in this thread, which Django takes for its own.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def chromium_path() -> str | None:
    """The browser of the system, if it has one."""
    return os.environ.get("COMPTOIR_CHROMIUM") or next(filter(None, map(shutil.which, _BROWSERS)), None)


#: Browsers that have been here before: they keep the files of the screens, which each would otherwise load anew.
_acquainted: list[BrowserContext] = []


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


@pytest.fixture(scope="session")
def live_server() -> Iterator[AttendedServer]:
    """The screens (in place of pytest-django's, which cannot tell whether it still answers somebody)."""
    server = AttendedServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def stream(django_db_setup: None) -> Iterator[int]:
    """One stream of live updates for all journeys: it keeps nothing of those who have left."""
    with streaming() as port:
        yield port


@pytest.fixture(autouse=True)
def everybody_leaves(transactional_db: None, request: pytest.FixtureRequest) -> Iterator[None]:
    """In this order: the browser's windows are closed, what they asked for is answered, the database is emptied.

    What is set up first ends last: after whatever a test opens, before the database that is asked for here.
    """
    yield
    if _browser.cache_info().currsize:
        for context in _browser().contexts:
            if context not in _acquainted:
                context.close()
    if "live_server" in request.fixturenames:
        request.getfixturevalue("live_server").hang_up()


@pytest.fixture
def site(live_server: AttendedServer, stream: int, settings: Any) -> str:
    """The address of the screens, with live updates."""
    settings.LIVE_PORT, settings.LIVE_URL = stream, ""
    settings.ALLOWED_HOSTS = [*django_settings.ALLOWED_HOSTS, "localhost"]
    settings.UNDO_SECONDS = 60  # whoever takes a reply back is not to be too late for it
    return str(live_server.url)


SignIn = Callable[..., Page]


def _forget_everything(page: Page, site: str) -> None:
    """Whoever used this browser before has left nothing in it but files that never change."""
    page.context.clear_cookies()
    tools = page.context.new_cdp_session(page)
    tools.send(
        "Storage.clearDataForOrigin",
        {"origin": site, "storageTypes": "local_storage,indexeddb,cache_storage,service_workers"},
    )
    tools.detach()


@pytest.fixture
def sign_in(chromium: Browser, site: str) -> Iterator[SignIn]:
    """Open the counter as an agent, in a browser of their own; a page that shows an error fails the test.

    ``at`` is the screen to begin with, the inbox if none is named. Options are for a browser that nobody used before.
    """
    new: list[BrowserContext] = []
    lent: list[BrowserContext] = []
    complaints: list[str] = []

    def signed_in(agent: Agent, *, at: str = "/", **options: Any) -> Page:
        usual = {"locale": "fr-FR", "viewport": {"width": 1440, "height": 900}, "service_workers": "block"}
        context = _acquainted.pop() if _acquainted and not options else chromium.new_context(**usual | options)
        (new if options else lent).append(context)
        page = context.new_page()
        _forget_everything(page, site)
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None
        )
        cookie = {"name": django_settings.SESSION_COOKIE_NAME, "value": make_session(agent), "url": site}
        context.add_cookies([cookie])  # test_signing_in.py does it on the page
        page.goto(site + at)
        if at == "/":
            page.wait_for_url("**/inbox/**")
        return page

    yield signed_in
    for context in new:
        context.close()
    for context in lent:
        context.set_offline(False)
        for page in context.pages:
            page.close()
    _acquainted.extend(lent)
    assert complaints == []
