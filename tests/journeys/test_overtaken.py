"""What the page asks again as things happen: an answer that comes late never shows what was."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.desk.actions import assign_conversation, tag_conversation
from comptoir.events.record import record
from comptoir.people.models import Agent
from tests.factories import (
    make_account,
    make_agent,
    make_conversation,
    make_identity,
    make_incoming,
    make_outgoing,
    make_team,
)
from tests.fake_network import FakeNetwork
from tests.journeys.conftest import SignIn
from tests.journeys.conversing import eventually, is_live

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def agent() -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def account(agent: Agent, fake_network: FakeNetwork) -> ChannelAccount:
    return make_account(team=agent.teams.get())


@pytest.fixture
def conversation(account: ChannelAccount) -> Conversation:
    made = make_conversation(account=account, identity=make_identity(name="Nadia"))
    make_incoming(made)
    return made


class Held:
    """The first answer to what is asked at an address: fetched at once, given when it is released."""

    def __init__(self, page: Page, address: str | re.Pattern[str]) -> None:
        self.page = page
        self.first: tuple[Route, APIResponse] | None = None
        page.route(address, self._hold)

    def _hold(self, route: Route) -> None:
        if self.first is None:
            self.first = (route, route.fetch())
        else:
            route.continue_()

    def release(self) -> None:
        eventually(self.page, lambda: self.first)
        self.page.wait_for_timeout(1500)  # long enough for a later answer to come first
        assert self.first is not None
        route, response = self.first
        route.fulfill(response=response)


def opened(sign_in: SignIn, site: str, agent: Agent, conversation: Conversation) -> Page:
    page = sign_in(agent, at=f"/conversations/{conversation.pk}/")
    is_live(page)
    return page


def test_the_head_shows_the_last_owner_though_the_answer_before_comes_after(
    sign_in: SignIn, site: str, agent: Agent, conversation: Conversation
) -> None:
    page = opened(sign_in, site, agent, conversation)
    paul, jeanne = (make_agent(name=name, teams=agent.teams.all()) for name in ("Paul Roy", "Jeanne Abadie"))
    held = Held(page, "**/head/**")
    assign_conversation(conversation.pk, to=paul, by=agent)
    eventually(page, lambda: held.first)
    assign_conversation(conversation.pk, to=jeanne, by=agent)
    held.release()
    expect(page.locator("#assign-menu summary")).to_contain_text("Jeanne Abadie")


def test_a_row_shows_the_last_tag_though_the_answer_before_comes_after(
    sign_in: SignIn, site: str, agent: Agent, conversation: Conversation
) -> None:
    page = opened(sign_in, site, agent, conversation)
    held = Held(page, "**/rows/**")
    tag_conversation(conversation.pk, name="colis", by=agent)
    eventually(page, lambda: held.first)
    tag_conversation(conversation.pk, name="perdu", by=agent)
    held.release()
    expect(page.locator(f"#row-{conversation.pk}")).to_contain_text("perdu")


def test_a_reply_that_left_stands_after_what_was_done_as_it_was_written(
    sign_in: SignIn, site: str, agent: Agent, conversation: Conversation
) -> None:
    page = opened(sign_in, site, agent, conversation)
    reply = make_outgoing(conversation, text="Je regarde.", agent=agent, state="queued", sent_at=now())
    assign_conversation(conversation.pk, to=make_agent(name="Paul Roy", teams=agent.teams.all()), by=agent)
    entries = page.locator("#exchange > li")
    expect(entries.last).to_contain_text("Paul Roy")
    reply.mark_sent(now())
    reply.save()
    record("message.sent", subject=reply)
    expect(entries.last).to_have_id(f"message-{reply.pk}")
