"""Agents' own answers teach: groups and not single replies, nothing personal, nothing live without approval."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comptoir.bot.answered import answered_by_agents
from comptoir.bot.learning import LOOKED_BACK, learn_from_answers
from comptoir.bot.models import LearntMessage
from comptoir.catalogue.approving import refuse_version
from comptoir.catalogue.content import Content
from comptoir.catalogue.models import CatalogueEntry, EntryVersion
from comptoir.catalogue.using import note_uses
from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Message, Note
from comptoir.core.clock import now
from comptoir.people.models import Agent
from tests.bot.deciding import PHRASINGS, decided, make_answerable, make_bot_account, make_question
from tests.factories import make_agent, make_conversation, make_identity, make_outgoing
from tests.web.conftest import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]

#: Who asks, how, and what they are answered.
BELGIUM = (
    ("Julie Martin", "Bonjour, livrez-vous en Belgique ? Julie Martin, 06 12 34 56 78",
     "Bonjour Julie, oui, nous livrons en Belgique sous 3 jours ouvrés pour 6,90 €, commande 45781234 comprise. Karim"),
    ("Paul Petit", "Est-ce que vous livrez en Belgique svp",
     "Bonjour Paul, oui nous livrons en Belgique sous 3 jours ouvrés, pour 6,90 €. Bonne journée, Karim"),
    ("Anne Roy", "Vous faites la livraison en Belgique ?",
     "Bonjour Anne, oui, nous livrons bien en Belgique sous 3 jours ouvrés pour 6,90 €. Karim"),
    ("Luc Blanc", "Livraison en Belgique possible ?",
     "Bonjour Luc, oui : nous livrons en Belgique sous 3 jours ouvrés pour 6,90 €. Karim"),
)  # fmt: skip


@pytest.fixture
def karim() -> Agent:
    return make_agent(name="Karim Benali")


def ask(account: ChannelAccount, name: str, text: str) -> Message:
    identity = make_identity(name=name)
    conversation = make_conversation(account=account, identity=identity, language="fr")
    return make_question(account, text, conversation=conversation)


def answered(agent: Agent, exchanges: Sequence[tuple[str, str, str]]) -> list[Message]:
    account = make_bot_account("silent")
    asked: list[Message] = []
    for name, question, answer in exchanges:
        message = ask(account, name, question)
        make_outgoing(message.conversation, text=answer, agent=agent)
        asked.append(message)
    return asked


def drafted() -> Content:
    return Content.of_json(EntryVersion.objects.get(status="draft").content)


def test_what_several_were_answered_alike_becomes_one_draft(karim: Agent) -> None:
    asked = answered(karim, BELGIUM)
    assert len(learn_from_answers()) == 1
    draft = drafted()
    assert "livr" in draft.question
    assert "nous livrons" in draft.variants[0].text
    assert len({draft.question, *draft.phrasings}) == 4
    assert set(LearntMessage.objects.values_list("message", flat=True)) == {one.pk for one in asked}


def test_nothing_of_a_person_is_in_it(karim: Agent) -> None:
    answered(karim, BELGIUM)
    learn_from_answers()
    said = str(drafted().to_json())
    for personal in ("Julie", "Martin", "06 12", "45781234", "Paul", "Petit", "Luc", "Karim"):
        assert personal not in said
    answer = drafted().variants[0].text
    assert "{first_name}" in answer
    assert "{agent_name}" in answer


def test_what_all_were_told_stays(karim: Agent) -> None:
    answered(karim, BELGIUM)
    learn_from_answers()
    assert "3 jours ouvrés" in drafted().variants[0].text
    assert "6,90 €" in drafted().variants[0].text
    assert "Belgique" in drafted().variants[0].text


def test_it_serves_nobody_before_it_is_approved(karim: Agent) -> None:
    answered(karim, BELGIUM)
    learn_from_answers()
    assert not CatalogueEntry.objects.filter(approved_version__isnull=False).exists()


def test_the_same_answers_teach_once_even_when_the_draft_was_refused(karim: Agent) -> None:
    answered(karim, BELGIUM)
    (version,) = learn_from_answers()
    assert learn_from_answers() == []
    refuse_version(version.pk, by=make_agent(role="administrator"), reason="non")
    answered(karim, BELGIUM[:1])
    assert learn_from_answers() == []


def test_two_people_are_too_few(karim: Agent) -> None:
    answered(karim, BELGIUM[:2])
    assert learn_from_answers() == []


def test_one_who_asks_three_times_is_one(karim: Agent) -> None:
    account, identity = make_bot_account("silent"), make_identity(name="Luc Blanc")
    for _name, question, answer in BELGIUM[:3]:
        conversation = make_conversation(account=account, identity=identity, language="fr")
        message = make_question(account, question, conversation=conversation)
        make_outgoing(message.conversation, text=answer, agent=karim)
    assert learn_from_answers() == []


def test_what_asks_back_is_no_answer(karim: Agent) -> None:
    back = "Bonjour, quel est votre numéro de commande exact, s’il vous plaît ?"
    answered(karim, [(name, asked, back) for name, asked, _answer in BELGIUM])
    assert learn_from_answers() == []


def test_a_proposal_that_agents_rewrite_is_drafted_for_its_owner_who_is_told(karim: Agent) -> None:
    owner = make_agent(name="Nadia Roux")
    entry = make_answerable(question="Livrez-vous en Suisse ?", answer="Nos magasins de Genève et de Lausanne.")
    CatalogueEntry.objects.filter(pk=entry.pk).update(owner=owner)
    for message in answered(karim, BELGIUM):
        decided(message, entry, confidence=0.5)
    (version,) = learn_from_answers()
    assert version.entry_id != entry.pk
    assert CatalogueEntry.objects.get(pk=version.entry_id).owner == owner
    assert "Livrez-vous en Suisse" in version.reason
    assert "@Nadia Roux" in Note.objects.get().text


def test_how_it_was_asked_joins_the_entry_that_agents_answered_with(karim: Agent) -> None:
    entry = make_answerable(question="Où livrez-vous à l’étranger ?", answer="Nous livrons en Belgique sous 3 jours.")
    for message in answered(karim, BELGIUM):
        decided(message, None)
        reply = Message.objects.outgoing().get(conversation=message.conversation)
        note_uses([entry.pk], message_id=reply.pk, conversation_id=reply.conversation_id, text=reply.text, by=karim)
    (version,) = learn_from_answers()
    assert version.entry_id == entry.pk
    phrasings = Content.of_json(version.content).phrasings
    assert phrasings[:-1] == PHRASINGS
    assert "Belgique" in phrasings[-1]


def test_an_entry_that_somebody_is_writing_is_left_alone(karim: Agent) -> None:
    entry = make_answerable(question="Où livrez-vous à l’étranger ?", answer="Nous livrons en Belgique sous 3 jours.")
    EntryVersion.objects.create(entry=entry, number=2, content=entry.approved_version.content, made_at=now())  # type: ignore[union-attr]  # it serves
    for message in answered(karim, BELGIUM):
        decided(message, None)
        reply = Message.objects.outgoing().get(conversation=message.conversation)
        note_uses([entry.pk], message_id=reply.pk, conversation_id=reply.conversation_id, text=reply.text, by=karim)
    assert learn_from_answers() == []


def test_the_questions_do_not_grow_with_the_answers(karim: Agent) -> None:
    answered(karim, BELGIUM[:1])
    with CaptureQueriesContext(
        connection,
    ) as few:
        answered_by_agents(now() - LOOKED_BACK)
    answered(karim, BELGIUM)
    with CaptureQueriesContext(connection) as many:
        assert len(answered_by_agents(now() - LOOKED_BACK)) == 5
    assert len(many) == len(few)


def test_the_screen_of_gaps_leads_to_the_draft_and_to_what_it_was_made_of(karim: Agent) -> None:
    answered(karim, BELGIUM)
    (version,) = learn_from_answers()
    client = client_of(make_agent(role="administrator", language="en"))
    page = client.get(reverse("knowledge_gaps")).content.decode()
    assert "Drafts made of what agents answered" in page
    assert reverse("entry", args=[version.entry_id]) in page
    entry = client.get(reverse("entry", args=[version.entry_id])).content.decode()
    assert "made of agents’ answers" in entry
    assert "Livraison en Belgique possible" in entry
