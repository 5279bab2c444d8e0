"""What the exchange says of an answer that made way, of who asks not to be written to, of a call nobody saw end."""

from __future__ import annotations

from datetime import timedelta

from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.delivery.budget import block
from tests.factories import make_account, make_conversation, make_incoming, make_outgoing
from tests.web.conftest import Counter, client_of


def page_of(counter: Counter, conversation: Conversation) -> str:
    return said_at(counter, f"/conversations/{conversation.pk}/")


def said_at(counter: Counter, address: str) -> str:
    agent = counter.people["agent"]
    agent.language = "en"
    agent.save()
    return client_of(agent).get(address).content.decode()


def conversation_on(counter: Counter, kind: str, *, is_public: bool = False) -> Conversation:
    account = make_account(kind=kind, brand=counter.account.brand, team=counter.team)
    return make_conversation(account=account, team=counter.team, is_public=is_public)


def test_an_answer_that_made_way_is_readable_and_not_told_as_deleted(counter: Counter) -> None:
    one = conversation_on(counter, "google_reviews", is_public=True)
    make_incoming(one, text="Déçue", visibility="public")
    make_outgoing(one, text="Première réponse", visibility="public", deleted_at=now())
    make_outgoing(one, text="Seconde réponse", visibility="public")
    page = page_of(counter, one)
    assert "Replaced by a later answer" in page
    assert "Première réponse" in page


def test_what_was_deleted_where_answers_stand_beside_each_other_stays_hidden(counter: Counter) -> None:
    one = conversation_on(counter, "mastodon", is_public=True)
    make_incoming(one, text="Bonjour", visibility="public")
    make_outgoing(one, text="Première réponse", visibility="public", deleted_at=now())
    page = page_of(counter, one)
    assert ("Replaced by a later answer" in page, "Première réponse" in page) == (False, False)


def test_a_stop_and_a_start_say_what_they_mean(counter: Counter) -> None:
    one = conversation_on(counter, "sms")
    make_incoming(one, text="STOP", visibility="private", custom={"opted_out": True})
    make_incoming(one, text="Et ma commande ?", visibility="private")
    said = "has asked not to be written to by SMS"
    assert page_of(counter, one).count(said) == 2  # beside the word, and where one would answer
    make_incoming(one, text="START", visibility="private", custom={"opted_out": False})
    page = page_of(counter, one)
    assert (page.count(said), page.count("The customer may be written to again.")) == (1, 1)


def test_a_call_of_which_no_end_was_told_says_so_in_the_exchange_and_on_the_list(counter: Counter) -> None:
    one = conversation_on(counter, "phone")
    lost = {"kind": "call", "text": "", "visibility": "private", "call_lost_at": now() - timedelta(minutes=1)}
    make_incoming(one, call_state="ringing", **lost)
    assert "It rang; how it ended is not known" in page_of(counter, one)
    assert "It rang; how it ended is not known" in said_at(counter, "/inbox/all/")
    make_incoming(one, call_state="answered", **lost)
    page = page_of(counter, one)
    assert ("when it ended is not known" in page, "Note what was agreed" in page) == (True, True)


def test_a_reply_behind_one_that_the_network_put_off_says_until_when_it_waits(counter: Counter) -> None:
    one = conversation_on(counter, "sms")
    make_incoming(one, visibility="private")
    make_outgoing(one, state="queued", external_id=None, send_after=now())
    assert "Waiting to leave" in page_of(counter, one)
    block(one.account_id, until=now() + timedelta(minutes=2))
    assert "The network asks us to slow down: it leaves after" in page_of(counter, one)
    elsewhere = conversation_on(counter, "sms")
    make_outgoing(elsewhere, state="queued", external_id=None, send_after=now())
    assert "Waiting to leave" in page_of(counter, elsewhere)
