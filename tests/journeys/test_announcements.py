"""What a screen reader says as things happen in the open conversation: each thing once."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Page, Route, expect

from comptoir.contacts.models import Contact, ContactIdentity
from comptoir.conversations.indexing import catch_up
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.delivery.actions import queue_reply
from comptoir.delivery.tasks import deliver
from comptoir.desk.actions import assign_conversation
from comptoir.desk.bulk import go_on
from comptoir.desk.merging import merge_conversations
from comptoir.desk.models import BulkAct
from comptoir.desk.notes import add_note
from comptoir.events.record import record
from comptoir.people.models import Agent
from comptoir.reactions import react_once
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.journeys.conftest import SignIn
from tests.journeys.conversing import begin_to_write, eventually, is_live

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: A screen reader, in small: what changes in a live region that stands in the page is said, and what comes as an alert.
_READER = """() => {
  const live = "[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]";
  const words = (region) => region.checkVisibility() ? region.innerText.trim() : "";
  const known = new Map([...document.querySelectorAll(live)].map((region) => [region, words(region)]));
  window.heard = [];
  new MutationObserver((changes) => {
    const around = ({ target }) => (target.nodeType === 1 ? target : target.parentElement)?.closest(live);
    const touched = new Set(changes.map(around));
    for (const region of document.querySelectorAll(live)) {
      const isNew = !known.has(region);
      const said = words(region);
      const before = known.get(region) ?? "";
      known.set(region, said);
      if (!said || (isNew && region.getAttribute("role") !== "alert")) continue;
      if (said !== before || touched.has(region)) window.heard.push(said);
    }
  }).observe(document.body, {
    childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["hidden"],
  });
}"""


@pytest.fixture
def agent(settings: Any) -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def conversation(agent: Agent, fake_network: FakeNetwork) -> Conversation:
    made = make_conversation(account=make_account(team=agent.teams.get()), identity=make_identity(name="Nadia"))
    make_incoming(made)
    return made


@pytest.fixture
def page(sign_in: SignIn, site: str, agent: Agent, conversation: Conversation) -> Page:
    opened = sign_in(agent, at=f"/conversations/{conversation.pk}/")
    is_live(opened)
    expect(opened.locator("#answers")).not_to_be_empty()
    opened.evaluate(_READER)
    return opened


def heard(page: Page, words: str) -> int:
    """How often it was said, once it was said and some time has passed in which it could be said again."""
    eventually(page, lambda: any(words in one for one in page.evaluate("window.heard")))
    page.wait_for_timeout(1500)
    return sum(words in one for one in page.evaluate("window.heard"))


def comes_in(conversation: Conversation, text: str) -> None:
    with transaction.atomic():
        record("message.received", subject=make_incoming(conversation, text=text))


def test_a_customer_s_message_is_read_out_once(page: Page, conversation: Conversation) -> None:
    comes_in(conversation, "Toujours rien reçu.")
    assert heard(page, "Nadia a écrit\u00a0: Toujours rien reçu.") == 1


def test_a_colleague_s_answer_is_told_once(page: Page, conversation: Conversation, agent: Agent) -> None:
    paul = make_agent(name="Paul Roy", teams=agent.teams.all())
    queue_reply(conversation.pk, text="Je regarde.", visibility="private", by=paul)
    assert heard(page, "Paul Roy a répondu") == 1


def test_who_writes_is_warned_once_of_a_colleague_s_answer(
    page: Page, conversation: Conversation, agent: Agent
) -> None:
    begin_to_write(page, "r")
    page.keyboard.type("Bonjour Nadia")
    paul = make_agent(name="Paul Roy", teams=agent.teams.all())
    queue_reply(conversation.pk, text="Je regarde.", visibility="private", by=paul)
    assert heard(page, "Paul Roy a répondu") == 1
    expect(page.locator("#composer-warning")).to_be_visible()


def test_who_writes_hears_once_who_has_taken_the_conversation_over_and_whoever_only_reads_does_not(
    page: Page, conversation: Conversation, agent: Agent
) -> None:
    paul, lea = (make_agent(name=name, teams=agent.teams.all()) for name in ("Paul Roy", "Léa Roux"))
    assign_conversation(conversation.pk, to=lea, by=lea)
    expect(page.locator("#exchange")).to_contain_text("Léa Roux")
    begin_to_write(page, "r")
    page.keyboard.type("Bonjour Nadia")
    assign_conversation(conversation.pk, to=paul, by=paul)
    assert heard(page, "Paul Roy a repris cette conversation") == 1
    assert not any("Léa Roux a repris" in one for one in page.evaluate("window.heard"))


def test_a_reply_is_said_to_leave_once_and_to_be_sent_once(page: Page) -> None:
    begin_to_write(page, "r")
    page.keyboard.type("Bonjour Nadia")
    page.keyboard.press("Control+Enter")
    assert heard(page, "Votre réponse part dans") == 1
    reply = Message.objects.outgoing().get()
    Message.objects.filter(pk=reply.pk).update(send_after=reply.created_at)
    deliver(reply.pk)
    assert heard(page, "Votre réponse est envoyée.") == 1


def test_why_the_network_refused_a_reply_is_said_once(page: Page, fake_network: FakeNetwork) -> None:
    begin_to_write(page, "r")
    page.keyboard.type("Bonjour Nadia")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#undo")).to_be_visible()
    reply = Message.objects.outgoing().get()
    Message.objects.filter(pk=reply.pk).update(send_after=reply.created_at)
    fake_network.answer_next("400")
    deliver(reply.pk)
    assert heard(page, "Non envoyée") == 1


def test_a_draft_that_is_kept_again_is_said_to_be_kept_once(page: Page) -> None:
    begin_to_write(page, "r")
    for word in ("Bonjour", " Nadia", ", je regarde"):
        page.keyboard.type(word)
        page.wait_for_timeout(900)
    assert heard(page, "Brouillon gardé") == 1


def test_the_conversation_that_is_opened_next_is_not_talked_over(
    page: Page, conversation: Conversation, agent: Agent
) -> None:
    other = make_conversation(account=conversation.account, identity=make_identity(name="Omar"))
    make_incoming(other)
    page.goto(page.url.replace(f"/{conversation.pk}/", f"/{other.pk}/"))
    is_live(page)
    page.evaluate(_READER)
    page.locator(f"#row-{conversation.pk} a").click()
    expect(page.locator("#conversation-title")).to_have_text("Nadia")
    expect(page.locator("#answers")).not_to_be_empty()
    page.wait_for_timeout(1500)
    assert page.evaluate("window.heard") == []


def test_where_one_s_words_go_is_said_once_when_it_changes(page: Page) -> None:
    page.locator(".mode-note").click()
    assert heard(page, "Note pour les collègues, jamais vue du client") == 1


def test_the_length_is_said_where_it_ends_and_not_with_every_key(page: Page) -> None:
    begin_to_write(page, "r")
    described = page.locator("#composer-text").get_attribute("aria-describedby") or ""
    assert "composer-length" not in described  # A description that changes is read out again with every key.
    longest = int(page.locator("#composer input[name=mode]:checked").get_attribute("data-longest") or 0)
    page.locator("#composer-text").fill("a" * (longest - 21))
    page.keyboard.type("bcdef")
    assert heard(page, "encore 16") == 1
    assert not any("encore 17" in one for one in page.evaluate("window.heard"))


def test_a_tag_is_said_once_and_what_may_be_chosen_is_not(page: Page) -> None:
    page.keyboard.press("t")
    page.keyboard.type("geste")
    page.keyboard.press("Enter")
    assert heard(page, "a ajouté l’étiquette «\u00a0geste\u00a0»") == 1


def test_what_is_taken_from_one_s_eyes_is_said_with_its_key_and_without_its_buttons(
    page: Page, conversation: Conversation
) -> None:
    make_incoming(make_conversation(account=conversation.account, identity=make_identity(name="Omar")))
    page.locator("#exchange-scroll").focus()
    page.keyboard.press("e")
    assert heard(page, "Close : Nadia. U annule.") == 1
    assert not any("Fermer" in one for one in page.evaluate("window.heard"))


def test_what_was_left_is_said_once_one_has_come_to_the_next(page: Page, conversation: Conversation) -> None:
    other = make_conversation(account=conversation.account, identity=make_identity(name="Omar"))
    make_incoming(other)
    page.reload()
    is_live(page)
    page.evaluate(_READER)
    held = list[Route]()
    page.route(re.compile(rf"/conversations/{other.pk}/(\?|$)"), lambda route: held.append(route))
    page.locator("#exchange-scroll").focus()
    page.keyboard.press("e")
    eventually(page, lambda: held)
    expect(page.locator(".toast")).to_be_visible()
    page.wait_for_timeout(500)
    assert not any("Close" in one for one in page.evaluate("window.heard"))  # the move would have it dropped
    for route in held:
        route.continue_()
    assert heard(page, "Close : Nadia. U annule.") == 1


def test_an_act_on_several_is_said_as_it_begins_and_as_it_ends(page: Page, conversation: Conversation) -> None:
    page.locator("#select-toggle").click()
    page.locator(".row-pick input").first.check()
    page.locator("#bulk-resolve").click()
    assert heard(page, "Clore · 0 sur 1") == 1
    while go_on(BulkAct.objects.latest("id").pk, most=10):
        pass
    assert heard(page, "1 conversation traitée") == 1
    page.locator("#exchange-scroll").focus()
    page.keyboard.press("u")
    eventually(page, lambda: BulkAct.objects.latest("id").state == BulkAct.State.UNDOING)
    while go_on(BulkAct.objects.latest("id").pk, most=10):
        pass
    assert heard(page, "1 conversation comme avant") == 1


def test_who_acts_on_several_from_a_menu_is_led_to_the_question_and_then_to_how_far_it_has_come(
    page: Page, conversation: Conversation
) -> None:
    page.locator("#select-toggle").press("Enter")
    page.locator("[data-select=everything]").press("Enter")
    page.locator("#bulk-tag summary").press("Enter")
    page.locator("#bulk-tag-name").press_sequentially("relance")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Confirmer")).to_be_focused()
    page.keyboard.press("Enter")
    assert heard(page, "Ajouter une étiquette · 0 sur 1") == 1
    expect(page.locator("#bulk-progress")).to_be_focused()
    while go_on(BulkAct.objects.latest("id").pk, most=10):
        pass
    assert heard(page, "1 conversation traitée") == 1
    assert heard(page, "annule") == 1
    page.get_by_role("button", name="Fermer").press("Enter")
    expect(page.locator(f"#row-{conversation.pk} a")).to_be_focused()


def test_who_comes_back_to_the_list_does_not_hear_again_how_it_ended(page: Page) -> None:
    page.locator("#select-toggle").click()
    page.locator(".row-pick input").first.check()
    page.locator("#bulk-resolve").click()
    eventually(page, BulkAct.objects.exists)
    while go_on(BulkAct.objects.latest("id").pk, most=10):
        pass
    assert heard(page, "1 conversation traitée") == 1
    page.reload()
    page.evaluate(_READER)
    expect(page.locator("#bulk-progress")).to_contain_text("1 conversation traitée")
    page.wait_for_timeout(1500)
    assert page.evaluate("window.heard") == []


def test_what_is_moved_here_was_said_long_ago_and_is_no_news(page: Page, conversation: Conversation) -> None:
    other = make_conversation(account=conversation.account, identity=conversation.identity)
    old = make_incoming(other, text="Dit hier")
    Message.objects.filter(pk=old.pk).update(created_at=now() - timedelta(hours=3))
    with transaction.atomic():
        merge_conversations(conversation.pk, gone_id=other.pk, by=None)
    expect(page.locator("#exchange")).to_contain_text("Dit hier")
    comes_in(conversation, "Une vraie nouvelle")
    assert heard(page, "Une vraie nouvelle") == 1
    assert not [said for said in page.evaluate("window.heard") if "Dit hier" in said or "nouveaux messages" in said]


def test_a_notice_is_said_once_to_whoever_writes(page: Page, conversation: Conversation, agent: Agent) -> None:
    begin_to_write(page, "r")
    other = make_conversation(account=conversation.account, identity=make_identity(name="Omar"))
    make_incoming(other)
    paul = make_agent(name="Paul Roy", teams=agent.teams.all())
    assign_conversation(other.pk, to=agent, by=paul)
    while react_once():
        pass
    assert heard(page, "Du nouveau pour vous") == 1
    expect(page.locator("#composer-text")).to_be_focused()


def test_a_colleague_s_note_is_told_once(page: Page, conversation: Conversation, agent: Agent) -> None:
    paul = make_agent(name="Paul Roy", teams=agent.teams.all())
    add_note(conversation.pk, text="Cliente fidèle.", by=paul)
    assert heard(page, "Paul Roy, Note, entre collègues") == 1


def test_every_message_has_a_heading_that_says_whose_it_is_and_who_reads_it(
    page: Page, conversation: Conversation
) -> None:
    make_incoming(conversation, text="Toujours rien.")
    page.reload()
    headings = page.locator("#exchange").get_by_role("heading", level=3, name="Nadia Privé")
    expect(headings).to_have_count(2)


def test_the_exchange_is_called_by_its_customer(page: Page) -> None:
    expect(page.get_by_role("region", name="Échange avec Nadia")).to_have_count(1)


def test_who_joins_two_customers_hears_it_and_goes_on_at_the_customer(page: Page, conversation: Conversation) -> None:
    chat = make_identity(channel="chat", name="Nadia B.", handle="nadia@exemple.fr")
    make_conversation(account=conversation.account, identity=chat)
    ContactIdentity.objects.filter(pk=conversation.identity_id).update(channel="email", external_id=chat.handle)
    page.reload()
    page.evaluate(_READER)
    page.get_by_role("button", name="Réunir").press("Enter")
    assert heard(page, "Réunis") == 1
    expect(page.locator("#person-name")).to_be_focused()
    page.get_by_role("button", name="Séparer").press("Enter")
    assert heard(page, "Séparés") == 1
    expect(page.locator("#person-name")).to_be_focused()


def test_how_many_other_customers_were_found_is_said(page: Page, conversation: Conversation) -> None:
    make_conversation(account=conversation.account, identity=make_identity(name="Bruno Castel"))
    catch_up()
    page.locator("#person-join summary").press("Enter")
    page.locator("#same-name").press_sequentially("Castel")
    assert heard(page, "1 autre client trouvé") == 1
    page.locator("#same-name").fill("Personne ici")
    assert heard(page, "Aucun autre client") == 1


def test_where_one_types_in_the_pane_of_the_customer_is_kept_as_it_changes(
    page: Page, conversation: Conversation
) -> None:
    page.locator("#person-join summary").press("Enter")
    page.locator("#same-name").focus()
    Contact.objects.filter(pk=conversation.contact_id).update(about="Sourde : écrire.")
    page.evaluate("document.dispatchEvent(new CustomEvent('conversation-changed'))")
    expect(page.locator("#person")).to_contain_text("Sourde : écrire.")
    expect(page.locator("#same-name")).to_be_focused()
