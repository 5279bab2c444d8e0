"""The tone of replies: read with what was known when they were written, each once, and counted where it applies."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.analysis.models import ReplyTone, ReplyToRead
from comptoir.analysis.tone import ask_to_read_replies, read_tones, reply_in_context, tone_shares
from comptoir.contacts.models import Contact
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.events.record import record
from comptoir.reactions import react_once
from comptoir.understanding.workshop import Workshop
from tests.factories import make_agent, make_conversation, make_identity, make_incoming, make_outgoing

pytestmark = pytest.mark.django_db

ANGRY = "Ma commande est arrivée cassée et personne ne répond au téléphone !"
GOOD = (
    "Bonjour Léa, je suis désolée pour cette commande cassée, et je comprends votre agacement de n’avoir eu personne au"
    " téléphone. Je m’occupe de tout : un colis neuf part aujourd’hui, vous l’aurez mardi."
)
POOR = "Votre demande a bien été prise en compte. Vous auriez dû vérifier le colis. Quel est votre e-mail ?"


def spoken(text: str = ANGRY, address: str = "lea@example.test") -> Conversation:
    contact = Contact.objects.create(name="Léa Martin", attributes={"carte": "A-12"})
    make_identity(channel="email", external_id=address, contact=contact)
    conversation = make_conversation(identity=make_identity(name="Léa Martin", contact=contact), contact=contact)
    make_incoming(conversation, text=text, sent_at=now() - timedelta(hours=3))
    return conversation


def left(conversation: Conversation, text: str, **fields: object) -> Message:
    fields = {"agent": make_agent(), "state": "sent", "sent_at": now() - timedelta(hours=2)} | fields
    return make_outgoing(conversation, text=text, **fields)


def test_a_reply_is_read_with_what_its_writer_knows() -> None:
    conversation = spoken()
    given = reply_in_context(conversation, GOOD, is_public=True)
    assert (given.customer_message, given.first_name, given.public) == (ANGRY, "Léa", True)
    assert given.known == {"carte": "A-12", "email": "lea@example.test"}


def test_it_answers_what_was_said_since_the_last_answer() -> None:
    conversation = spoken()
    first = left(conversation, "Bonjour, nous regardons.")
    for minutes, text in ((20, "Merci"), (10, "Et la facture ?")):
        make_incoming(conversation, text=text, sent_at=now() - timedelta(minutes=minutes))
    assert reply_in_context(conversation, "La voici.", is_public=False).customer_message == "Merci\nEt la facture ?"
    assert reply_in_context(conversation, "…", is_public=False, sent=first).customer_message == ANGRY


@pytest.mark.django_db(transaction=True)
def test_the_tone_of_what_a_person_sent_is_read_once(workshop: Workshop) -> None:
    conversation = spoken()
    good = left(conversation, GOOD)
    record("message.sent", subject=good)
    react_once()
    assert not read_tones(workshop)
    tone = ReplyTone.objects.get()
    assert (tone.message_id, tone.uses_first_name, tone.reassures, tone.has_next_step) == (good.pk, True, True, True)
    assert tone.points >= tone.points_taken_up >= 1
    ask_to_read_replies([good.pk])
    read_tones(workshop)
    assert ReplyTone.objects.count() == 1
    assert not ReplyToRead.objects.exists()


def test_what_nobody_wrote_has_no_tone() -> None:
    conversation = spoken()
    receipt = left(conversation, "Bien reçu.", is_automatic=True)
    unsigned = left(conversation, "Réponse donnée ailleurs.", agent=None)
    ask_to_read_replies([receipt.pk, unsigned.pk])
    assert not ReplyToRead.objects.exists()


def test_shares_are_of_the_replies_that_each_is_about(workshop: Workshop) -> None:
    replies = [
        left(spoken(), GOOD),
        left(spoken(address="l.martin@example.test"), POOR),
        left(spoken("Vous êtes ouverts dimanche ?", "lm@example.test"), "Oui, de 10 h à 18 h."),
    ]
    ask_to_read_replies([one.pk for one in replies])
    read_tones(workshop)
    shares = {one.criterion: one for one in tone_shares(since=now() - timedelta(days=1))}
    assert (shares["first_name"].met, shares["first_name"].of) == (1, 3)
    assert (shares["reassures"].met, shares["reassures"].of) == (1, 2)
    assert shares["no_blame"].percent == 67
    assert shares["asks_nothing_known"].percent == 67
    assert tone_shares(since=now())[0].percent is None
