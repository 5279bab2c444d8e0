"""A visitor and an agent, through the widget, in a real browser on a site under a strict policy."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation, Draft, Message
from comptoir.core.clock import now
from comptoir.delivery.actions import queue_reply
from comptoir.delivery.tasks import deliver
from comptoir.intake.consumer import consume_forever
from comptoir.people.models import Agent
from comptoir.public.counter import buckets
from tests.factories import make_account, make_agent, make_brand, make_identity
from tests.journeys.axe import axe_source
from tests.journeys.chat_site import Site, opened_site
from tests.journeys.conftest import PATIENCE_MS
from tests.journeys.conversing import eventually

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SECRET = "the site's own secret"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0"
    "000003010100c9fe92ef0000000049454e44ae426082"
)


@pytest.fixture
def account() -> ChannelAccount:
    buckets.clear()
    return make_account(
        kind="chat", own_id="", brand=make_brand(name="Maison Lueur"), credentials={"identity_secret": SECRET}
    )


@pytest.fixture
def agent(account: ChannelAccount) -> Agent:
    return make_agent(name="Awa Diop", teams=[account.team])


@pytest.fixture
def site(live_server: Any, account: ChannelAccount) -> Iterator[Site]:
    """The site, with the consumer running behind the counter."""
    stop = threading.Event()
    consumer = threading.Thread(target=consume_forever, args=[stop], daemon=True)
    consumer.start()
    with opened_site(live_server.url) as site:
        site.attributes = {"key": account.hook_key}
        yield site
    stop.set()
    consumer.join()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1024, "height": 768}, locale="fr-FR")
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, site: Site) -> Iterator[Page]:
    """A page that fails its test when the policy is violated or a script breaks."""
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    assert wrong == []


def open_chat(page: Page, site: Site, path: str = "/") -> None:
    page.goto(site.address + path)
    page.locator("comptoir-chat .launcher").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def say(page: Page, text: str) -> None:
    page.get_by_label("Votre message").fill(text)
    page.keyboard.press("Enter")


def own(page: Page) -> Any:
    return page.locator("comptoir-chat .row.visitor")


def theirs(page: Page) -> Any:
    return page.locator("comptoir-chat .row.counter")


def answer(conversation: Conversation, agent: Agent, text: str) -> Message:
    """What pressing « Répondre » comes to, once the time to undo is over."""
    message = queue_reply(
        conversation.pk, by=agent, text=text, visibility="private", send_after=now() - timedelta(seconds=1)
    )
    deliver(message.pk)
    return message


def test_visitor_and_agent_write_to_each_other(page: Page, site: Site, agent: Agent) -> None:
    open_chat(page, site)
    say(page, "Bonjour, ma lampe clignote.")
    expect(own(page).locator(".state")).to_have_text("Envoyé")
    eventually(page, lambda: Message.objects.filter(text="Bonjour, ma lampe clignote.").exists())
    conversation = Conversation.objects.get()

    draft = Draft.objects.create(conversation=conversation, agent=agent, text="Bonjour", visibility="private")
    expect(page.locator("comptoir-chat .typing")).to_be_visible()
    Draft.objects.filter(pk=draft.pk).delete()

    sent = answer(conversation, agent, "Bonjour ! Essayez une autre ampoule : https://lampes.example/e27.")
    expect(theirs(page).locator(".text")).to_contain_text("Essayez une autre ampoule")
    expect(theirs(page).locator(".heading")).to_contain_text("Awa")
    expect(theirs(page).locator("a")).to_have_attribute("href", "https://lampes.example/e27")
    expect(own(page).locator(".state")).to_have_text("Lu")
    eventually(page, lambda: Message.objects.get(pk=sent.pk).state == Message.State.READ)


def test_history_is_there_after_a_reload_and_on_another_page(page: Page, site: Site, agent: Agent) -> None:
    open_chat(page, site)
    say(page, "Première question")
    eventually(page, Conversation.objects.exists)
    page.reload()
    answer(Conversation.objects.get(), agent, "Première réponse")
    expect(page.locator("comptoir-chat .badge")).to_have_text("1")
    open_chat(page, site, "/other")
    expect(own(page).locator(".text")).to_have_text("Première question")
    expect(theirs(page).locator(".text")).to_have_text("Première réponse")
    say(page, "Seconde question")
    eventually(page, lambda: Message.objects.filter(text="Seconde question").exists())
    assert Conversation.objects.count() == 1


def test_what_is_written_without_a_connection_is_sent_once_it_is_back(page: Page, site: Site) -> None:
    open_chat(page, site)
    page.context.set_offline(True)
    say(page, "Écrit dans le tunnel")
    expect(own(page).locator(".state")).to_have_text("Envoi…")
    expect(page.locator("comptoir-chat .notice")).to_contain_text("Pas de connexion")
    page.context.set_offline(False)
    expect(own(page).locator(".state")).to_have_text("Envoyé")
    eventually(page, lambda: Message.objects.filter(text="Écrit dans le tunnel").exists())
    expect(page.locator("comptoir-chat .notice")).to_be_hidden()
    assert Message.objects.count() == 1


def test_answer_lost_on_the_way_back_does_not_double_the_message(page: Page, site: Site) -> None:
    lost: list[str] = []

    def lose_first(route: Any) -> None:
        if route.request.method != "POST" or lost:
            return route.continue_()
        lost.append(route.request.url)
        route.fetch()  # the counter has it, the browser is not told
        return route.abort()

    page.route("**/events", lose_first)
    open_chat(page, site)
    say(page, "Une seule fois")
    expect(own(page).locator(".state")).to_have_text("Envoyé")
    eventually(page, Message.objects.exists)
    page.wait_for_timeout(500)
    assert len(lost) == 1
    assert Message.objects.count() == 1


def test_what_waits_outlives_the_page(page: Page, site: Site) -> None:
    page.route("**/events", lambda route: route.abort())
    open_chat(page, site)
    say(page, "Avant de fermer")
    expect(own(page).locator(".state")).to_have_text("Envoi…")
    page.unroute("**/events")
    page.goto(site.address + "/other")
    eventually(page, lambda: Message.objects.filter(text="Avant de fermer").exists())


def test_markup_from_either_side_stays_text(page: Page, site: Site, agent: Agent) -> None:
    hostile = '<img src=x onerror="document.title=\'pwned\'"> javascript:alert(1) https://a.example/"onmouseover=x'
    open_chat(page, site)
    say(page, hostile)
    eventually(page, Conversation.objects.exists)
    answer(Conversation.objects.get(), agent, hostile)
    for text in (own(page).locator(".text"), theirs(page).locator(".text")):
        expect(text).to_have_text(hostile)
        expect(text.locator("img")).to_have_count(0)
        expect(text.locator("a")).to_have_attribute("href", "https://a.example/")
    assert page.title() == "Boutique"


def test_closed_counter_says_when_it_opens_and_takes_an_address(
    page: Page, site: Site, account: ChannelAccount
) -> None:
    tomorrow = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[(now() + timedelta(days=2)).weekday()]
    ChannelAccount.objects.filter(pk=account.pk).update(weekly_hours={tomorrow: [["09:00", "12:00"]]})
    make_account(kind="email", brand=account.brand)
    open_chat(page, site)
    expect(page.locator("comptoir-chat .notice")).to_contain_text("09:00")
    say(page, "Rappelez-moi")
    expect(page.locator("comptoir-chat .wrong")).to_contain_text("Indiquez votre adresse e-mail")
    assert own(page).count() == 0
    page.get_by_label("Votre adresse e-mail").fill("lea@")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("comptoir-chat .wrong")).to_contain_text("n’est pas complète")
    page.get_by_label("Votre nom").fill("Léa Martin")
    page.get_by_label("Votre adresse e-mail").fill("lea@example.org")
    page.get_by_role("button", name="Envoyer").click()
    expect(own(page).locator(".state")).to_have_text("Envoyé")
    eventually(page, Message.objects.exists)
    message = Message.objects.select_related("identity").get()
    assert (message.custom["email"], message.custom["is_after_hours"]) == ("lea@example.org", True)
    assert message.identity is not None
    assert (message.identity.name, message.identity.handle) == ("Léa Martin", "lea@example.org")
    expect(page.get_by_label("Votre adresse e-mail")).to_be_hidden()


def test_a_closed_counter_without_a_mailbox_asks_for_no_address_it_could_not_answer_at(
    page: Page, site: Site, account: ChannelAccount
) -> None:
    later = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[(now() + timedelta(days=2)).weekday()]
    ChannelAccount.objects.filter(pk=account.pk).update(weekly_hours={later: [["09:00", "12:00"]]})
    open_chat(page, site)
    expect(page.locator("comptoir-chat .notice")).to_contain_text("dès la réouverture")
    expect(page.locator("comptoir-chat .notice")).not_to_contain_text("adresse")
    say(page, "Rappelez-moi")
    expect(own(page).locator(".state")).to_have_text("Envoyé")


def test_whose_address_we_hold_is_not_asked_for_it(page: Page, site: Site, account: ChannelAccount) -> None:
    later = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[(now() + timedelta(days=2)).weekday()]
    ChannelAccount.objects.filter(pk=account.pk).update(weekly_hours={later: [["09:00", "12:00"]]})
    make_account(kind="email", brand=account.brand)
    open_chat(page, site)
    expect(page.get_by_label("Votre adresse e-mail")).to_be_visible()
    secret = page.evaluate("localStorage.getItem(Object.keys(localStorage).find((name) => name.endsWith(':token')))")
    visitor = "v-" + hashlib.sha256(secret.encode()).hexdigest()[:40]
    invited = make_identity(channel="chat", external_id=visitor, handle="")  # as joining by a link makes one
    make_identity(channel="email", external_id="lea@example.org", contact=invited.contact)
    expect(page.get_by_label("Votre adresse e-mail")).to_be_hidden()
    expect(page.locator("comptoir-chat .notice")).to_contain_text("dès la réouverture")
    say(page, "Rappelez-moi")
    expect(own(page).locator(".state")).to_have_text("Envoyé")


def test_picture_goes_there_and_comes_back(page: Page, site: Site) -> None:
    open_chat(page, site)
    page.locator("comptoir-chat input[type=file]").set_input_files(
        {"name": "carton.png", "mimeType": "image/png", "buffer": PIXEL}
    )
    expect(page.locator("comptoir-chat .chips")).to_contain_text("carton.png")
    say(page, "Voici le carton")
    expect(page.get_by_role("img", name="Image : carton.png")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger carton.png").click()
    assert Path(download.value.path()).read_bytes() == PIXEL


def test_customer_whom_the_site_signed_in_is_known_by_its_id(page: Page, site: Site) -> None:
    identity = json.dumps({"id": 4711, "name": "Léa Martin", "email": "lea@example.org"})
    site.attributes |= {
        "identity": identity,
        "identity-hmac": hmac.new(SECRET.encode(), identity.encode(), hashlib.sha256).hexdigest(),
    }
    open_chat(page, site)
    say(page, "C’est bien moi")
    eventually(page, Message.objects.exists)
    message = Message.objects.select_related("identity").get()
    assert message.identity is not None
    assert (message.identity.external_id, message.identity.name) == ("4711", "Léa Martin")
    assert message.custom["is_verified"] is True


def test_wrong_signature_leaves_the_visitor_anonymous_and_is_told_in_the_console(page: Page, site: Site) -> None:
    site.attributes |= {"identity": '{"id": 1}', "identity-hmac": "0" * 64}
    warnings: list[str] = []
    page.on("console", lambda said: warnings.append(said.text) if said.type == "warning" else None)
    open_chat(page, site)
    say(page, "Qui suis-je ?")
    eventually(page, Message.objects.exists)
    assert Message.objects.get().custom["is_verified"] is False
    eventually(page, lambda: any("data-identity-hmac" in warning for warning in warnings))


def test_keyboard_opens_stays_inside_and_comes_back(page: Page, site: Site) -> None:
    page.goto(site.address)
    launcher = page.locator("comptoir-chat .launcher")
    launcher.wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Votre message")).to_be_focused()
    inside = "document.activeElement.localName === 'comptoir-chat'"
    for key in ["Tab"] * 8 + ["Shift+Tab"] * 8:
        page.keyboard.press(key)
        assert page.evaluate(inside)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(launcher).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1024, 360])
def test_axe_finds_nothing(
    page: Page, site: Site, agent: Agent, account: ChannelAccount, scheme: Any, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.emulate_media(color_scheme=scheme)
    make_account(kind="email", brand=account.brand)
    open_chat(page, site)
    say(page, "Bonjour")
    eventually(page, Conversation.objects.exists)
    answer(Conversation.objects.get(), agent, "Bonjour ! Voyez https://lampes.example/")
    expect(theirs(page).locator(".text")).to_be_visible()
    ChannelAccount.objects.update(weekly_hours={"mon": [["03:00", "03:01"]]})
    expect(page.get_by_label("Votre adresse e-mail")).to_be_visible()
    found = page.evaluate(axe_source() + "; axe.run()")
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []


def test_narrow_screen_is_filled_and_everything_is_large_enough_to_touch(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.emulate_media(reduced_motion="reduce")
    open_chat(page, site)
    box = page.get_by_role("dialog").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 360, "height": 640}
    for target in page.locator("comptoir-chat :is(button, textarea, input):visible").all():
        size = target.bounding_box()
        assert size is not None
        assert min(size["width"], size["height"]) >= 44


def test_english_page_speaks_english(page: Page, site: Site) -> None:
    site.language = "en"
    open_chat(page, site)
    expect(page.get_by_label("Your message")).to_be_focused()


@pytest.mark.parametrize(("color", "ink"), [("#ffe08a", "rgb(0, 0, 0)"), ("navy", "rgb(255, 255, 255)")])
def test_colour_of_the_site_keeps_its_button_readable(page: Page, site: Site, color: str, ink: str) -> None:
    site.attributes |= {"color": color, "position": "left", "theme": "light"}
    open_chat(page, site)
    send = page.get_by_role("button", name="Envoyer")
    expect(send).to_have_css("color", ink)
    box = page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert box["x"] < 40
    found = page.evaluate(axe_source() + "; axe.run()")
    assert [one["id"] for one in found["violations"]] == []


def test_scripts_of_the_site_open_close_and_forget(page: Page, site: Site) -> None:
    page.goto(site.address)
    page.locator("comptoir-chat .launcher").wait_for()
    page.evaluate("Comptoir.open()")
    say(page, "Bonjour")
    expect(own(page).locator(".state")).to_have_text("Envoyé")
    page.evaluate("Comptoir.forget()")
    expect(own(page)).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.includes(':queue:')).length") == 0
    page.evaluate("Comptoir.close()")
    expect(page.get_by_role("dialog")).to_be_hidden()
