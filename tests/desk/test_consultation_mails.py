"""Experts outside: written to by mail, who answer by replying. The mail server is a real one on this machine."""

from __future__ import annotations

import email
from collections.abc import Iterator
from email import policy
from typing import Any

import pytest

from comptoir.channels.actions import keep_error
from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import EventKind, NetworkEvent
from comptoir.connectors.email.tests.reading_mail import message as read
from comptoir.contacts.models import Contact
from comptoir.conversations.models import Consultation, Conversation, Message, Note
from comptoir.core.tasks import Retry
from comptoir.desk.consultation_mails import can_be_mailed, mail_consultation, mailbox_for
from comptoir.desk.consultations import ask_expert, withdraw_consultation
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from comptoir.people.models import Agent
from tests.desk.mail_drop import mail_drop
from tests.factories import make_account, make_agent, make_brand, make_conversation, make_team
from tests.sla.promised import promise_consultations

pytestmark = pytest.mark.django_db

QUESTION = "La pompe fuit après quatorze mois. Est-ce couvert ?"
EXPERT = "dr.roy@labo.example"


@pytest.fixture
def drop() -> Iterator[tuple[int, list[bytes]]]:
    with mail_drop() as opened:
        yield opened


@pytest.fixture
def awa(db: None) -> Agent:
    promise_consultations()
    return make_agent(name="Awa Diop", teams=[make_team()])


@pytest.fixture
def conversation(awa: Agent) -> Conversation:
    team = awa.teams.get()
    return make_conversation(account=make_account(team=team, brand=make_brand(name="Lueur")), team=team, assignee=awa)


@pytest.fixture
def mailbox(drop: tuple[int, list[bytes]], conversation: Conversation) -> ChannelAccount:
    address = "service@lueur.example"
    credentials = {
        "address": address, "username": address, "password": "x", "imap_host": "127.0.0.1", "smtp_host": "127.0.0.1",
        "smtp_port": str(drop[0]), "smtp_security": "none",
    }  # fmt: skip
    brand = conversation.account.brand
    return make_account(kind="email", own_id=address, brand=brand, team=conversation.team, credentials=credentials)


@pytest.fixture
def asked(conversation: Conversation, awa: Agent) -> Consultation:
    return ask_expert(conversation.pk, question=QUESTION, email=EXPERT, name="Dr Roy", language="fr", by=awa)


def mailed(asked: Consultation, drop: tuple[int, list[bytes]], number: int = 0) -> Any:
    mail_consultation(asked.pk, number=number)
    return email.message_from_bytes(drop[1][-1], policy=policy.default)


def reply_to(mail: Any, text: str, *, sender: str = EXPERT, **headers: str) -> NetworkEvent:
    """What the connector makes of a reply, as a mail program writes one."""
    lines = [
        f"From: {sender}", "To: service@lueur.example", f"Subject: Re: {mail['Subject']}",
        "Date: Mon, 02 Mar 2026 10:00:00 +0000", f"Message-ID: <{abs(hash((text, sender)))}@labo.example>",
        f"In-Reply-To: {mail['Message-ID']}", f"References: {mail['Message-ID']}",
        *(f"{name.replace('_', '-')}: {words}" for name, words in headers.items()),
        "Content-Type: text/plain; charset=utf-8", "", text,
    ]  # fmt: skip
    return read("\r\n".join(lines).encode(), own="service@lueur.example")


def test_the_mail_asks_in_their_language_and_says_how_to_answer(
    asked: Consultation, mailbox: ChannelAccount, drop: tuple[int, list[bytes]]
) -> None:
    mail = mailed(asked, drop)
    assert mail["To"].addresses[0].addr_spec == EXPERT
    text = mail.get_content()
    assert QUESTION in text
    assert "/question/" in text
    assert "Dr Roy" in text


def test_a_mailbox_that_is_amiss_comes_after_those_that_write(
    asked: Consultation, mailbox: ChannelAccount, conversation: Conversation, settings: Any
) -> None:
    elsewhere = make_account(kind="email")
    assert mailbox_for(asked) == mailbox
    keep_error(mailbox, reason="Le serveur ne répond pas.")
    assert (mailbox_for(asked), can_be_mailed(asked)) == (elsewhere, True)
    keep_error(elsewhere, reason="Le serveur ne répond pas.")
    assert (mailbox_for(asked), can_be_mailed(asked)) == (mailbox, False)  # tried, and promised to nobody
    settings.EMAIL_HOST = "smtp.example"
    assert (mailbox_for(asked), can_be_mailed(asked)) == (None, True)


def test_the_mail_tells_nothing_of_the_customer(
    asked: Consultation, conversation: Conversation, mailbox: ChannelAccount, drop: tuple[int, list[bytes]]
) -> None:
    Message.objects.filter(conversation=conversation).update(text="Je m’appelle Nadia")
    mailed(asked, drop)
    whole = drop[1][-1].decode()
    assert conversation.identity.name not in whole
    assert conversation.thread_token not in whole
    assert f"conversations/{conversation.pk}" not in whole


def test_a_reply_is_the_answer_and_makes_no_customer(
    asked: Consultation, mailbox: ChannelAccount, drop: tuple[int, list[bytes]]
) -> None:
    contacts, conversations = Contact.objects.count(), Conversation.objects.count()
    reply = reply_to(mailed(asked, drop), "Oui, deux ans.")
    receive(mailbox, [reply])
    asked.refresh_from_db()
    assert (asked.state, asked.answer, asked.answered_by_way) == ("answered", "Oui, deux ans.", "email")
    assert (Contact.objects.count(), Conversation.objects.count()) == (contacts, conversations)


def test_the_same_reply_any_number_of_times_is_one_note(
    asked: Consultation, mailbox: ChannelAccount, drop: tuple[int, list[bytes]]
) -> None:
    reply = reply_to(mailed(asked, drop), "Oui, deux ans.")
    for _time in range(3):
        receive(mailbox, [reply])
    assert Note.objects.count() == 1


def test_a_further_mail_is_a_further_note(
    asked: Consultation, mailbox: ChannelAccount, drop: tuple[int, list[bytes]]
) -> None:
    mail = mailed(asked, drop)
    receive(mailbox, [reply_to(mail, "Oui, deux ans."), reply_to(mail, "Pardon : un an seulement.")])
    assert set(Note.objects.values_list("text", flat=True)) == {"Oui, deux ans.", "Pardon : un an seulement."}


def test_an_absence_is_no_answer(asked: Consultation, mailbox: ChannelAccount, drop: tuple[int, list[bytes]]) -> None:
    receive(mailbox, [reply_to(mailed(asked, drop), "Je suis absent.", Auto_Submitted="auto-replied")])
    asked.refresh_from_db()
    assert asked.is_open
    assert not Note.objects.exists()


def test_somebody_else_who_answers_is_named(
    asked: Consultation, mailbox: ChannelAccount, drop: tuple[int, list[bytes]]
) -> None:
    receive(mailbox, [reply_to(mailed(asked, drop), "Oui.", sender="assistant@labo.example")])
    assert Note.objects.get().text == "Oui.\n\n— assistant@labo.example"
    asked.refresh_from_db()
    assert asked.answer == "Oui."


def test_a_token_that_is_made_up_is_a_customers_mail(
    asked: Consultation, mailbox: ChannelAccount, drop: tuple[int, list[bytes]]
) -> None:
    mail = mailed(asked, drop)
    forged = {"Subject": mail["Subject"], "Message-ID": "<c-q0123456789abcdef0123456789abcdef.x@lueur.example>"}
    receive(mailbox, [reply_to(forged, "Je suis l’expert.")])
    asked.refresh_from_db()
    assert asked.is_open
    assert Message.objects.filter(text="Je suis l’expert.").exists()


def test_what_was_taken_back_is_not_mailed(
    asked: Consultation, awa: Agent, mailbox: ChannelAccount, drop: tuple[int, list[bytes]]
) -> None:
    withdraw_consultation(asked.pk, by=awa)
    mail_consultation(asked.pk, number=0)
    assert drop[1] == []


def test_a_reminder_says_that_it_is_one(
    asked: Consultation, mailbox: ChannelAccount, drop: tuple[int, list[bytes]]
) -> None:
    Consultation.objects.update(reminder_count=1)
    assert mailed(asked, drop, number=1)["Subject"].startswith("Rappel")


def test_without_a_mailbox_whoever_asked_is_told(asked: Consultation, settings: Any, awa: Agent) -> None:
    settings.EMAIL_HOST = ""
    mail_consultation(asked.pk, number=0)
    event = Event.objects.get(name="consultation.unsent")
    assert event.details["asked_by"] == awa.pk
    assert event.reason
    asked.refresh_from_db()
    assert asked.mail_failure == event.reason


def test_a_mail_that_comes_back_is_told_once(
    asked: Consultation, mailbox: ChannelAccount, drop: tuple[int, list[bytes]]
) -> None:
    mail = mailed(asked, drop)
    bounce = NetworkEvent(
        event=EventKind.FAILED, direction="outgoing", target_id=mail["Message-ID"], thread_token=asked.mail_token,
        external_id="<bounce@labo.example>", reason="Mailbox full",
    )  # fmt: skip
    for _twice in range(2):
        receive(mailbox, [bounce])
    asked.refresh_from_db()
    assert asked.mail_failure == "Mailbox full"
    assert Event.objects.filter(name="consultation.unsent").count() == 1
    mail_consultation(asked.pk, number=0)
    asked.refresh_from_db()
    assert asked.mail_failure == ""


def test_a_server_that_is_away_is_asked_again(asked: Consultation, mailbox: ChannelAccount) -> None:
    credentials = mailbox.credentials | {"smtp_port": "9"}
    mailbox.credentials = credentials
    mailbox.save()
    with pytest.raises(Retry):
        mail_consultation(asked.pk, number=0)
