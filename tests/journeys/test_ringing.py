"""The telephone rings: it is heard and seen, who calls is opened, and whoever writes is left to write."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Message
from comptoir.events.record import Actor, record
from comptoir.notifications.choices import Kind, Way, chosen_preferences
from comptoir.notifications.hearing import notify_agents
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.journeys.conftest import SignIn
from tests.journeys.conversing import begin_to_write, is_live

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: What is played is written down: the frequencies, one after the other.
_LISTENING = """
window.heard = [];
const Real = window.OscillatorNode;
window.OscillatorNode = function (context, options) {
  window.heard.push(options.frequency);
  return new Real(context, options);
};
"""
_RING, _FOR_ME = [880, 1109], [660, 880]


@pytest.fixture
def agent() -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def account(agent: Agent, fake_network: FakeNetwork) -> ChannelAccount:
    return make_account(team=agent.teams.get())


def calls(account: ChannelAccount, name: str = "Léa Fontaine") -> Message:
    """A customer whom we know calls."""
    conversation = make_conversation(account=account, identity=make_identity(name=name))
    call = make_incoming(conversation, text="", kind="call", call_state="ringing")
    notify_agents([record("message.received", subject=call, by=Actor("contact", 1))])
    return call


def ends(call: Message) -> None:
    """Somebody has picked up, or the caller has given up: nothing more is announced."""
    Message.objects.filter(pk=call.pk).update(call_state="answered")


def listening(page: Page) -> None:
    page.add_init_script(_LISTENING)
    with page.expect_response(re.compile("/notifications/unseen/")):  # what rings already takes nobody anywhere
        page.reload()
    is_live(page)
    page.mouse.click(900, 400)  # a page that nobody has touched is not allowed to sound


def heard(page: Page, notes: list[int]) -> None:
    page.wait_for_function("wanted => window.heard.join().includes(wanted)", arg=",".join(map(str, notes)))


def opened(page: Page, name: str) -> None:
    expect(page.locator("#conversation-title")).to_have_text(name)


def test_who_calls_is_opened_and_heard_until_the_call_is_taken(
    sign_in: SignIn, agent: Agent, account: ChannelAccount
) -> None:
    page = sign_in(agent)
    listening(page)
    call = calls(account)
    opened(page, "Léa Fontaine")
    expect(page.locator("#person")).to_contain_text("Léa Fontaine")
    expect(page.locator(".toast.is-call")).to_contain_text("Léa Fontaine appelle")
    expect(page).to_have_title(re.compile("^☎ Léa Fontaine"))
    expect(page).to_have_url(re.compile(f"/conversations/{call.conversation_id}/"))
    heard(page, _RING)
    ends(call)
    expect(page.locator(".toast.is-call")).to_have_count(0)
    expect(page).to_have_title(re.compile("^(?!☎)"))


def test_whoever_writes_is_told_and_not_taken_away(sign_in: SignIn, agent: Agent, account: ChannelAccount) -> None:
    writing_to = make_conversation(account=account, identity=make_identity(name="Omar Haddad"))
    make_incoming(writing_to)
    page = sign_in(agent)
    listening(page)
    page.keyboard.press("j")
    opened(page, "Omar Haddad")
    begin_to_write(page, "r")
    page.keyboard.type("Bonjour Omar")
    calls(account)
    expect(page.locator(".toast.is-call")).to_be_visible()
    heard(page, _RING)
    opened(page, "Omar Haddad")
    expect(page.locator("#composer-text")).to_have_value("Bonjour Omar")
    page.locator(".toast.is-call a").press("Enter")
    opened(page, "Léa Fontaine")


def test_a_line_that_is_closed_rings_no_more(sign_in: SignIn, agent: Agent, account: ChannelAccount) -> None:
    page = sign_in(agent)
    listening(page)
    calls(account)
    heard(page, _RING)
    page.locator(".toast.is-call").get_by_role("button", name="Fermer").click()
    page.wait_for_timeout(2500)  # it is asked every two seconds whether it still rings
    page.evaluate("window.heard = []")
    page.wait_for_timeout(3500)
    assert page.evaluate("window.heard") == []


def test_whoever_chose_no_sound_for_calls_sees_them_and_hears_nothing(
    sign_in: SignIn, agent: Agent, account: ChannelAccount
) -> None:
    agent.preferences = chosen_preferences({Kind.CALL: frozenset({Way.PAGE})}, None)
    agent.save(update_fields=["preferences"])
    page = sign_in(agent)
    listening(page)
    calls(account)
    opened(page, "Léa Fontaine")
    page.wait_for_timeout(1000)
    assert page.evaluate("window.heard") == []


def test_what_is_given_to_somebody_sounds_otherwise(sign_in: SignIn, agent: Agent, account: ChannelAccount) -> None:
    given = make_conversation(account=account, identity=make_identity(name="Omar Haddad"), assignee=agent)
    page = sign_in(agent)
    listening(page)
    notify_agents([record("conversation.assigned", subject=given, to=agent.pk)])
    heard(page, _FOR_ME)
    expect(page).to_have_title(re.compile(r"^\(1\) "))
