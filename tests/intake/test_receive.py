from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import Attachment, Author, EventKind, NetworkEvent, Rating
from comptoir.contacts.models import Contact, ContactIdentity
from comptoir.conversations.actions import call_by_names
from comptoir.conversations.indexing import index_events
from comptoir.conversations.models import Conversation, Message, Reaction, SearchSubject
from comptoir.conversations.waiting import unanswered_since
from comptoir.core.clock import now
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from comptoir.intake.models import ContextPost, EarlyChange
from comptoir.sla.models import SLAClock
from tests.factories import make_account, make_outgoing, make_promises
from tests.intake.events import START, at, change, echo, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return make_account(own_id="us")


def names() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("name", flat=True))


def test_a_first_message_makes_a_contact_an_identity_a_conversation_and_a_message(account):
    assert receive(account, [said("m1", "Où est ma commande ?", language="fr", subject="Commande")]) == 1
    conversation = Conversation.objects.get()
    assert (conversation.identity.external_id, conversation.contact.name) == ("lea", "Lea")
    assert conversation.last_message_text == "Où est ma commande ?"
    assert conversation.waiting_since == conversation.last_incoming_at == conversation.started_at == START
    assert (conversation.subject, conversation.language) == ("Commande", "fr")
    assert conversation.team == account.team
    message = Message.objects.get()
    assert (message.state, message.identity, message.text) == (
        "received",
        conversation.identity,
        "Où est ma commande ?",
    )
    assert names() == ["conversation.started", "message.received"]


def test_the_same_message_again_changes_nothing(account):
    receive(account, [said("m1")])
    assert receive(account, [said("m1"), said("m1", "another text")]) == 0
    assert Message.objects.get().text == "Bonjour"
    assert (Contact.objects.count(), ContactIdentity.objects.count(), Conversation.objects.count()) == (1, 1, 1)
    assert names() == ["conversation.started", "message.received"]


def test_a_second_message_joins_the_live_conversation_and_brings_it_up_to_date(account):
    receive(account, [said("m1")])
    receive(account, [said("m2", "Et alors ?", minutes=5)])
    conversation = Conversation.objects.get()
    assert (conversation.last_message_text, conversation.last_message_at) == ("Et alors ?", at(5))
    assert conversation.waiting_since == START


def test_five_people_in_one_public_thread_have_five_conversations(account):
    receive(account, [said(f"m{n}", by=f"p{n}", event=EventKind.COMMENT, visibility="public") for n in range(5)])
    assert Conversation.objects.filter(thread_id="t", is_public=True).count() == 5


def test_a_public_reply_without_a_thread_joins_the_thread_of_its_parent(account):
    comment = {"event": EventKind.COMMENT, "visibility": "public"}
    receive(account, [said("m1", **comment)])
    receive(account, [said("m2", thread_id=None, parent_id="m1", minutes=1, **comment)])
    assert Conversation.objects.count() == 1


def test_a_private_answer_to_our_message_from_another_address_joins_that_conversation(account):
    receive(account, [said("m1")])
    make_outgoing(Conversation.objects.get(), external_id="o1")
    receive(account, [said("m2", by="lea-at-work", thread_id="elsewhere", parent_id="o1", minutes=9)])
    assert Conversation.objects.count() == 1
    assert Message.objects.get(external_id="m2").identity.external_id == "lea-at-work"


def test_a_private_answer_to_somebody_else_s_message_does_not_join_their_conversation(account):
    receive(account, [said("m1")])
    receive(account, [said("m2", by="paul", parent_id="m1", minutes=9)])
    assert Conversation.objects.count() == 2


def test_our_own_token_brings_a_message_home(account):
    receive(account, [said("m1")])
    token = Conversation.objects.get().thread_token
    receive(account, [said("m2", by="other", thread_id="new", thread_token=token, minutes=2)])
    assert Conversation.objects.count() == 1


def test_the_token_of_another_account_is_worth_nothing(account):
    receive(make_account(own_id="them"), [said("m1")])
    token = Conversation.objects.get().thread_token
    receive(account, [said("m2", thread_token=token)])
    assert Conversation.objects.count() == 2


def resolve(days_ago: float) -> None:
    Conversation.objects.update(status="resolved", resolved_at=now() - timedelta(days=days_ago), waiting_since=None)


def test_a_conversation_resolved_a_day_ago_reopens(account):
    receive(account, [said("m1")])
    resolve(1)
    receive(account, [said("m2", sent_at=now())])
    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.resolved_at) == ("open", None)
    assert conversation.waiting_since == Message.objects.get(external_id="m2").sent_at
    assert "conversation.reopened" in names()


def test_a_conversation_resolved_a_fortnight_ago_stays_so_and_a_new_one_begins(account):
    receive(account, [said("m1")])
    resolve(14)
    receive(account, [said("m2", sent_at=now())])
    assert sorted(Conversation.objects.values_list("status", flat=True)) == ["open", "resolved"]
    receive(account, [said("m3", sent_at=now(), parent_id="m1")])
    assert Conversation.objects.get(status="open").messages.count() == 2


def test_an_automatic_answer_neither_waits_nor_reopens(account):
    receive(account, [said("m1")])
    resolve(1)
    receive(account, [said("m2", sent_at=now(), automatic=True)])
    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.waiting_since) == ("resolved", None)
    receive(account, [said("m3", by="robot", automatic=True)])
    assert Conversation.objects.get(identity__external_id="robot").waiting_since is None


@pytest.mark.parametrize("status", ["snoozed", "pending"])
def test_a_customer_s_message_opens_what_was_put_away(account, status):
    receive(account, [said("m1")])
    Conversation.objects.update(status=status, snoozed_until=now())
    receive(account, [said("m2", minutes=1)])
    conversation = Conversation.objects.get()
    assert (conversation.status, conversation.snoozed_until) == ("open", None)
    assert Event.objects.get(name="conversation.reopened").details == {"was": status}


def test_a_clock_starts_with_a_question_and_stops_with_an_answer_from_elsewhere(account):
    make_promises()
    receive(account, [said("m1")])
    assert SLAClock.objects.get().started_at == START
    receive(account, [echo("o1", minutes=10)])
    assert SLAClock.objects.get().stopped_at == at(10)
    conversation = Conversation.objects.get()
    assert conversation.waiting_since is None
    answer = conversation.messages.get(external_id="o1")
    assert (answer.direction, answer.state, answer.agent, answer.identity) == ("outgoing", "sent", None, None)


def test_the_echo_of_our_own_reply_changes_nothing(account):
    receive(account, [said("m1")])
    make_outgoing(Conversation.objects.get(), external_id="o1", state="sent", text="Voici")
    receive(account, [echo("o1", "Voici", minutes=3)])
    assert Message.objects.filter(direction="outgoing").count() == 1


@pytest.mark.parametrize("state", ["queued", "sending", "uncertain"])
def test_an_echo_proves_that_a_reply_was_sent(account, state):
    receive(account, [said("m1")])
    reply = make_outgoing(Conversation.objects.get(), external_id="o1", state=state, text="Voici")
    receive(account, [echo("o1", "Voici", minutes=3)])
    reply.refresh_from_db()
    assert (reply.state, reply.sent_at) == ("sent", at(3))
    assert Conversation.objects.get().waiting_since is None
    assert "message.sent" in names()


def test_an_echo_that_comes_before_the_network_s_answer_is_the_reply_being_sent(account):
    receive(account, [said("m1")])
    reply = make_outgoing(Conversation.objects.get(), external_id=None, state="sending", text="Voici  votre colis")
    receive(account, [echo("o1", "Voici votre colis", minutes=3)])
    reply.refresh_from_db()
    assert (reply.state, reply.external_id) == ("sent", "o1")
    assert Message.objects.filter(direction="outgoing").count() == 1


def test_our_answer_from_elsewhere_waits_for_the_comment_it_answers(account):
    public = {"event": EventKind.COMMENT, "visibility": "public"}
    receive(account, [echo("o1", to=None, parent_id="m1", minutes=5, **public)])
    assert not Message.objects.exists()
    receive(account, [said("m1", **public)])
    conversation = Conversation.objects.get()
    assert conversation.messages.count() == 2
    assert (conversation.waiting_since, conversation.last_message_at) == (None, at(5))
    assert not EarlyChange.objects.exists()


def test_a_deletion_before_its_message_is_applied_when_it_comes(account):
    receive(account, [change("delete", "m1", minutes=2)])
    receive(account, [change("delete", "m1", minutes=2)])
    assert EarlyChange.objects.count() == 1
    receive(account, [said("m1")])
    assert Message.objects.get().deleted_at == at(2)
    assert Conversation.objects.get().waiting_since is None
    assert not EarlyChange.objects.exists()


def test_a_deleted_message_keeps_its_row_and_is_no_longer_shown_in_the_list(account):
    receive(account, [said("m1", "premier"), said("m2", "second", minutes=1)])
    receive(account, [change("delete", "m2", minutes=3)])
    conversation = Conversation.objects.get()
    assert Message.objects.get(external_id="m2").text == "second"
    assert conversation.last_message_text == "premier"


def test_an_older_edit_does_not_overwrite_a_newer_one(account):
    receive(account, [said("m1", "un")])
    receive(account, [change("edit", "m1", text="trois", minutes=3)])
    receive(account, [change("edit", "m1", text="deux", minutes=2)])
    message = Message.objects.get()
    assert (message.text, message.edited_at) == ("trois", at(3))
    assert Conversation.objects.get().last_message_text == "trois"
    assert names().count("message.edited") == 1


def test_an_edit_that_names_the_first_saying_too_is_ordered_by_when_it_was_made(account):
    receive(account, [said("m1", "un")])
    for text, minutes in (("trois", 3), ("deux", 2)):
        receive(account, [replace(change("edit", "m1", text=text, minutes=0), edited_at=at(minutes))])
    assert (Message.objects.get().text, Message.objects.get().edited_at) == ("trois", at(3))


def test_messages_of_two_chats_with_the_same_id_are_two_and_each_is_found_again(account):
    receive(account, [replace(change("edit", "1", text="corrigé", minutes=2), id_scope="b")])
    receive(account, [replace(said("1", "un"), id_scope="a"), replace(said("1", "deux", by="tom"), id_scope="b")])
    texts = dict(Message.objects.values_list("external_id", "text"))
    assert texts == {"a/1": "un", "b/1": "corrigé"}


def test_receipts_only_ever_improve_what_is_known(account):
    receive(account, [said("m1")])
    reply = make_outgoing(Conversation.objects.get(), external_id="o1")
    receive(account, [change("read", "o1", minutes=9)])
    receive(account, [change("delivery", "o1", minutes=8), change("failed", "o1", minutes=7, reason="no")])
    reply.refresh_from_db()
    assert (reply.state, reply.read_at, reply.delivered_at, reply.failure) == ("read", at(9), at(8), "")


def test_a_failure_reported_later_fails_the_reply_with_its_reason(account):
    receive(account, [said("m1")])
    reply = make_outgoing(Conversation.objects.get(), external_id="o1")
    receive(account, [change("failed", "o1", reason="Mailbox full", minutes=2)])
    reply.refresh_from_db()
    assert (reply.state, reply.failure) == ("failed", "Mailbox full")
    assert "message.failed" in names()


def test_a_receipt_up_to_an_instant_covers_all_of_our_messages_before_it(account):
    receive(account, [said("m1")])
    conversation = Conversation.objects.get()
    make_outgoing(conversation, external_id="o1", sent_at=at(1))
    make_outgoing(conversation, external_id="o2", sent_at=at(5))
    receive(account, [change("read", None, minutes=3)])
    assert dict(Message.objects.filter(direction="outgoing").values_list("external_id", "state")) == {
        "o1": "read",
        "o2": "sent",
    }


def test_a_reaction_is_kept_once_and_taken_back(account):
    receive(account, [said("m1")])
    for _time in range(2):
        receive(account, [change("reaction", "m1", by="paul", reaction="❤️", minutes=1)])
    message = Message.objects.get()
    assert message.reactions.count() == 1
    receive(account, [change("reaction", "m1", by="paul", reaction_removed=True, minutes=2)])
    assert not message.reactions.exists()


def test_a_reaction_is_taken_back_by_deleting_its_own_id(account):
    receive(account, [said("m1"), change("reaction", "m1", by="paul", reaction="like", external_id="l1", minutes=1)])
    receive(account, [change("delete", "l1", by="paul", minutes=2)])
    assert not Message.objects.get().reactions.exists()
    assert names().count("reaction.removed") == 1
    receive(account, [change("reaction", "m1", by="paul", reaction="like", external_id="l1", minutes=1)])
    assert not Message.objects.get().reactions.exists()


def test_a_reaction_deleted_before_it_came_does_not_appear(account):
    receive(account, [change("delete", "l1", by="paul", minutes=2)])
    receive(account, [said("m1"), change("reaction", "m1", by="paul", reaction="like", external_id="l1", minutes=1)])
    assert not Message.objects.get().reactions.exists()


def test_a_reaction_and_its_deletion_in_one_delivery_leave_nothing(account):
    like = change("reaction", "m1", by="paul", reaction="like", external_id="l1", minutes=1)
    receive(account, [said("m1"), change("delete", "l1", by="paul", minutes=2), like])
    assert not Message.objects.get().reactions.exists()


def test_deleting_a_reaction_leaves_the_same_id_of_another_account(account):
    other = make_account()
    for one in (account, other):
        receive(one, [said("m1"), change("reaction", "m1", by="paul", reaction="like", external_id="l1", minutes=1)])
    receive(account, [change("delete", "l1", by="paul", minutes=2)])
    assert [one.message.account_id for one in Reaction.objects.all()] == [other.pk]


def test_a_reaction_that_was_taken_back_before_it_came_does_not_appear(account):
    receive(account, [said("m1")])
    receive(account, [change("reaction", "m1", by="paul", reaction="❤️", reaction_removed=True, minutes=2)])
    receive(account, [change("reaction", "m1", by="paul", reaction="❤️", minutes=1)])
    assert not Message.objects.get().reactions.exists()
    receive(account, [change("reaction", "m1", by="paul", reaction="❤️", minutes=3)])
    assert Message.objects.get().reactions.count() == 1


def test_a_post_of_the_brand_is_context_and_no_conversation(account):
    post = said("p1", "Notre nouveau sac", by="us", event=EventKind.POST, visibility="public", custom={"context": True})
    receive(account, [post, post])
    receive(account, [echo("p2", "Un autre", to=None, event=EventKind.POST, visibility="public")])
    assert not Conversation.objects.exists()
    assert sorted(ContextPost.objects.values_list("external_id", flat=True)) == ["p1", "p2"]


def test_a_message_without_an_id_is_kept_once(account):
    for _time in range(2):
        receive(account, [said(None, "sans numéro"), said(None, "autre")])  # type: ignore[arg-type]  # that is the point
    assert Message.objects.count() == 2


def test_people_without_an_id_are_not_taken_for_one_another(account):
    receive(account, [said("m1", author=Author(name="A Google user")), said("m2", author=Author(name="A Google user"))])
    assert Conversation.objects.count() == 2


def test_odd_values_of_any_connector_are_made_to_fit(account):
    odd = NetworkEvent(
        event=EventKind.MESSAGE,
        direction="incoming",
        external_id="é" * 3000,
        thread_id="t" * 3000,
        author=Author(id="a" * 2000, handle="h" * 900, name="n\x00\ud800" * 500, avatar_url="u" * 9000),
        text="avant\x00après \ud83d",
        subject="s" * 2000,
        language="x" * 90,
        url="\x00",
        custom={"\x00": ["\ud800", float("nan"), 2**70]},
        scope="s" * 900,
        sent_at=at(0).replace(year=9999),
        attachments=(Attachment("file" * 9, url="http://x/\x00", name="f\x00" * 900, size_bytes=2**70),),
    )
    assert receive(account, [odd]) == 1
    assert receive(account, [odd]) == 0
    message = Message.objects.get()
    assert message.text == "avant\ufffdaprès \ufffd"
    assert message.sent_at <= now()


def test_ids_that_differ_only_beyond_the_column_s_width_stay_different(account):
    receive(account, [said("x" * 1500 + "1"), said("x" * 1500 + "2")])
    assert Message.objects.count() == 2


def test_what_is_no_use_to_a_counter_leaves_nothing(account):
    receive(account, [change("follow", None), change("ignored", None, reason="system")])
    assert [model.objects.count() for model in (Conversation, EarlyChange, Event)] == [0, 0, 0]


def test_history_makes_nobody_wait(account):
    receive(account, [said("m1")], as_history=True)
    conversation = Conversation.objects.get()
    assert conversation.waiting_since is None
    assert not SLAClock.objects.exists()


def test_history_is_cut_where_an_exchange_had_ended_and_resolved(account):
    day = 24 * 60
    early = [said("m1"), echo("o1", minutes=5), said("m2", minutes=3 * day)]
    later = [said("m3", minutes=30 * day), said("m4", minutes=31 * day)]
    receive(account, [*early, later[0]], as_history=True)
    receive(account, [later[1], *early], as_history=True)
    found = Conversation.objects.order_by("started_at").values_list("status", "resolved_at", "waiting_since")
    assert list(found) == [("resolved", at(3 * day), None), ("resolved", at(31 * day), None)]


def test_what_an_edited_message_said_before_is_kept(account):
    receive(account, [said("m1", "un")])
    receive(account, [change("edit", "m1", text="deux", minutes=2)])
    receive(account, [change("edit", "m1", text="deux", minutes=2), change("edit", "m1", text="trois", minutes=3)])
    former = Message.objects.get().former_texts.values_list("text", "replaced_at")
    assert list(former) == [("un", at(2)), ("deux", at(3))]


def test_an_edited_review_shows_its_new_stars(account):
    review = NetworkEvent(
        EventKind.REVIEW, "incoming", "public", external_id="r-1", author=Author("léa"), text="Déçue",
        rating=Rating(1, 5), sent_at=now() - timedelta(days=2),
    )  # fmt: skip
    edit = NetworkEvent(
        EventKind.EDIT, "incoming", "public", target_id="r-1", author=Author("léa"), text="Réparé, merci",
        rating=Rating(5, 5), sent_at=now(),
    )  # fmt: skip
    receive(account, [review])
    receive(account, [edit])
    message = Message.objects.get()
    assert (message.text, message.rating_value, message.rating_best) == ("Réparé, merci", 5, 5)
    former = message.former_texts.get()
    assert (former.text, former.rating_value, former.rating_best) == ("Déçue", 1, 5)


def review(days_ago: float, stars: int, *, edit: bool = False, title: str = "") -> NetworkEvent:
    return NetworkEvent(
        EventKind.EDIT if edit else EventKind.REVIEW, "incoming", "public",
        external_id=None if edit else "r-1", target_id="r-1" if edit else None, thread_id="r-1", author=Author("léa"),
        text="Déçue", subject=title, rating=Rating(stars, 5), sent_at=now() - timedelta(days=days_ago),
    )  # fmt: skip


def test_whoever_changes_their_review_after_our_answer_waits_for_another(account):
    receive(account, [review(4, 1, title="Nul")])
    ours = replace(echo("a-1", to="léa"), visibility="public", thread_id="r-1", parent_id="r-1")
    receive(account, [replace(ours, sent_at=now() - timedelta(days=3))])
    conversation = Conversation.objects.get()
    assert conversation.waiting_since is None
    conversation.status, conversation.resolved_at = "resolved", now() - timedelta(days=2)
    conversation.save()
    receive(account, [review(4, 1, title="Nul")])  # the same again is no news
    receive(account, [review(3.5, 1, edit=True, title="Nul")])  # nor is an edit that changed nothing
    conversation.refresh_from_db()
    assert (conversation.status, conversation.waiting_since) == ("resolved", None)
    changed = review(1, 3, edit=True, title="Bof")
    receive(account, [changed, changed])
    receive(account, [changed])
    conversation.refresh_from_db()
    assert (conversation.status, conversation.waiting_since) == ("open", changed.sent_at)
    message = Message.objects.get(external_id="r-1")
    assert (message.subject, message.rating_value) == ("Bof", 3)
    assert [(one.subject, one.rating_value) for one in message.former_texts.all()] == [("Nul", 1)]
    assert Event.objects.filter(name="conversation.reopened").count() == 1
    assert unanswered_since(conversation, from_=changed.sent_at) == changed.sent_at


def test_a_conversation_about_a_review_bears_the_title_that_its_author_gives_it_at_last(account):
    receive(account, [review(4, 1, title="Nul")])
    index_events(list(Event.objects.all()))
    before = Event.objects.latest("pk").pk
    receive(account, [review(1, 4, edit=True, title="Réparé")])
    assert Conversation.objects.get().subject == "Réparé"
    index_events(list(Event.objects.filter(pk__gt=before)))
    assert "repare" in SearchSubject.objects.get().words
    receive(account, [review(0.5, 5, edit=True)])
    assert Conversation.objects.get().subject == "Réparé"


def test_a_review_changed_while_it_waits_waits_since_it_was_written(account):
    written = review(4, 1)
    receive(account, [written, review(1, 2, edit=True)])
    assert Conversation.objects.get().waiting_since == written.sent_at


def answered_review(account: ChannelAccount) -> Conversation:
    """Written four days ago, answered a day later."""
    receive(account, [review(4, 1)])
    ours = replace(echo("a-1", to="léa"), visibility="public", thread_id="r-1", parent_id="r-1")
    receive(account, [replace(ours, sent_at=now() - timedelta(days=3))])
    return Conversation.objects.get()


def test_whoever_changes_their_review_again_waits_since_the_first_change(account):
    conversation = answered_review(account)
    first = review(2, 2, edit=True)
    receive(account, [first])
    receive(account, [review(1, 3, edit=True)])
    conversation.refresh_from_db()
    assert conversation.waiting_since == first.sent_at
    assert unanswered_since(conversation, from_=first.sent_at) == first.sent_at


def test_a_change_of_a_review_that_changes_nothing_asks_for_nothing(account):
    conversation = answered_review(account)
    receive(account, [review(2, 1, edit=True)])
    conversation.refresh_from_db()
    assert (conversation.waiting_since, unanswered_since(conversation, from_=None)) == (None, None)


def test_a_review_that_was_changed_before_it_was_resolved_and_is_heard_of_later_is_seen(account):
    conversation = answered_review(account)
    conversation.status, conversation.resolved_at = "resolved", now() - timedelta(minutes=5)
    conversation.save()
    changed = review(0.01, 1, edit=True, title="Pire")
    receive(account, [changed])
    conversation.refresh_from_db()
    assert (conversation.status, conversation.waiting_since) == ("open", changed.sent_at)


def test_an_edit_that_comes_twice_takes_no_names_back(account):
    edit = change("edit", "m1", text="@U0PAUL, merci", minutes=2)
    receive(account, [said("m1"), edit])
    assert call_by_names(Message.objects.get().pk, said="@U0PAUL, merci", named="@Paul, merci")
    receive(account, [edit])
    assert Message.objects.get().text == "@Paul, merci"
    receive(account, [change("edit", "m1", text="@U0PAUL, re", minutes=3)])
    assert Message.objects.get().text == "@U0PAUL, re"


def test_a_message_that_the_network_does_not_hand_on_is_there_and_waits(account):
    receive(account, [said("m1", None, is_unreadable=True)])
    message = Message.objects.get()
    assert (message.text, message.is_unreadable) == ("", True)
    assert message.conversation.waiting_since is not None


def test_a_comment_that_awaits_approval_is_known_not_to_be_seen(account):
    receive(account, [said("m1", "Bonjour", is_held=True), said("m2", "Bonsoir")])
    assert [one.hidden_at is not None for one in Message.objects.order_by("external_id")] == [True, False]


def test_what_was_told_last_of_whether_a_comment_is_held_counts_also_where_older_news_is_read_again(account):
    held, approved = said("m1", "Bonjour", is_held=True), said("m1", "Bonjour", is_held=False)
    receive(account, [held], received_at=at(1))
    receive(account, [approved], received_at=at(2))
    receive(account, [held], received_at=at(1))
    assert Message.objects.get().hidden_at is None
    receive(account, [approved], received_at=at(4))  # no news
    receive(account, [held], received_at=at(3))  # could not be read at first
    receive(account, [approved, held], received_at=at(4))
    assert Message.objects.get().hidden_at is not None
    assert Event.objects.filter(name="message.hidden").count() == 1
    receive(account, [said("m2", is_held=False)], received_at=at(2))
    receive(account, [said("m2", is_held=True)], received_at=at(1))
    assert Message.objects.get(external_id="m2").hidden_at is None


def test_a_held_comment_is_public_once_the_network_lists_it_so_and_held_again_where_it_is_held(account):
    receive(account, [said("m1", "Bonjour", is_held=True)])
    receive(account, [said("m1", "Bonjour")])  # who does not say it lifts nothing
    assert Message.objects.get().hidden_at is not None
    receive(account, [said("m1", "Bonjour", is_held=True), said("m1", "Bonjour", is_held=False)])
    assert Message.objects.get().hidden_at is None
    receive(account, [said("m1", "Bonjour", is_held=True)])
    assert Message.objects.get().hidden_at is not None
    told = Event.objects.filter(name__in=("message.shown", "message.hidden")).order_by("pk")
    assert [(one.name, one.details) for one in told] == [
        ("message.shown", {"elsewhere": True}),
        ("message.hidden", {"elsewhere": True}),
    ]
