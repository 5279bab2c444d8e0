from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from comptoir.connectors.base import OutgoingFile
from comptoir.conversations.actions import attach_outgoing
from comptoir.conversations.models import Attachment, Conversation, Message
from comptoir.core.clock import now
from comptoir.desk.sending import Then, send_reply
from comptoir.events.models import Event
from tests.api.conftest import Program, picture
from tests.conversations.files_away import files_away  # noqa: F401  # a fixture
from tests.factories import make_agent, make_conversation, make_incoming, make_outgoing
from tests.fake_network import Fake

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_kinds")]


@pytest.fixture
def conversation(db: None) -> Conversation:
    conversation = make_conversation()
    make_incoming(conversation)
    return conversation


def test_reply_is_queued_in_the_agents_name(administrator: Program, conversation: Conversation) -> None:
    response = administrator.post(f"/conversations/{conversation.pk}/messages", {"text": "Il part demain."})
    assert response.status_code == 201
    shown = response.json()
    assert (shown["state"], shown["text"], shown["visibility"]) == ("queued", "Il part demain.", "private")
    assert shown["agent_id"] == administrator.agent.pk
    event = Event.objects.get(name="message.queued")
    assert (event.actor_kind, event.actor_id) == ("token", administrator.token_id)


def test_empty_reply_is_refused_in_words(administrator: Program, conversation: Conversation) -> None:
    response = administrator.post(f"/conversations/{conversation.pk}/messages", {"text": "  "})
    assert (response.status_code, response.json()["type"]) == (422, "urn:comptoir:problem:refused")
    assert "empty" in response.json()["detail"]


def test_public_reply_with_personal_data_needs_confirmation(administrator: Program) -> None:
    conversation = make_conversation(is_public=True)
    make_incoming(conversation)
    path = f"/conversations/{conversation.pk}/messages"
    text = "Appelez le 06 12 34 56 78."
    response = administrator.post(path, {"text": text})
    assert (response.status_code, response.json()["type"]) == (422, "urn:comptoir:problem:personal-data")
    found = response.json()["found"][0]
    assert (found["kind"], text[found["start"] : found["end"]]) == ("phone", "06 12 34 56 78")
    assert administrator.post(path, {"text": text, "confirm_personal_data": True}).status_code == 201


def test_reply_too_long_for_the_network_is_refused(administrator: Program, conversation: Conversation) -> None:
    response = administrator.post(f"/conversations/{conversation.pk}/messages", {"text": "x" * 301})
    assert (response.status_code, response.json()["type"]) == (422, "urn:comptoir:problem:refused")


def test_reply_can_wait_for_an_instant(administrator: Program, conversation: Conversation) -> None:
    due = now() + timedelta(hours=3)
    asked = {"text": "Bonjour", "send_after": due.isoformat()}
    administrator.post(f"/conversations/{conversation.pk}/messages", asked)
    assert Message.objects.outgoing().get().send_after == due


def test_reply_does_not_wait_for_ever(administrator: Program, conversation: Conversation) -> None:
    asked = {"text": "Bonjour", "send_after": "9999-12-31T23:59:59Z"}
    response = administrator.post(f"/conversations/{conversation.pk}/messages", asked)
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/send_after")


def test_parent_of_another_conversation_is_pointed_at(administrator: Program, conversation: Conversation) -> None:
    other = make_incoming(make_conversation())
    asked = {"text": "Bonjour", "parent_id": other.pk}
    response = administrator.post(f"/conversations/{conversation.pk}/messages", asked)
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/parent_id")


def test_reply_answers_the_message_it_names(administrator: Program, conversation: Conversation) -> None:
    first = conversation.messages.get()
    make_incoming(conversation, text="Alors ?")
    asked = {"text": "Bonjour", "parent_id": first.pk}
    shown = administrator.post(f"/conversations/{conversation.pk}/messages", asked).json()
    assert shown["parent_external_id"] == first.external_id


def test_file_goes_with_the_reply(administrator: Program, conversation: Conversation) -> None:
    path = f"/conversations/{conversation.pk}/messages/with-files"
    response = administrator.upload(path, {"text": "La voici.", "files": picture()})
    assert response.status_code == 201, response.content
    assert [one["name"] for one in response.json()["attachments"]] == ["colis.png"]


def test_kept_file_is_given_as_bytes_to_save(administrator: Program, conversation: Conversation) -> None:
    path = f"/conversations/{conversation.pk}/messages/with-files"
    kept = administrator.upload(path, {"text": "", "files": picture("reçu.png")}).json()["attachments"][0]
    response = administrator.get(f"/attachments/{kept['id']}/content")
    assert b"".join(response.streaming_content) == picture().read()  # type: ignore[attr-defined]  # it streams
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"] == "attachment; filename*=utf-8''re%C3%A7u.png"


def test_file_that_is_gone_from_the_disk_is_told_plainly(administrator: Program, conversation: Conversation) -> None:
    file = Attachment.objects.create(
        message=conversation.messages.get(), kind="file", state="stored", storage_key="no/such", size_bytes=3
    )
    assert administrator.get(f"/attachments/{file.pk}/content").status_code == 404


def test_file_of_a_deleted_message_is_no_longer_given(administrator: Program, conversation: Conversation) -> None:
    message = conversation.messages.get()
    (file,) = attach_outgoing(message, [OutgoingFile("a.txt", "text/plain", b"Bonjour")])
    assert administrator.get(f"/attachments/{file.pk}/content").status_code == 200
    Message.objects.filter(pk=message.pk).update(deleted_at=now())
    assert administrator.get(f"/attachments/{file.pk}/content").status_code == 404


def test_file_that_the_network_does_not_take_is_refused(administrator: Program, conversation: Conversation) -> None:
    path = f"/conversations/{conversation.pk}/messages/with-files"
    response = administrator.upload(path, {"text": "", "files": [picture(f"{one}.png") for one in range(3)]})
    assert (response.status_code, response.json()["type"]) == (422, "urn:comptoir:problem:refused")
    assert not Message.objects.outgoing().exists()


def test_reply_can_be_taken_back_until_it_leaves(administrator: Program, conversation: Conversation) -> None:
    queued = administrator.post(f"/conversations/{conversation.pk}/messages", {"text": "Oups"}).json()
    assert administrator.post(f"/messages/{queued['id']}/take-back").json()["state"] == "cancelled"
    sent = make_outgoing(conversation)
    assert administrator.post(f"/messages/{sent.pk}/take-back").status_code == 409


def test_with_a_reply_that_is_taken_back_goes_what_was_done_with_it(
    administrator: Program, conversation: Conversation
) -> None:
    writer = make_agent(teams=[conversation.team])
    message = send_reply(conversation.pk, by=writer, text="Bonne journée.", visibility="private", then=Then("resolve"))
    assert Conversation.objects.get().status == Conversation.Status.RESOLVED
    administrator.post(f"/messages/{message.pk}/take-back")
    conversation.refresh_from_db()
    assert (conversation.status, conversation.assignee) == (Conversation.Status.OPEN, None)
    done = Event.objects.filter(name__in=["conversation.reopened", "conversation.assigned"]).order_by("-pk")[:2]
    assert {one.actor_kind for one in done} == {"token"}


def test_only_a_failed_reply_is_sent_again(administrator: Program, conversation: Conversation) -> None:
    failed = make_outgoing(conversation, state="failed", external_id=None)
    assert administrator.post(f"/messages/{failed.pk}/resend").json()["state"] == "queued"
    assert administrator.post(f"/messages/{failed.pk}/resend").status_code == 409


@pytest.mark.parametrize(("was_sent", "state"), [(True, "sent"), (False, "queued")])
def test_a_program_can_settle_what_was_perhaps_sent(
    administrator: Program, conversation: Conversation, was_sent: bool, state: str
) -> None:
    uncertain = make_outgoing(conversation, state="uncertain", external_id=None)
    settled = administrator.post(f"/messages/{uncertain.pk}/settle", {"was_sent": was_sent})
    assert settled.json()["state"] == state


def test_what_a_program_decides_is_recorded_as_its_tokens(administrator: Program, conversation: Conversation) -> None:
    queued = administrator.post(f"/conversations/{conversation.pk}/messages", {"text": "Oups"}).json()
    administrator.post(f"/messages/{queued['id']}/take-back")
    for state, path, body in (("failed", "resend", None), ("uncertain", "settle", {"was_sent": True})):
        reply = make_outgoing(conversation, state=state, external_id=None)
        administrator.post(f"/messages/{reply.pk}/{path}", body)
    decided = Event.objects.filter(name__in=["message.taken_back", "message.requeued", "message.sent"])
    assert list(decided.values_list("actor_kind", flat=True)) == ["token"] * 3


def test_customers_message_is_no_reply_to_decide_about(administrator: Program, conversation: Conversation) -> None:
    incoming = conversation.messages.get()
    assert administrator.post(f"/messages/{incoming.pk}/resend").status_code == 404


def test_messages_come_oldest_first_with_their_files_state(administrator: Program, conversation: Conversation) -> None:
    first = conversation.messages.get()
    second = make_outgoing(conversation, sent_at=first.sent_at + timedelta(seconds=1))
    shown = administrator.get(f"/conversations/{conversation.pk}/messages").json()
    assert [one["id"] for one in shown["items"]] == [first.pk, second.pk]
    assert [one["direction"] for one in shown["items"]] == ["incoming", "outgoing"]


def test_conversation_without_an_account_that_answers_is_a_conflict(
    administrator: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = make_conversation()
    conversation.account.kind = "unknown"
    conversation.account.save()
    response = administrator.post(f"/conversations/{conversation.pk}/messages", {"text": "Bonjour"})
    assert (response.status_code, response.json()["type"]) == (409, "urn:comptoir:problem:conflict")


def test_choices_are_offered_where_the_network_has_them(
    administrator: Program, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/conversations/{conversation.pk}/messages"
    asked = {"text": "Un avoir ?", "choices": ["Oui", "Non"]}
    assert administrator.post(path, asked).status_code == 422
    monkeypatch.setattr(Fake, "limits", replace(Fake.limits, max_choices=3))
    response = administrator.post(path, asked)
    assert (response.status_code, response.json()["choices"]) == (201, ["Oui", "Non"])


@pytest.mark.usefixtures("files_away")
def test_file_that_cannot_be_kept_just_now_is_to_be_sent_again(
    administrator: Program, conversation: Conversation
) -> None:
    response = administrator.upload(f"/conversations/{conversation.pk}/messages/with-files", {"files": picture()})
    assert (response.status_code, response.json()["type"]) == (503, "urn:comptoir:problem:unavailable")
    assert response.headers["Retry-After"] == "30"
    assert not Message.objects.outgoing().exists()


def test_file_larger_than_we_keep_is_refused_in_words(
    administrator: Program, conversation: Conversation, settings: Any
) -> None:
    settings.MAX_ATTACHMENT_BYTES = 10
    response = administrator.upload(f"/conversations/{conversation.pk}/messages/with-files", {"files": picture()})
    assert (response.status_code, response.json()["type"]) == (422, "urn:comptoir:problem:refused")
    assert not Message.objects.outgoing().exists()
