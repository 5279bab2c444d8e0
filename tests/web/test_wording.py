"""Changing an answer within the exchange, and reporting a message: what the screen shows and keeps."""

from __future__ import annotations

from typing import Any

from comptoir.conversations.models import Message, WordedAct
from comptoir.delivery.wording import carry_out
from comptoir.web.confirming import seal_of
from tests.factories import make_conversation, make_incoming, make_outgoing
from tests.fake_network import FakeNetwork
from tests.web import one_counter
from tests.web.conftest import Counter, client_of, htmx

counter = one_counter.counter


def post(counter: Counter, message: Message, act: str, **sent: object) -> Any:
    address = f"/messages/{message.pk}/{act}/"
    return client_of(counter.people["agent"]).post(address, sent, headers=htmx())


def page_of(counter: Counter, message: Message) -> str:
    client = client_of(counter.people["agent"])
    return client.get(f"/conversations/{message.conversation_id}/").content.decode()


def public_answer(counter: Counter, text: str = "Il part demian.") -> Message:
    first = counter.conversation
    conversation = make_conversation(account=first.account, team=first.team, is_public=True)
    make_incoming(conversation)
    return make_outgoing(conversation, text=text)


def test_the_menu_offers_to_change_our_answer_and_to_report_theirs(counter: Counter) -> None:
    client, page = client_of(counter.people["agent"]), page_of(counter, counter.sent)
    for message, act in ((counter.sent, "edit"), (counter.incoming, "report")):
        assert f'hx-get="/messages/{message.pk}/acts/"' in page
        menu = client.get(f"/messages/{message.pk}/acts/", headers=htmx()).content.decode()
        assert f'href="/messages/{message.pk}/{act}/"' in menu


def test_the_form_holds_what_the_answer_says(counter: Counter) -> None:
    client = client_of(counter.people["agent"])
    form = client.get(f"/messages/{counter.sent.pk}/edit/", headers=htmx()).content.decode()
    assert f">{counter.sent.text}</textarea>" in form
    assert "<html" not in form
    assert "<html" in client.get(f"/messages/{counter.sent.pk}/edit/").content.decode()


def test_a_change_is_shown_as_under_way_then_done(counter: Counter) -> None:
    answer = public_answer(counter)
    response = post(counter, answer, "edit", text="Il part demain.")
    assert (response.status_code, response["HX-Trigger"]) == (200, "conversation-changed")
    assert "En cours de modification sur le réseau" in page_of(counter, answer)
    carry_out(WordedAct.objects.get().pk)
    page = page_of(counter, answer)
    assert "Il part demain." in page
    assert "ce qu’il disait avant" in page


def test_a_refusal_is_told_and_its_words_are_there_to_be_tried_again(
    counter: Counter, fake_network: FakeNetwork
) -> None:
    answer = public_answer(counter)
    post(counter, answer, "edit", text="Il part demain.")
    fake_network.answer_next("400")
    carry_out(WordedAct.objects.get().pk)
    assert "Le réseau l’a refusée (400)." in page_of(counter, answer)
    form = client_of(counter.people["agent"]).get(f"/messages/{answer.pk}/edit/", headers=htmx()).content.decode()
    assert ">Il part demain.</textarea>" in form


def test_personal_data_is_marked_and_can_be_published_all_the_same(counter: Counter) -> None:
    answer = public_answer(counter)
    refusal = post(counter, answer, "edit", text="Appelez le 06 12 34 56 78.")
    assert refusal.status_code == 422
    assert "<mark>06 12 34 56 78</mark>" in refusal.content.decode()
    told = seal_of("Appelez le 06 12 34 56 78.")
    assert f'value="{told}"' in refusal.content.decode()
    assert post(counter, answer, "edit", text="Au 06 98 76 54 32.", personal_data_confirmed=told).status_code == 422
    post(counter, answer, "edit", text="Appelez le 06 12 34 56 78.", personal_data_confirmed=told)
    assert WordedAct.objects.get().text == "Appelez le 06 12 34 56 78."


def test_without_scripts_one_is_back_at_the_conversation(counter: Counter) -> None:
    answer = public_answer(counter)
    client = client_of(counter.people["agent"])
    response = client.post(f"/messages/{answer.pk}/edit/", {"text": "Il part demain."})
    assert response["Location"] == f"/conversations/{answer.conversation_id}/"


def test_a_report_is_shown_where_the_message_is(counter: Counter, fake_network: FakeNetwork) -> None:
    post(counter, counter.incoming, "report", text="Insultes")
    carry_out(WordedAct.objects.get().pk)
    assert fake_network.reports[0]["comment"] == "Insultes"
    assert "Signalé aux modérateurs" in page_of(counter, counter.incoming)
