"""Moving conversations by keyboard: given away, put away, resolved one after the other, by the hundred, and back."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import expect

from comptoir.automations.actions import save_macro
from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.desk.bulk import go_on
from comptoir.desk.models import BulkAct
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.journeys.conftest import PATIENCE_MS, SignIn

pytestmark = pytest.mark.django_db(transaction=True)
#: Five hundred acts, one after the other, beside a browser and whatever else a busy machine does.
_FOR_ALL_MS = 3 * PATIENCE_MS


@pytest.fixture
def agent() -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def account(agent: Agent, fake_network: FakeNetwork) -> ChannelAccount:
    return make_account(team=agent.teams.get())


def three(account: ChannelAccount) -> list[Conversation]:
    """The newest first, as on the list."""
    made = []
    for name in ("Nadia", "Omar", "Paule"):
        one = make_conversation(account=account, identity=make_identity(name=name))
        make_incoming(one, text=f"Bonjour, ici {name}")
        made.append(one)
    return made[::-1]


def opened(page: Any, name: str) -> None:
    expect(page.locator("#conversation-title")).to_have_text(name)


def take(page: Any, menu: str, typed: str, offered: str) -> None:
    """Narrow what an open menu offers, once it has come, and take it by Enter."""
    expect(page.locator(f"{menu} .menu-find")).to_be_focused()
    page.keyboard.type(typed)
    expect(page.locator(f"{menu} .menu-body button:visible")).to_have_text([re.compile(offered)])
    page.keyboard.press("Enter")


def focus_is_not_on(page: Any, selector: str) -> None:
    assert not page.locator(selector).evaluate("one => one === document.activeElement")


def test_giving_it_away_never_leaves_the_focus_where_enter_resolves(
    sign_in: SignIn, agent: Agent, account: ChannelAccount
) -> None:
    first, _second, _third = three(account)
    make_agent(name="Paul Roy", teams=agent.teams.all())
    page = sign_in(agent)
    page.locator(".row").first.click()
    opened(page, "Paule")
    page.keyboard.press("a")
    take(page, "#assign-menu", "roy", "Paul Roy")
    expect(page.locator("#assign-menu summary")).to_contain_text("Paul Roy")
    focus_is_not_on(page, "#resolve")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    first.refresh_from_db()
    assert first.status == "open"


def test_resolving_goes_to_the_next_and_can_be_taken_back(
    sign_in: SignIn, agent: Agent, account: ChannelAccount
) -> None:
    first, second, _third = three(account)
    page = sign_in(agent)
    page.locator(".row").first.click()
    opened(page, "Paule")
    page.keyboard.press("e")
    opened(page, "Omar")
    page.keyboard.press("e")
    opened(page, "Nadia")
    assert Conversation.objects.filter(status="resolved").count() == 2
    page.locator(".toast", has_text="Omar").get_by_role("button", name="Annuler").click()
    opened(page, "Omar")
    second.refresh_from_db()
    first.refresh_from_db()
    assert (first.status, second.status) == ("resolved", "open")


def test_put_away_tagged_and_done_by_macro_from_the_keyboard(
    sign_in: SignIn, agent: Agent, account: ChannelAccount
) -> None:
    first, _second, _third = three(account)
    save_macro(
        None, name="Accuser réception", is_shared=False, by=agent,
        acts=[{"act": "assign", "to": "me"}, {"act": "reply", "text": "Bonjour {first_name}, nous regardons."}],
    )  # fmt: skip
    page = sign_in(agent)
    page.locator(".row").first.click()
    opened(page, "Paule")
    page.keyboard.press("t")
    page.keyboard.type("Colis perdu")
    page.keyboard.press("Enter")
    expect(page.locator("#tag-menu .count")).to_have_text("1")
    page.keyboard.press("m")
    take(page, "#macro-menu", "accuser", "Accuser réception")
    expect(page.locator("#exchange")).to_contain_text("Bonjour Paule, nous regardons.")
    page.keyboard.press("s")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    opened(page, "Omar")
    first.refresh_from_db()
    assert (first.status, first.assignee, first.tags.get().name) == ("snoozed", agent, "colis perdu")
    assert Message.objects.outgoing().count() == 1


@contextmanager
def worker() -> Iterator[None]:
    """Goes on with bulk acts beside the browser, as the worker does."""
    stop = threading.Event()

    def work() -> None:
        while not stop.wait(0.1):
            for pk in BulkAct.objects.exclude(state__in=["done", "undone"]).values_list("pk", flat=True):
                go_on(pk, most=100)
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@pytest.mark.peers
def test_five_hundred_are_resolved_at_once_and_undone(sign_in: SignIn, agent: Agent, account: ChannelAccount) -> None:
    person, present = make_identity(name="Nadia"), now()
    Conversation.objects.bulk_create(
        Conversation(
            account=account, team=account.team, identity=person, contact=person.contact, thread_id=f"t-{number}",
            started_at=present, last_message_at=present, last_message_text=f"Message {number}",
        )
        for number in range(500)
    )  # fmt: skip
    page = sign_in(agent)
    page.locator("#select-toggle").press("Enter")
    page.locator("[data-select=everything]").press("Enter")
    with worker():
        page.locator("#bulk-bar").get_by_role("button", name="Clore").press("Enter")
        expect(page.locator("#bulk-progress")).to_contain_text("500 conversations")
        expect(page.get_by_role("button", name="Confirmer")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#bulk-progress")).to_contain_text("500 conversations traitées", timeout=_FOR_ALL_MS)
        assert Conversation.objects.filter(status="resolved").count() == 500
        page.locator("#bulk-progress").get_by_role("button", name="Annuler").press("Enter")
        expect(page.locator("#bulk-progress")).to_contain_text("500 conversations comme avant", timeout=_FOR_ALL_MS)
    assert Conversation.objects.filter(status="open").count() == 500


def test_keys_are_about_those_that_are_chosen(sign_in: SignIn, agent: Agent, account: ChannelAccount) -> None:
    chosen = [make_conversation(account=account, identity=make_identity(name=name)) for name in ("Nadia", "Omar")]
    opened_one = make_conversation(account=account, identity=make_identity(name="Zoé"))
    page = sign_in(agent)
    page.locator(f"#row-{opened_one.pk} a").press("Enter")
    expect(page.locator("#conversation-title")).to_contain_text("Zoé")
    for one in chosen:
        page.locator(f"#row-{one.pk} a").focus()
        page.keyboard.press("x")
    expect(page.locator("#selection-count")).to_have_text("2 choisies")
    page.locator("#bulk-assign").wait_for()
    page.keyboard.press("a")
    expect(page.locator("#bulk-assign-find")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#bulk-assign summary")).to_be_focused()
    expect(page.locator("#selection-count")).to_have_text("2 choisies")
    with worker():
        page.keyboard.press("e")
        expect(page.locator("#bulk-progress")).to_contain_text("2 conversations traitées")
    resolved = Conversation.objects.filter(status="resolved").values_list("pk", flat=True)
    assert set(resolved) == {one.pk for one in chosen}
