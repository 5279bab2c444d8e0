"""What the inbox weighs on the wire, as it is served in life: for whoever comes for the first time, and once more."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, Page, expect

from comptoir.config.demonstration import load_demonstration, week
from comptoir.conversations.models import Conversation
from comptoir.people.models import Agent
from tests.factories import make_session
from tests.journeys.conversing import is_live
from tests.journeys.serving import serving

pytestmark = [pytest.mark.peers, pytest.mark.django_db(transaction=True)]
_COLD_BYTES, _WARM_BYTES = 117_000, 15_000


def transferred(page: Page, address: str) -> Counter[str]:
    """The bytes that came over the wire until the page was at rest, heads of the answers included, by address."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    names: dict[str, str] = {}
    came: Counter[str] = Counter()
    session.on("Network.requestWillBeSent", lambda one: names.update({one["requestId"]: one["request"]["url"]}))
    session.on("Network.loadingFinished", lambda one: came.update({names[one["requestId"]]: one["encodedDataLength"]}))
    page.goto(address)
    is_live(page)
    expect(page.locator("#rows .row").first).to_be_visible()
    page.wait_for_timeout(2000)  # the stream is never at rest: what it has the page ask for comes within this
    session.detach()
    return Counter({url: size for url, size in came.items() if url.startswith("http")})


def test_the_inbox_is_light_cold_and_warm(chromium: Browser, stream: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(week, "CONVERSATIONS", 130)  # a third of it
    load_demonstration()
    assert Conversation.objects.filter(status="open").count() > 30, "a list of more than one page"
    agent = Agent.objects.filter(role=Agent.Role.ADMINISTRATOR).earliest("pk")
    with serving(stream) as site:
        context = chromium.new_context(locale="fr-FR", service_workers="block")
        cookie: Any = {"name": django_settings.SESSION_COOKIE_NAME, "value": make_session(agent), "url": site}
        context.add_cookies([cookie])
        page = context.new_page()
        cold, warm = (transferred(page, f"{site}/inbox/all/") for _visit in range(2))
        context.close()
    assert cold.total() < _COLD_BYTES, cold.most_common()
    assert warm.total() < _WARM_BYTES, warm.most_common()
    assert warm.total() > 5_000, "the page itself always comes"
