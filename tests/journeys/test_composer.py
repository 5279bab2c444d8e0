"""What is typed in the composer is neither lost nor sent twice, whatever the network does meanwhile."""

from __future__ import annotations

import pytest
from playwright.sync_api import FloatRect, Page, Route, expect

from comptoir.conversations.models import Draft, Message
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_conversation, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.journeys.conftest import SignIn
from tests.journeys.conversing import eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agent() -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def page(sign_in: SignIn, agent: Agent, fake_network: FakeNetwork) -> Page:
    """An open conversation, on a small screen."""
    conversation = make_conversation(account=make_account(team=agent.teams.get()))
    make_incoming(conversation)
    opened = sign_in(agent, viewport={"width": 1280, "height": 720})
    opened.goto(opened.url.replace("/inbox/all/", f"/conversations/{conversation.pk}/"))
    return opened


def lose_the_answer(route: Route) -> None:
    route.fetch()
    route.abort()


def test_a_reply_whose_answer_was_lost_goes_once_when_it_is_sent_again(page: Page) -> None:
    page.get_by_label("Votre texte").fill("Bonjour Nadia")
    page.route("**/write/", lose_the_answer)
    page.get_by_role("button", name="Répondre en privé").click()
    expect(page.locator("#toasts")).to_contain_text("a peut-être été pris")
    expect(page.get_by_label("Votre texte")).to_have_value("Bonjour Nadia")
    page.unroute("**/write/")
    page.get_by_role("button", name="Répondre en privé").click()
    expect(page.get_by_label("Votre texte")).to_have_value("")
    assert Message.objects.outgoing().count() == 1


def test_what_is_written_after_a_lost_answer_is_kept_and_sent_only_knowingly(page: Page) -> None:
    box = page.get_by_label("Votre texte")
    box.fill("Bonjour Nadia")
    page.route("**/write/", lose_the_answer)
    page.get_by_role("button", name="Répondre en privé").click()
    expect(page.locator("#toasts")).to_contain_text("a peut-être été pris")
    page.unroute("**/write/")
    box.fill("Bonsoir Nadia")
    eventually(page, Draft.objects.filter(text="Bonsoir Nadia").exists)
    page.get_by_role("button", name="Répondre en privé").click()
    expect(page.locator("#composer-refusal")).to_contain_text("n’est pas parti")
    assert Message.objects.outgoing().count() == 1
    page.get_by_role("button", name="Répondre en privé").click()
    expect(box).to_have_value("")
    assert Message.objects.outgoing().count() == 2


def test_a_draft_under_way_does_not_bring_back_what_was_sent(page: Page) -> None:
    held: list[Route] = []
    page.route("**/draft/", lambda route: held.append(route))
    with page.expect_request("**/draft/") as late:
        page.get_by_label("Votre texte").fill("Votre colis part demain.")
    page.get_by_role("button", name="Répondre en privé").click()
    expect(page.locator("#undo")).to_be_visible()
    for route in held:
        route.abort()
    page.unroute("**/draft/")
    # The browser has given it up, yet it may be on its way: let it arrive.
    sent = late.value
    kind = {"Content-Type": sent.header_value("content-type") or "", "Referer": page.url}
    assert sent.post_data_buffer
    assert page.request.post(sent.url, data=sent.post_data_buffer, headers=kind).status == 204
    assert not Draft.objects.exists()
    page.reload()
    expect(page.get_by_label("Votre texte")).to_have_value("")


def test_a_draft_is_gone_on_with_behind_what_it_says(page: Page) -> None:
    with page.expect_response("**/draft/"):
        page.get_by_label("Votre texte").fill("Votre colis")
    page.reload()
    expect(page.get_by_label("Votre texte")).to_have_value("Votre colis")
    page.keyboard.press("r")
    page.keyboard.type(" part demain.")
    expect(page.get_by_label("Votre texte")).to_have_value("Votre colis part demain.")


def test_what_is_typed_just_before_a_reply_is_taken_back_stays(page: Page) -> None:
    box = page.get_by_label("Votre texte")
    box.fill("Première réponse")
    page.get_by_role("button", name="Répondre en privé").click()
    expect(page.locator("#undo")).to_be_visible()
    box.press_sequentially("Deuxième idée")
    page.get_by_role("button", name="Annuler l’envoi").click()
    expect(box).to_have_value("Première réponse\n\nDeuxième idée")
    page.reload()
    expect(box).to_have_value("Première réponse\n\nDeuxième idée")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_message_about_a_failure_lies_over_no_control(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 720})
    page.route("**/write/", lambda route: route.abort())
    page.get_by_label("Votre texte").fill("Bonjour")
    page.get_by_role("button", name="Répondre en privé").click()
    toast = page.locator(".toast")
    expect(toast).to_be_visible()
    box = toast.bounding_box()
    assert box
    assert box["y"] >= 0
    for control in page.locator("a:visible, button:visible, summary:visible, textarea:visible").all():
        other = control.bounding_box()
        if other and not control.evaluate("one => Boolean(one.closest('.toasts'))"):
            assert _apart(box, other), control.evaluate("one => one.outerHTML")
    send = page.locator("#composer-send").bounding_box()
    assert send
    assert send["y"] + send["height"] <= 720


def _apart(one: FloatRect, other: FloatRect) -> bool:
    return (
        one["x"] + one["width"] <= other["x"] + 1
        or other["x"] + other["width"] <= one["x"] + 1
        or one["y"] + one["height"] <= other["y"] + 1
        or other["y"] + other["height"] <= one["y"] + 1
    )
