"""Many pages of one browser: all of them hear what happens, over fewer connections than a browser opens to a host."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation
from comptoir.events.record import Actor, record
from comptoir.notifications.hearing import notify_agents
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_conversation, make_team
from tests.fake_network import FakeNetwork
from tests.journeys.conftest import SignIn
from tests.journeys.conversing import is_live

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_PAGES = 9
#: A page that nobody looks at until it is told otherwise, and how many streams it has open.
_BEHIND = """
window.isBehind = true;
Object.defineProperty(document, "hidden", { get: () => window.isBehind });
"""
_COUNTING = """
window.streams = new Set();
const Real = window.EventSource;
window.EventSource = class extends Real {
  constructor(...named) { super(...named); window.streams.add(this); }
  close() { super.close(); window.streams.delete(this); }
};
window.EventSource.CLOSED = Real.CLOSED;
"""


@pytest.fixture
def agent() -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def account(agent: Agent, fake_network: FakeNetwork) -> ChannelAccount:
    return make_account(team=agent.teams.get())


def opened(page: Page, *, behind: int) -> list[Page]:
    """So many pages more, which nobody looks at."""
    page.add_init_script(_COUNTING)
    pages = []
    for _number in range(behind):
        one = page.context.new_page()
        one.add_init_script(_COUNTING)
        one.add_init_script(_BEHIND)
        one.goto(page.url)
        pages.append(one)
    return pages


def streams(pages: list[Page]) -> int:
    return sum(int(one.evaluate("window.streams.size")) for one in pages)


def is_given(conversation: Conversation, agent: Agent) -> None:
    told = record("conversation.assigned", subject=conversation, by=Actor("system", None), to=agent.pk)
    notify_agents([told])


def test_every_page_hears_of_what_is_new_though_a_browser_opens_six_connections(
    sign_in: SignIn, agent: Agent, account: ChannelAccount
) -> None:
    page = sign_in(agent, at="/settings/")
    behind = opened(page, behind=_PAGES)
    page.reload()
    for one in (*behind, page):
        is_live(one)
    is_given(make_conversation(account=account), agent)
    for one in (*behind, page):
        expect(one.locator("#unseen-count")).to_have_attribute("data-count", "1")
    assert streams(behind) <= 1


def test_when_the_page_that_hears_for_others_is_closed_another_does(
    sign_in: SignIn, agent: Agent, account: ChannelAccount
) -> None:
    page = sign_in(agent)
    behind = opened(page, behind=2)
    page.close()
    is_given(make_conversation(account=account), agent)
    for one in behind:
        expect(one.locator("#unseen-count")).to_have_attribute("data-count", "1")
    assert streams(behind) == 1


def test_a_page_that_comes_back_in_sight_has_heard_what_happened(
    sign_in: SignIn, agent: Agent, account: ChannelAccount
) -> None:
    page = sign_in(agent)
    (one,) = opened(page, behind=1)
    is_live(one)
    one.evaluate("window.isBehind = false; document.dispatchEvent(new Event('visibilitychange'))")
    one.wait_for_function("() => window.streams.size === 1")
    is_given(make_conversation(account=account), agent)
    expect(one.locator("#unseen-count")).to_have_attribute("data-count", "1")
