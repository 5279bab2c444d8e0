"""What came of the catalogue's answers: solved, or the customer came back; and what is not answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.catalogue.models import EntryUse, KnowledgeGap
from comptoir.catalogue.searching.at_hand import AT_HAND
from comptoir.catalogue.searching.reading import read_catalogue
from comptoir.catalogue.using import note_uses
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import at_instant, now
from comptoir.desk.actions import resolve_conversation
from comptoir.desk.answer_outcomes import settle_answer_uses
from comptoir.desk.knowledge_gaps import find_knowledge_gaps
from comptoir.people.models import Agent
from tests.catalogue.entries import make_entry
from tests.factories import (
    make_account,
    make_agent,
    make_conversation,
    make_identity,
    make_incoming,
    make_outgoing,
    make_team,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def agent() -> Agent:
    return make_agent(role="administrator")


def used(ago: timedelta) -> EntryUse:
    """An entry that served in a conversation some time ago."""
    with at_instant(now() - ago):
        conversation = make_conversation()
        message = make_outgoing(conversation)
        entry = make_entry()
        note_uses([entry.pk], message_id=message.pk, conversation_id=conversation.pk, text="x", by=None)
    return EntryUse.objects.get(entry=entry)


def resolve(use: EntryUse, ago: timedelta, by: Agent) -> None:
    with at_instant(now() - ago):
        resolve_conversation(use.conversation_id, by=by)


def settled(use: EntryUse) -> tuple[bool, bool, bool]:
    """Whether it was resolved, whether they came back, whether that is the last word."""
    settle_answer_uses()
    use.refresh_from_db()
    return use.resolved_at is not None, use.came_back_at is not None, use.is_settled


def test_resolved_and_quiet_for_seven_days_is_a_success(agent: Agent):
    use = used(9 * DAY)
    resolve(use, 8 * DAY, agent)
    assert settled(use) == (True, False, True)


def test_within_the_seven_days_nothing_is_settled(agent: Agent):
    use = used(3 * DAY)
    resolve(use, 2 * DAY, agent)
    assert settled(use) == (True, False, False)


def test_whoever_comes_back_on_another_channel_came_back(agent: Agent):
    use = used(9 * DAY)
    resolve(use, 8 * DAY, agent)
    contact = Conversation.objects.get(pk=use.conversation_id).contact
    elsewhere = make_conversation(account=make_account(), identity=make_identity(contact=contact))
    make_incoming(elsewhere, sent_at=now() - 5 * DAY)
    assert settled(use) == (True, True, True)


def test_what_somebody_says_after_seven_days_is_another_matter(agent: Agent):
    use = used(12 * DAY)
    resolve(use, 11 * DAY, agent)
    make_incoming(Conversation.objects.get(pk=use.conversation_id), sent_at=now() - DAY)
    assert settled(use) == (True, False, True)


def test_what_was_never_resolved_is_given_up_in_the_end():
    assert settled(used(61 * DAY)) == (False, False, True)


def test_settling_again_changes_nothing(agent: Agent):
    use = used(3 * DAY)
    resolve(use, 2 * DAY, agent)
    settle_answer_uses()
    assert settle_answer_uses() == 0


def test_a_reply_that_was_taken_back_is_no_use():
    use = used(DAY)
    Message.objects.filter(pk=use.message_id).update(state="cancelled", external_id=None)
    settle_answer_uses()
    assert not EntryUse.objects.exists()


ASKED = (
    "Bonjour, livrez-vous en Belgique ?",
    "Est-ce que vous livrez en Belgique svp",
    "Vous faites la livraison en Belgique ?",
    "Livraison en Belgique possible ?",
)


@pytest.fixture
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AT_HAND, "_shelf", None)


def ask(*texts: str) -> list[int]:
    account = make_account(team=make_team())
    return [make_incoming(make_conversation(account=account), text=text).pk for text in texts]


def test_questions_that_nothing_answers_are_found_together(fresh_process: None):
    make_entry(question="Comment nettoyer une lampe ?", phrasings=("entretien d’un abat-jour",))
    make_entry(question="Où trouver ma facture ?", phrasings=("facture svp", "un duplicata de facture"))
    make_entry(question="Comment être remboursé ?", phrasings=("je veux mon argent",))
    read_catalogue()
    ids = ask(*ASKED, "Merci beaucoup, bonne journée à vous", "La lampe grésille quand je l’allume, que faire ?")
    assert find_knowledge_gaps() == 1
    gap = KnowledgeGap.objects.get()
    assert (gap.weight, set(gap.message_ids)) == (4, set(ids[:4]))


def test_what_an_entry_answers_is_no_gap(fresh_process: None):
    make_entry(question="Livrez-vous en Belgique ?", phrasings=ASKED[1:])
    read_catalogue()
    ask(*ASKED)
    assert find_knowledge_gaps() == 0


def test_one_person_who_asks_often_is_no_gap(fresh_process: None):
    conversation = make_conversation()
    for text in ASKED:
        make_incoming(conversation, text=text)
    assert find_knowledge_gaps() == 0
