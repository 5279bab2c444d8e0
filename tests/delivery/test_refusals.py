"""Replies that are not taken, and why."""

from __future__ import annotations

import contextlib
import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import Connector, Limits, SendsMessages, TextUnit, text_length
from comptoir.connectors.registry import connector_class, connector_classes
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.delivery.actions import queue_reply
from comptoir.delivery.checking import check_window
from comptoir.delivery.refusals import (
    CannotAnswerHereError,
    EmptyReplyError,
    FilesRefusedError,
    PersonalDataError,
    ReplyRefusedError,
    ReplyWindowClosedError,
    TextTooLongError,
)
from tests.delivery.conftest import Queue, deliver_due
from tests.delivery.test_queueing import PNG
from tests.factories import make_account, make_conversation, make_identity, make_incoming
from tests.fake_network import Fake

CARRIES = "Appelez Mme Martin au 06 12 34 56 78."


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Change what the fake network allows."""

    def change(**fields: Any) -> None:
        monkeypatch.setattr(Fake, "limits", dataclasses.replace(Fake.limits, **fields))

    return change


def test_an_empty_reply_is_refused(conversation: Conversation, queue: Queue) -> None:
    with pytest.raises(EmptyReplyError):
        queue(conversation, " \n ")


def test_a_file_alone_is_a_reply(conversation: Conversation, queue: Queue) -> None:
    assert queue(conversation, "", files=[SimpleUploadedFile("a.png", PNG, "image/png")]).state == "queued"


def test_personal_data_is_not_published_by_mistake(conversation: Conversation, queue: Queue) -> None:
    with pytest.raises(PersonalDataError) as refused:
        queue(conversation, CARRIES, visibility="public")
    assert [one.kind for one in refused.value.found] == ["phone"]
    assert not Message.objects.outgoing().exists()


def test_a_program_is_refused_personal_data_as_a_person_is(conversation: Conversation, queue: Queue) -> None:
    with pytest.raises(PersonalDataError):
        queue(conversation, CARRIES, visibility="public", by=None)


def test_personal_data_is_published_once_confirmed(conversation: Conversation, queue: Queue) -> None:
    assert queue(conversation, CARRIES, visibility="public", personal_data_confirmed=True).state == "queued"


def test_personal_data_may_be_written_in_private(conversation: Conversation, queue: Queue) -> None:
    assert queue(conversation, CARRIES, visibility="private").state == "queued"


def test_a_text_of_the_longest_length_is_taken(conversation: Conversation, queue: Queue) -> None:
    assert queue(conversation, "a" * 300).state == "queued"


def test_a_text_one_longer_is_refused(conversation: Conversation, queue: Queue) -> None:
    with pytest.raises(TextTooLongError) as refused:
        queue(conversation, "a" * 301)
    assert (refused.value.length, refused.value.longest) == (301, 300)


@pytest.mark.parametrize(
    ("unit", "length"),
    [(TextUnit.GRAPHEMES, 2), (TextUnit.CODE_POINTS, 7), (TextUnit.UTF16, 10), (TextUnit.BYTES, 21)],
)
def test_a_text_is_counted_as_its_network_counts(unit: TextUnit, length: int) -> None:
    assert text_length("👩‍👩‍👧e\N{COMBINING ACUTE ACCENT}", unit) == length


@given(st.text())
def test_no_text_is_longer_in_graphemes_than_in_code_points(text: str) -> None:
    assert text_length(text, TextUnit.GRAPHEMES) <= text_length(text, TextUnit.CODE_POINTS)


def test_too_many_files_are_refused(conversation: Conversation, queue: Queue) -> None:
    files = [SimpleUploadedFile(f"{number}.png", PNG, "image/png") for number in range(3)]
    with pytest.raises(FilesRefusedError):
        queue(conversation, files=files)


def test_a_file_that_is_not_what_it_says_is_refused(conversation: Conversation, queue: Queue) -> None:
    with pytest.raises(FilesRefusedError):
        queue(conversation, files=[SimpleUploadedFile("a.png", b"MZ\x90\x00\x03" + bytes(100), "image/png")])


def test_a_file_too_large_for_the_channel_is_refused(conversation: Conversation, queue: Queue, limits: Any) -> None:
    limits(max_file_bytes=len(PNG) - 1)
    with pytest.raises(FilesRefusedError):
        queue(conversation, files=[SimpleUploadedFile("a.png", PNG, "image/png")])


def test_a_channel_without_files_takes_none(conversation: Conversation, queue: Queue, limits: Any) -> None:
    limits(max_files=0)
    with pytest.raises(FilesRefusedError):
        queue(conversation, files=[SimpleUploadedFile("a.png", PNG, "image/png")])


@pytest.mark.parametrize(("window", "told"), [(timedelta(hours=24), "24 heures"), (timedelta(days=7), "7 jours")])
def test_a_closed_reply_window_is_told(
    conversation: Conversation, queue: Queue, limits: Any, window: timedelta, told: str
) -> None:
    limits(reply_window=window)
    queue(conversation)
    Conversation.objects.update(last_incoming_at=now() - window - timedelta(hours=1))
    with pytest.raises(ReplyWindowClosedError, match=f"pendant {told} .* autre canal"):
        queue(conversation)


def test_where_approved_messages_may_still_be_sent_a_closed_window_says_so() -> None:
    conversation = Conversation(account=ChannelAccount(kind="whatsapp"), last_incoming_at=now() - timedelta(hours=25))
    with pytest.raises(ReplyWindowClosedError, match="un message approuvé"):
        check_window(conversation, connector_class("whatsapp").limits)


def test_a_channel_that_cannot_send_is_told(conversation: Conversation, queue: Queue, monkeypatch: Any) -> None:
    from comptoir.connectors import registry

    class Deaf(Connector):
        kind, label, limits = "fake", "Deaf", Limits()
        parse = Fake.parse
        check = Fake.check

    monkeypatch.setattr(registry, "connector_classes", lambda: {"fake": Deaf})
    with pytest.raises(CannotAnswerHereError):
        queue(conversation)


def test_an_account_whose_credentials_cannot_be_read_is_told(conversation: Conversation, queue: Queue) -> None:
    account = conversation.account
    account.encrypted_credentials = b"unreadable"
    account.save()
    with pytest.raises(CannotAnswerHereError, match=account.name):
        queue(conversation)


def test_refusals_speak_the_language_of_the_writer(conversation: Conversation, queue: Queue) -> None:
    with translation.override("en"), pytest.raises(EmptyReplyError, match="This reply is empty"):
        queue(conversation, "")


@pytest.mark.django_db
def test_who_asked_by_sms_not_to_be_written_to_is_not() -> None:
    conversation = make_conversation(account=make_account(kind="sms", own_id="+33644000000"))
    make_incoming(conversation, text="STOP", custom={"opted_out": True}, visibility="private")
    with pytest.raises(CannotAnswerHereError, match="STOP"):
        queue_reply(conversation.pk, by=None, text="Bonjour", visibility="private")
    make_incoming(conversation, text="Et ma commande ?", visibility="private")
    with pytest.raises(CannotAnswerHereError, match="STOP"):
        queue_reply(conversation.pk, by=None, text="Bonjour", visibility="private")
    make_incoming(conversation, text="START", custom={"opted_out": False}, visibility="private")
    assert queue_reply(conversation.pk, by=None, text="Bonjour", visibility="private").state == "queued"


@pytest.mark.django_db
def test_who_asks_not_to_be_written_to_is_sent_nothing_that_was_queued_before() -> None:
    gateway = {"sender": "+33644000000", "webhook_secret": "x" * 32, "send_url": "https://gateway.example/send"}
    conversation = make_conversation(account=make_account(kind="sms", own_id="+33644000000", credentials=gateway))
    make_incoming(conversation, visibility="private")
    message = queue_reply(conversation.pk, by=None, text="Bonjour", visibility="private")
    make_incoming(conversation, text="STOP", custom={"opted_out": True}, visibility="private")
    sent = deliver_due(message)  # a call of the gateway would fail the test: nobody listens there
    assert (sent.state, "STOP" in str(sent.failure_text)) == ("failed", True)


@pytest.mark.django_db
def test_a_wish_not_to_be_written_to_stands_in_a_later_conversation_on_the_same_number() -> None:
    account = make_account(kind="sms", own_id="+33644000000")
    earlier = make_conversation(account=account)
    make_incoming(earlier, text="STOP", custom={"opted_out": True}, visibility="private")
    later = make_conversation(account=account, identity=earlier.identity)
    make_incoming(later, text="Bonjour ?", visibility="private")
    with pytest.raises(CannotAnswerHereError, match="STOP"):
        queue_reply(later.pk, by=None, text="Bonjour", visibility="private")


@pytest.mark.django_db
def test_a_wish_not_to_be_written_to_from_one_number_is_none_for_another() -> None:
    identity = make_identity(channel="sms")
    for number, said in (("+33644000000", {"opted_out": True}), ("+33644000001", {})):
        conversation = make_conversation(account=make_account(kind="sms", own_id=number), identity=identity)
        make_incoming(conversation, text="…", custom=said, visibility="private")
    assert queue_reply(conversation.pk, by=None, text="Bonjour", visibility="private").state == "queued"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "kind", sorted(kind for kind, one in connector_classes().items() if issubclass(one, SendsMessages))
)
def test_an_account_that_is_not_connected_keeps_a_reply_for_when_it_is(kind: str) -> None:
    account = make_account(kind=kind, own_id="bonjour@maison.example", status="disconnected", credentials={})
    conversation = make_conversation(account=account)
    make_incoming(conversation, visibility="private")
    with contextlib.suppress(ReplyRefusedError):  # not every network takes one in private, or so late
        assert queue_reply(conversation.pk, by=None, text="Bonjour", visibility="private").state == "queued"
