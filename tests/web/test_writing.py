"""Writing: what is sent goes once, what is kept is never older than what was sent."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from comptoir.catalogue.models import CannedResponse
from comptoir.channels.models import ChannelAccount
from comptoir.contacts.models import ContactIdentity
from comptoir.conversations.models import Conversation, Draft, DraftFile, Message, Note
from comptoir.core.clock import now
from comptoir.web.confirming import seal_of
from tests.factories import make_conversation, make_incoming, make_outgoing
from tests.fake_network import Fake
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
    assert Draft.objects.get(agent=counter.people["agent"]).text == "Bonsoir"
    post(counter, "write", text="Bonsoir", key=key_of(refusal))
    assert (replies("Bonjour"), replies("Bonsoir")) == (1, 1)


def test_a_note_that_is_added_again_is_there_once(counter: Counter) -> None:
    key = str(uuid.uuid4())
    for text in ("Vu", "Vu", "Vu aussi"):
        assert post(counter, "write", mode="note", text=text, key=key).status_code == 200
    assert sorted(Note.objects.filter(text__startswith="Vu").values_list("text", flat=True)) == ["Vu", "Vu aussi"]


def test_a_draft_that_comes_after_its_reply_was_sent_is_forgotten(counter: Counter) -> None:
    for mode in ("private", "note"):
        key = str(uuid.uuid4())
        post(counter, "write", mode=mode, text="Bonjour", key=key)
        assert post(counter, "draft", mode=mode, text="Bonjour", key=key, sequence=9).status_code == 204
        assert not Draft.objects.filter(agent=counter.people["agent"]).exists()


def test_a_draft_is_kept_whatever_is_pasted_into_it(counter: Counter) -> None:
    assert post(counter, "draft", text="Bon\x00jour").status_code == 204
    assert Draft.objects.get(agent=counter.people["agent"]).text == "Bonjour"


def test_a_late_draft_does_not_replace_a_newer_one(counter: Counter) -> None:
    key = str(uuid.uuid4())
    post(counter, "draft", text="Bonjour madame", key=key, sequence=2)
    post(counter, "draft", text="Bonjour", key=key, sequence=1)
    assert Draft.objects.get(agent=counter.people["agent"]).text == "Bonjour madame"
    post(counter, "draft", text="Bon", key=str(uuid.uuid4()), sequence=1)
    assert Draft.objects.get(agent=counter.people["agent"]).text == "Bon", (
        "another form, opened since, has an order of its own"
    )


def test_what_is_typed_when_a_reply_is_taken_back_comes_after_it(counter: Counter) -> None:
    message = counter.queued
    typed = {"mode": "private", "text": "Et aussi", "key": str(uuid.uuid4()), "sequence": 1}
    answer = client_of(counter.people["agent"]).post(f"/messages/{message.pk}/undo/", typed, headers=htmx())
    assert answer.status_code == 200
    assert Draft.objects.get(agent=counter.people["agent"]).text == f"{message.text}\n\nEt aussi"


def lay(counter: Counter, name: str = "facture.png") -> DraftFile:
    address = f"/conversations/{counter.conversation.pk}/files/"
    client = client_of(counter.people["agent"])
    answer = client.post(address, {"file": SimpleUploadedFile(name, PNG, "image/png")}, headers=htmx())
    assert name in answer.content.decode()
    return DraftFile.objects.latest("pk")


def undo(counter: Counter, message: Message) -> str:
    client = client_of(counter.people["agent"])
    return str(client.post(f"/messages/{message.pk}/undo/", headers=htmx()).content.decode())


def test_taking_back_a_reply_brings_its_files_back(counter: Counter) -> None:
    file = lay(counter)
    post(counter, "write", text="Voyez", beside=file.pk)
    message = Message.objects.get(text="Voyez")
    assert [one.name for one in message.attachments.all()] == ["facture.png"]
    file.refresh_from_db()
    assert file.message == message
    assert f'name="beside" value="{file.pk}"' in undo(counter, message)
    post(counter, "write", text="Voyez donc", beside=file.pk)
    assert Message.objects.get(text="Voyez donc").attachments.count() == 1


def test_files_that_were_posted_with_the_form_come_back_too(counter: Counter) -> None:
    post(counter, "write", text="Voyez", files=SimpleUploadedFile("facture.png", PNG, "image/png"))
    assert "facture.png" in undo(counter, Message.objects.get(text="Voyez"))


def test_a_reply_with_files_that_is_sent_again_after_a_lost_answer_goes_once(counter: Counter) -> None:
    file, key = lay(counter), str(uuid.uuid4())
    answers = [post(counter, "write", text="Voyez", beside=file.pk, key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert replies("Voyez") == 1


def test_a_file_taken_off_elsewhere_holds_the_reply_back(counter: Counter) -> None:
    file = lay(counter)
    client_of(counter.people["agent"]).post(f"/draft-files/{file.pk}/remove/", headers=htmx())
    assert post(counter, "write", text="Voyez", beside=file.pk).status_code == 422
    assert replies("Voyez") == 0


def test_a_file_that_the_network_would_refuse_is_refused_before_sending(counter: Counter) -> None:
    address = f"/conversations/{counter.conversation.pk}/files/"
    file = SimpleUploadedFile("notes.txt", b"bonjour", "text/plain")
    answer = client_of(counter.people["agent"]).post(address, {"file": file}, headers=htmx())
    assert "notes.txt" in answer.content.decode()
    assert DraftFile.objects.count() == 1, "the one of the counter itself"


def test_a_colleagues_answer_since_one_began_holds_the_reply_back_with_their_words(counter: Counter) -> None:
    seen = Message.objects.latest("pk").pk
    theirs = make_outgoing(counter.conversation, text="Je m’en occupe.", agent=counter.people["supervisor"])
    refusal = post(counter, "write", text="Bonjour", seen_up_to=seen)
    assert refusal.status_code == 422
    assert "Je m’en occupe." in refusal.content.decode()
    assert replies("Bonjour") == 0
    assert post(counter, "write", text="Bonjour", seen_up_to=seen, answered_seen=theirs.pk).status_code == 200
    assert replies("Bonjour") == 1


def test_what_was_asked_with_a_reply_still_holds_when_it_is_confirmed(counter: Counter) -> None:
    Conversation.objects.filter(pk=counter.conversation.pk).update(is_public=True)
    text = "Appelez le 06 12 34 56 78"
    refusal = post(counter, "write", mode="public", text=text, then="resolve")
    assert 'name="again_then" value="resolve"' in refusal.content.decode()
    post(counter, "write", mode="public", text=text, personal_data_confirmed=seal_of(text), again_then="resolve")
    counter.conversation.refresh_from_db()
    assert (replies(text), counter.conversation.status) == (1, "resolved")


def test_what_was_confirmed_of_some_words_is_not_said_of_others(counter: Counter) -> None:
    Conversation.objects.filter(pk=counter.conversation.pk).update(is_public=True)
    shown, since = "Appelez le 06 12 34 56 78", "Virez à FR76 3000 6000 0112 3456 7890 189"
    page = post(counter, "write", mode="public", text=shown).content.decode()
    assert (confirms := f'name="personal_data_confirmed" value="{seal_of(shown)}"') in page
    again = post(counter, "write", mode="public", text=since, personal_data_confirmed=seal_of(shown))
    assert (again.status_code, replies(since)) == (422, 0)
    assert confirms not in again.content.decode()
    offered = post(counter, "write", mode="public", text=shown, choices=since, personal_data_confirmed=seal_of(shown))
    assert (offered.status_code, replies(shown)) == (422, 0)
    assert "<mark>FR76 3000 6000 0112 3456 7890 189</mark>" in again.content.decode()
    post(counter, "write", mode="public", text=since, personal_data_confirmed=seal_of(since))
    assert replies(since) == 1


def test_a_reply_with_a_word_still_to_be_filled_in_is_held_back(counter: Counter) -> None:
    refusal = post(counter, "write", text="Bonjour {first_name}, merci.")
    assert refusal.status_code == 422
    assert "<mark>{first_name}</mark>" in refusal.content.decode()
    assert replies("Bonjour {first_name}, merci.") == 0


def test_sending_later_asks_for_an_instant(counter: Counter) -> None:
    assert post(counter, "write", text="Demain", later="at").status_code == 422
    assert post(counter, "write", text="Demain", later="at", later_at="2020-01-01T10:00").status_code == 422
    assert replies("Demain") == 0


def test_a_reply_sent_later_is_shown_with_its_instant_and_can_be_changed(counter: Counter) -> None:
    at = timezone.localtime(now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    page = post(counter, "write", text="Après-demain", later="at", later_at=at).content.decode()
    message = Message.objects.get(text="Après-demain")
    assert message.send_after
    assert timezone.localtime(message.send_after).strftime("%Y-%m-%dT%H:%M") == at
    assert f"/messages/{message.pk}/departure/" in page
    client_of(counter.people["agent"]).post(f"/messages/{message.pk}/departure/", {"later": "now"}, headers=htmx())
    message.refresh_from_db()
    assert message.send_after < now() + timedelta(minutes=1)


def test_the_customers_words_since_are_told_beside_a_reply_that_leaves_later(counter: Counter) -> None:
    at = timezone.localtime(now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    post(counter, "write", text="Plus tard", later="at", later_at=at)
    address = f"/conversations/{counter.conversation.pk}/drafts/"
    client = client_of(counter.people["agent"])
    assert "is-overtaken" not in client.get(address).content.decode()
    make_incoming(counter.conversation)
    assert "is-overtaken" in client.get(address).content.decode()


def test_a_canned_response_is_offered_filled_in_and_its_use_is_counted(counter: Counter) -> None:
    canned = CannedResponse.objects.create(
        shortcut="merci", title="Merci", text="Merci {first_name}, {agent_name} de {brand}.", owner=None
    )
    ContactIdentity.objects.update(name="Nadia Roux")
    address = f"/conversations/{counter.conversation.pk}/canned/?q=mer"
    offered = client_of(counter.people["agent"]).get(address).content.decode()
    assert f"Merci Nadia, Un agent de {counter.account.brand.name}." in offered
    post(counter, "write", text="Merci !", canned=canned.pk)
    canned.refresh_from_db()
    assert canned.used == 1


def test_a_note_that_addresses_nobody_is_kept_and_that_is_said_beside_who_is_near(counter: Counter) -> None:
    near = counter.people["supervisor"]
    near.name = "Inès Moreau"
    near.save()
    page = post(counter, "write", mode="note", text="@In tu regardes ?").content.decode()
    assert counter.conversation.notes.filter(text="@In tu regardes ?").exists()
    assert "«\u00a0@In\u00a0» n’a averti personne" in page
    assert 'data-mention="@Inès Moreau "' in page


def test_where_no_answer_kept_ready_goes_with_it_that_is_said(counter: Counter) -> None:
    client = client_of(counter.people["agent"])
    address = f"/conversations/{counter.conversation.pk}/canned/?q="
    assert 'id="offer-none" aria-disabled="true"' in client.get(f"{address}livr").content.decode()
    assert "offer-none" not in client.get(f"{address}l").content.decode()  # hardly begun


def test_a_colleagues_draft_is_read_and_taken_over(counter: Counter) -> None:
    client = client_of(counter.people["agent"])
    page = client.get(f"/conversations/{counter.conversation.pk}/composer/").content.decode()
    assert "Chère" in page
    typed = {"mode": "private", "text": "Bonjour", "key": str(uuid.uuid4()), "sequence": 1}
    client.post(f"/drafts/{counter.draft.pk}/take-over/", typed, headers=htmx())
    mine = Draft.objects.get(agent=counter.people["agent"])
    assert mine.text == "Bonjour\n\nChère"
    counter.draft.refresh_from_db()
    assert (counter.draft.text, counter.draft.taken_over_by) == ("Chère", counter.people["agent"])


def test_a_key_of_another_conversation_queues_nothing(counter: Counter) -> None:
    key = str(uuid.uuid4())
    post(counter, "write", text="Bonjour", key=key)
    counter.conversation = make_conversation(account=counter.account)
    make_incoming(counter.conversation)
    assert post(counter, "write", text="Bonjour", key=key).status_code == 422
    assert replies("Bonjour") == 1


def test_choices_are_kept_with_the_draft_and_sent_with_the_reply(counter: Counter, monkeypatch: Any) -> None:
    monkeypatch.setattr(Fake, "limits", replace(Fake.limits, max_choices=3))
    post(counter, "draft", text="Un avoir ?", choices="Oui\nNon", key="")
    page = client_of(counter.people["agent"]).get(f"/conversations/{counter.conversation.pk}/").content.decode()
    assert "Oui\nNon</textarea>" in page
    post(counter, "write", text="Un avoir ?", choices="Oui\nNon")
    assert Message.objects.outgoing().get(text="Un avoir ?").choices == ["Oui", "Non"]


def test_where_the_network_has_none_no_choices_are_offered(counter: Counter) -> None:
    page = client_of(counter.people["agent"]).get(f"/conversations/{counter.conversation.pk}/").content.decode()
    assert "composer-choices" not in page


def test_a_reply_that_waits_for_its_account_says_so_and_can_be_taken_back_for_as_long(counter: Counter) -> None:
    ChannelAccount.objects.filter(pk=counter.account.pk).update(status=ChannelAccount.Status.DISCONNECTED)
    page = post(counter, "write", text="Dès que possible").content.decode()
    assert "votre réponse partira dès qu’il le sera" in page
    assert "va partir" not in page
    Message.objects.filter(text="Dès que possible").update(send_after=now() - timedelta(hours=2))
    client = client_of(counter.people["agent"])
    beside = client.get(f"/conversations/{counter.conversation.pk}/drafts/").content.decode()
    assert "partira dès que le compte sera connecté" in beside
    message = Message.objects.get(text="Dès que possible")
    client.post(f"/messages/{message.pk}/undo/", headers=htmx())
    message.refresh_from_db()
    assert message.state == Message.State.CANCELLED
