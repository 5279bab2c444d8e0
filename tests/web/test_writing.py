"""Writing: what is sent goes once, what is kept is never older than what was sent."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from comptoir.conversations.models import Draft, Message, Note
from tests.factories import make_conversation, make_incoming
from tests.web.conftest import Counter, client_of, htmx

PNG = b"\x89PNG\r\n\x1a\n" + bytes.fromhex("0000000d49484452000000010000000108060000001f15c489") + bytes(40)


def post(counter: Counter, act: str, **sent: object) -> Any:
    address = f"/conversations/{counter.conversation.pk}/{act}/"
    return client_of(counter.people["agent"]).post(address, {"mode": "private"} | sent, headers=htmx())


def replies(text: str) -> int:
    return Message.objects.outgoing().filter(text=text).count()


def key_of(page: Any) -> str:
    found = re.search(r'id="composer-key" value="([0-9a-f-]{36})"', page.content.decode())
    assert found
    return found[1]


def test_every_form_has_a_key_of_its_own(counter: Counter) -> None:
    client = client_of(counter.people["agent"])
    address = f"/conversations/{counter.conversation.pk}/"
    assert key_of(client.get(address)) != key_of(client.get(address))


def test_a_reply_that_is_sent_again_after_a_lost_answer_goes_once(counter: Counter) -> None:
    key = str(uuid.uuid4())
    answers = [post(counter, "write", text="Bonjour", key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert replies("Bonjour") == 1


def test_other_words_from_the_same_form_are_refused_once_and_then_sent(counter: Counter) -> None:
    key = str(uuid.uuid4())
    post(counter, "write", text="Bonjour", key=key)
    post(counter, "draft", text="Bonsoir", key="")
    refusal = post(counter, "write", text="Bonsoir", key=key)
    assert refusal.status_code == 422
    assert replies("Bonsoir") == 0
    assert Draft.objects.get().text == "Bonsoir"
    post(counter, "write", text="Bonsoir", key=key_of(refusal))
    assert (replies("Bonjour"), replies("Bonsoir")) == (1, 1)


def test_a_note_that_is_added_again_is_there_once(counter: Counter) -> None:
    key = str(uuid.uuid4())
    for text in ("Vu", "Vu", "Vu aussi"):
        assert post(counter, "write", mode="note", text=text, key=key).status_code == 200
    assert sorted(Note.objects.values_list("text", flat=True)) == ["Vu", "Vu aussi"]


def test_a_draft_that_comes_after_its_reply_was_sent_is_forgotten(counter: Counter) -> None:
    for mode in ("private", "note"):
        key = str(uuid.uuid4())
        post(counter, "write", mode=mode, text="Bonjour", key=key)
        assert post(counter, "draft", mode=mode, text="Bonjour", key=key, sequence=9).status_code == 204
        assert not Draft.objects.exists()


def test_a_draft_is_kept_whatever_is_pasted_into_it(counter: Counter) -> None:
    assert post(counter, "draft", text="Bon\x00jour").status_code == 204
    assert Draft.objects.get().text == "Bonjour"


def test_a_late_draft_does_not_replace_a_newer_one(counter: Counter) -> None:
    key = str(uuid.uuid4())
    post(counter, "draft", text="Bonjour madame", key=key, sequence=2)
    post(counter, "draft", text="Bonjour", key=key, sequence=1)
    assert Draft.objects.get().text == "Bonjour madame"
    post(counter, "draft", text="Bon", key=str(uuid.uuid4()), sequence=1)
    assert Draft.objects.get().text == "Bon", "another form, opened since, has an order of its own"


def test_what_is_typed_when_a_reply_is_taken_back_comes_after_it(counter: Counter) -> None:
    message = counter.queued
    typed = {"mode": "private", "text": "Et aussi", "key": str(uuid.uuid4()), "sequence": 1}
    answer = client_of(counter.people["agent"]).post(f"/messages/{message.pk}/undo/", typed, headers=htmx())
    assert answer.status_code == 200
    assert Draft.objects.get().text == f"{message.text}\n\nEt aussi"


def test_taking_back_a_reply_says_which_files_are_to_be_added_again(counter: Counter) -> None:
    post(counter, "write", text="Voyez", files=SimpleUploadedFile("facture.png", PNG, "image/png"))
    message = Message.objects.get(text="Voyez")
    client = client_of(counter.people["agent"])
    assert "facture.png" in client.post(f"/messages/{message.pk}/undo/", headers=htmx()).content.decode()


def test_a_key_of_another_conversation_queues_nothing(counter: Counter) -> None:
    key = str(uuid.uuid4())
    post(counter, "write", text="Bonjour", key=key)
    counter.conversation = make_conversation(account=counter.account)
    make_incoming(counter.conversation)
    assert post(counter, "write", text="Bonjour", key=key).status_code == 422
    assert replies("Bonjour") == 1
