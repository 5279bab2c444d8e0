"""One day at the counter: a message arrives by itself, is answered, and the answer is seen to arrive."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import Author, EventKind, NetworkEvent
from comptoir.conversations.models import Conversation, Draft, Message
from comptoir.delivery.tasks import deliver
from comptoir.desk.actions import assign_conversation
from comptoir.desk.bulk import go_on
from comptoir.desk.models import BulkAct
from comptoir.intake.actions import receive
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.journeys.conftest import SignIn
from tests.journeys.conversing import begin_to_write, eventually, is_live

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agent() -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def account(agent: Agent, fake_network: FakeNetwork) -> ChannelAccount:
    return make_account(team=agent.teams.get(), name="Compte d’essai")


def write_to(
    account: ChannelAccount, text: str, *, author: str = "c-1", name: str = "Nadia", number: str = "n-1"
) -> None:
    said = NetworkEvent(
        event=EventKind.MESSAGE,
        direction="incoming",
        visibility="private",
        external_id=number,
        thread_id=f"thread-{author}",
        author=Author(id=author, name=name),
        text=text,
        sent_at=datetime.now(UTC),
    )
    receive(account, [said])


def test_a_message_is_answered_from_arrival_to_resolution_without_a_reload(
    sign_in: SignIn, agent: Agent, account: ChannelAccount, fake_network: FakeNetwork, settings: Any
) -> None:
    settings.UNDO_SECONDS = 3
    page = sign_in(agent)
    is_live(page)
    expect(page.get_by_text("Pas encore de conversation.")).to_be_visible()

    write_to(account, "Bonjour, où est ma commande ?")
    row = page.locator(".row", has_text="Nadia")
    expect(row).to_be_visible()
    row.click()
    expect(page.locator("#exchange")).to_contain_text("où est ma commande")
    expect(page).to_have_url(re.compile(r"/conversations/\d+/"))

    page.get_by_label("Votre texte").fill("Bonjour Nadia, elle part ce soir.")
    page.get_by_role("button", name="Répondre en privé").click()
    expect(page.locator("#undo")).to_be_visible()
    expect(page.locator(".is-outgoing")).to_contain_text("Part dans un instant")
    expect(page.get_by_label("Votre texte")).to_have_value("")

    reply = Message.objects.outgoing().get()
    expect(page.locator("#undo")).to_be_hidden()
    deliver(reply.pk)
    assert fake_network.texts == ["Bonjour Nadia, elle part ce soir."]
    expect(page.locator(f"#message-{reply.pk} .state")).to_have_text(re.compile("Envoyée"))

    page.get_by_role("button", name="Clore").click()
    expect(page.get_by_role("button", name="Rouvrir")).to_be_visible()
    page.mouse.move(900, 400)
    expect(page.locator(".row", has_text="Nadia")).to_have_count(0)


def test_a_reply_that_is_taken_back_never_leaves_and_is_a_draft_again(
    sign_in: SignIn, agent: Agent, account: ChannelAccount, fake_network: FakeNetwork
) -> None:
    conversation = make_conversation(account=account)
    make_incoming(conversation)
    page = sign_in(agent)
    page.goto(page.url.replace("/inbox/all/", f"/conversations/{conversation.pk}/"))
    page.get_by_label("Votre texte").fill("Trop vite")
    page.get_by_role("button", name="Répondre en privé").click()
    page.get_by_role("button", name="Annuler l’envoi").click()

    expect(page.get_by_label("Votre texte")).to_have_value("Trop vite")
    expect(page.locator(".is-outgoing")).to_contain_text("Reprise, jamais envoyée")
    deliver(Message.objects.outgoing().get().pk)
    assert fake_network.texts == []


def test_a_draft_survives_a_reload_and_reassignment_and_a_colleague_sees_that_it_exists(
    sign_in: SignIn, agent: Agent, account: ChannelAccount
) -> None:
    colleague = make_agent(name="Paul Roy", teams=agent.teams.all())
    conversation = make_conversation(account=account)
    make_incoming(conversation)
    page = sign_in(agent)
    page.goto(page.url.replace("/inbox/all/", f"/conversations/{conversation.pk}/"))
    page.get_by_label("Votre texte").fill("Je commence à")
    expect(page.locator("#draft-state")).to_have_text("Brouillon gardé")
    assign_conversation(conversation.pk, to=colleague, by=agent)

    page.reload()
    expect(page.get_by_label("Votre texte")).to_have_value("Je commence à")
    other = sign_in(colleague)
    other.goto(page.url)
    expect(other.locator("#others")).to_contain_text("Awa Diop a commencé à écrire ici")
    expect(other.get_by_label("Votre texte")).to_have_value("")


def test_what_is_typed_is_kept_when_the_page_is_left_at_once(
    sign_in: SignIn, agent: Agent, account: ChannelAccount
) -> None:
    conversation = make_conversation(account=account)
    make_incoming(conversation)
    page = sign_in(agent)
    page.goto(page.url.replace("/inbox/all/", f"/conversations/{conversation.pk}/"))
    page.get_by_label("Votre texte").fill("Pas encore gardé")
    page.goto(page.url.replace(f"/conversations/{conversation.pk}/", "/me/"))
    eventually(page, Draft.objects.exists)
    assert Draft.objects.get().text == "Pas encore gardé"


def test_text_being_typed_is_not_touched_by_what_arrives(
    sign_in: SignIn, agent: Agent, account: ChannelAccount
) -> None:
    write_to(account, "Bonjour")
    conversation = Conversation.objects.get()
    page = sign_in(agent)
    page.goto(page.url.replace("/inbox/all/", f"/conversations/{conversation.pk}/"))
    is_live(page)
    box = page.get_by_label("Votre texte")
    box.press_sequentially("Je regarde")
    write_to(account, "Vous êtes là ?", number="n-2")
    expect(page.locator("#exchange")).to_contain_text("Vous êtes là ?")
    expect(box).to_have_value("Je regarde")
    expect(box).to_be_focused()


def test_personal_data_in_public_is_marked_and_sent_only_when_confirmed(
    sign_in: SignIn, agent: Agent, account: ChannelAccount
) -> None:
    conversation = make_conversation(account=account, is_public=True)
    make_incoming(conversation)
    page = sign_in(agent)
    page.goto(page.url.replace("/inbox/all/", f"/conversations/{conversation.pk}/"))
    expect(page.locator("#destination")).to_have_text("Réponse publique sur Fake network, visible de tous")
    page.get_by_label("Votre texte").fill("Appelez Mme Roy au 06 12 34 56 78")
    page.get_by_role("button", name="Répondre en public").click()

    expect(page.locator("#composer-refusal mark")).to_have_text("06 12 34 56 78")
    expect(page.get_by_label("Votre texte")).to_have_value("Appelez Mme Roy au 06 12 34 56 78")
    assert not Message.objects.outgoing().exists()
    page.get_by_role("button", name="Publier quand même").click()
    expect(page.locator(".is-outgoing")).to_contain_text("06 12 34 56 78")


def test_a_note_is_written_by_keyboard_alone_and_goes_nowhere(
    sign_in: SignIn, agent: Agent, account: ChannelAccount, fake_network: FakeNetwork
) -> None:
    conversation = make_conversation(account=account)
    make_incoming(conversation)
    page = sign_in(agent)
    page.keyboard.press("j")
    expect(page.locator("#exchange")).to_be_visible()
    begin_to_write(page, "n")
    expect(page.locator("#composer")).to_have_attribute("data-mode", "note")
    page.keyboard.type("Cliente fidèle")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".item.note")).to_contain_text("Cliente fidèle")
    assert not Message.objects.outgoing().exists()


def test_what_is_taken_back_is_at_its_own_address_whatever_else_is_under_way(
    sign_in: SignIn, agent: Agent, account: ChannelAccount
) -> None:
    for name in ("Omar", "Nadia"):
        make_incoming(make_conversation(account=account, identity=make_identity(channel=account.kind, name=name)))
    page = sign_in(agent)
    page.keyboard.press("j")
    title = page.locator("#conversation-title")
    expect(title).to_have_text("Nadia")
    address = page.url.partition("?")[0]
    page.locator("#exchange-scroll").focus()
    page.keyboard.press("e")
    expect(title).to_have_text("Omar")
    page.wait_for_load_state("networkidle")
    held = list[Route]()
    page.route(re.compile("/answers/"), lambda route: held.append(route))
    page.evaluate("document.dispatchEvent(new CustomEvent('customer-spoke'))")
    eventually(page, lambda: held)
    page.keyboard.press("u")
    page.wait_for_timeout(300)
    for route in held:
        route.continue_()
    expect(title).to_have_text("Nadia")
    expect(page).to_have_url(re.compile(re.escape(address)))


def test_earlier_messages_load_without_a_jump(sign_in: SignIn, agent: Agent, account: ChannelAccount) -> None:
    conversation = make_conversation(account=account)
    for number in range(120):
        make_incoming(
            conversation,
            text=f"Message {number}",
            sent_at=datetime(2026, 1, 5, 9, number // 60, number % 60, tzinfo=UTC),
        )
    page = sign_in(agent)
    page.goto(page.url.replace("/inbox/all/", f"/conversations/{conversation.pk}/"))
    scroller = page.locator("#exchange-scroll")
    scroller.evaluate("box => box.scrollTop = -box.scrollHeight")
    first = page.locator(f"#message-{_nth_from_end(conversation, 30)}")
    before = first.bounding_box()
    page.wait_for_load_state("networkidle")  # the catalogue's answers have come meanwhile, below
    page.get_by_role("button", name="Messages précédents").click()
    expect(page.locator("#exchange .message")).to_have_count(60)
    after = first.bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 2


def _nth_from_end(conversation: Conversation, number: int) -> int:
    return list(conversation.messages.in_order().values_list("pk", flat=True))[-number]


def test_u_says_what_it_undid_and_that_there_is_nothing_left(
    sign_in: SignIn, agent: Agent, account: ChannelAccount
) -> None:
    make_incoming(make_conversation(account=account, identity=make_identity(channel=account.kind, name="Omar")))
    page = sign_in(agent)
    page.keyboard.press("u")
    expect(page.locator(".toast")).to_contain_text("Rien à annuler.")
    page.keyboard.press("j")
    expect(page.locator("#conversation-title")).to_have_text("Omar")
    page.locator("#exchange-scroll").focus()
    page.keyboard.press("a")
    page.locator("#assign-menu button").first.click()
    expect(page.locator(".toast.is-success")).to_contain_text("Attribuée à")
    page.locator("#exchange-scroll").focus()
    page.keyboard.press("u")
    expect(page.locator(".toast").last).to_contain_text("Annulé\u00a0: Omar est de nouveau chez qui l’avait.")


def test_what_one_closed_oneself_leaves_the_list_wherever_one_points(
    sign_in: SignIn, agent: Agent, account: ChannelAccount
) -> None:
    for name in ("Omar", "Nadia", "Lise"):
        make_incoming(make_conversation(account=account, identity=make_identity(channel=account.kind, name=name)))
    page = sign_in(agent)
    page.locator("#select-toggle").click()
    for number in (0, 1):
        page.locator('#rows input[name="selected"]').nth(number).click()
    page.locator("#bulk-resolve").click()
    page.locator("#rows .row").last.hover()
    eventually(page, BulkAct.objects.exists)
    while go_on(BulkAct.objects.get().pk, most=10):
        pass
    expect(page.locator("[data-ended]")).to_be_visible()
    expect(page.locator("#rows .row")).to_have_count(1)
