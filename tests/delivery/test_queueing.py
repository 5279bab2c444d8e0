"""Queueing a reply."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import OutgoingFile
from comptoir.conversations.models import Conversation, Draft, Message
from comptoir.core.clock import now
from comptoir.delivery.actions import queue_reply
from comptoir.delivery.outgoing import build_outgoing
from comptoir.delivery.refusals import TakenBeforeError
from comptoir.events.models import Event
from comptoir.people.models import Agent
from tests.delivery.conftest import Queue, reread, waiting_conversation
from tests.factories import make_agent, make_incoming, make_outgoing

PNG = b"\x89PNG\r\n\x1a\n" + bytes.fromhex("0000000d49484452000000010000000108060000001f15c489") + bytes(40)


def test_a_reply_is_queued_with_its_job_and_its_event(conversation: Conversation, agent: Agent, queue: Queue) -> None:
    message = queue(conversation, "Bonjour, je regarde.")
    assert (message.state, message.agent, message.direction) == ("queued", agent, "outgoing")
    job = ProcrastinateJob.objects.get(task_name="delivery.deliver")
    assert job.args == {"message_id": message.pk}
    event = Event.objects.get(name="message.queued")
    assert (event.subject_id, event.conversation_id, event.actor_id) == (message.pk, conversation.pk, agent.pk)


def test_a_reply_leaves_after_the_time_to_undo(conversation: Conversation, queue: Queue, settings: Any) -> None:
    settings.UNDO_SECONDS = 10
    message = queue(conversation)
    assert timedelta(seconds=9) < message.send_after - now() <= timedelta(seconds=10)
    job = ProcrastinateJob.objects.get(task_name="delivery.deliver")
    assert job.scheduled_at == message.send_after


@pytest.mark.django_db(transaction=True)
def test_a_reply_that_is_rolled_back_leaves_neither_message_nor_job(conversation: Conversation, queue: Queue) -> None:
    with transaction.atomic():
        message = queue(conversation)
        transaction.set_rollback(True)
    assert not conversation.messages.outgoing().exists()
    assert not ProcrastinateJob.objects.filter(args={"message_id": message.pk}).exists()


def test_the_conversation_shows_the_reply_as_its_last_message(conversation: Conversation, queue: Queue) -> None:
    message = queue(conversation, "Votre colis part demain.")
    conversation.refresh_from_db()
    assert conversation.last_message_text == "Votre colis part demain."
    assert conversation.last_message_at == message.sent_at
    assert conversation.waiting_since is not None, "nobody has been answered before the network says so"


def test_queueing_leaves_drafts_alone(conversation: Conversation, agent: Agent, queue: Queue) -> None:
    begun = Draft.objects.create(conversation=conversation, agent=agent, text="Je reg", visibility="private")
    queue(conversation)
    assert list(Draft.objects.all()) == [begun], "a program may answer while its agent writes"


def test_the_same_reply_asked_again_is_the_one_that_was_queued(conversation: Conversation, queue: Queue) -> None:
    key = uuid.uuid4()
    first = queue(conversation, "Bonjour", key=key)
    assert first.key == key
    assert queue(conversation, " Bonjour\r\n", key=key) == first
    assert Event.objects.filter(name="message.queued").count() == 1


@pytest.mark.parametrize("change", ["text", "visibility", "agent", "file", "state"])
def test_another_reply_of_the_same_key_is_refused(change: str, conversation: Conversation, queue: Queue) -> None:
    key = uuid.uuid4()
    first = queue(conversation, "Bonjour", key=key)
    if change == "state":
        Message.objects.filter(pk=first.pk).update(state="cancelled")
    changes: dict[str, dict[str, Any]] = {
        "visibility": {"visibility": "public"},
        "agent": {"by": make_agent()},
        "file": {"files": [OutgoingFile("a.png", "image/png", PNG)]},
    }
    with pytest.raises(TakenBeforeError):
        queue(conversation, "Bonsoir" if change == "text" else "Bonjour", key=key, **changes.get(change, {}))
    assert conversation.messages.outgoing().count() == 1


def test_a_disconnected_account_keeps_its_replies(conversation: Conversation, queue: Queue) -> None:
    ChannelAccount.objects.update(status="disconnected")
    assert queue(conversation).state == "queued"


def test_the_id_is_reserved_where_the_network_lets_us_choose(queue: Queue, fake_network: object) -> None:
    message = queue(waiting_conversation("fake_safe"))
    assert reread(message).external_id == f"ours-{message.key}"


def test_the_reply_answers_the_customers_last_message(conversation: Conversation, queue: Queue) -> None:
    last = make_incoming(conversation, text="Alors ?", custom={"cid": "bafy"})
    outgoing = build_outgoing(queue(conversation))
    assert (outgoing.parent_id, outgoing.parent_custom) == (last.external_id, {"cid": "bafy"})


def test_the_reply_names_the_exchange_nearest_first(conversation: Conversation, queue: Queue) -> None:
    first = conversation.messages.get()
    answer = make_outgoing(conversation)
    make_incoming(conversation, text="Merci, et la suite ?")
    assert build_outgoing(queue(conversation)).related_ids == (answer.external_id, first.external_id)


def test_what_is_sent_stays_the_same_whatever_changes_meanwhile(conversation: Conversation, queue: Queue) -> None:
    message = queue(conversation)
    before = build_outgoing(message)
    make_incoming(conversation, text="Encore une chose")
    Conversation.objects.update(subject="Autre chose", thread_id="elsewhere", language="en")
    conversation.identity.name = "Autre nom"
    conversation.identity.save()
    assert build_outgoing(reread(message)) == before


def test_files_are_kept_and_sent_with_the_reply(conversation: Conversation, queue: Queue) -> None:
    files = [SimpleUploadedFile("étiquette.png", PNG, "image/png"), OutgoingFile("b.png", "image/png", PNG, "Un colis")]
    outgoing = build_outgoing(reread(queue(conversation, files=files)))
    assert [(file.name, file.content, file.alt_text) for file in outgoing.files] == [
        ("étiquette.png", PNG, ""),
        ("b.png", PNG, "Un colis"),
    ]


def test_a_text_no_database_can_hold_is_cleaned(conversation: Conversation, queue: Queue) -> None:
    assert queue(conversation, "  Voi\x00là\r\nla suite\ud800 ").text == "Voilà\nla suite?"


def test_a_reply_by_a_program_is_recorded_as_its_own(conversation: Conversation) -> None:
    from comptoir.events.record import Actor

    queue_reply(conversation.pk, by=None, text="Bonjour", visibility="private", actor=Actor("token", 7))
    event = Event.objects.get(name="message.queued")
    assert (event.actor_kind, event.actor_id) == ("token", 7)
