"""Asking an expert, inside and outside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from comptoir.conversations.models import Consultation, Conversation, Draft, Note
from comptoir.conversations.reach import asked_of
from comptoir.core.clock import at_instant, now
from comptoir.desk.actions import resolve_conversation
from comptoir.desk.answers_of_experts import draft_of_answer, entry_of_answer
from comptoir.desk.consultations import answer_consultation, ask_expert, remind_due, withdraw_consultation
from comptoir.desk.drafts import save_draft
from comptoir.desk.errors import ConversationResolvedError, EmptyTextError
from comptoir.desk.refusals import (
    BadAddressError,
    ConsultationOverError,
    NotAnsweredError,
    NotAskedError,
    OneExpertError,
    UnsaidError,
)
from comptoir.events.models import Event
from comptoir.notifications.choices import Kind
from comptoir.notifications.hearing import notify_agents
from comptoir.notifications.models import Notification
from comptoir.people.models import Agent
from comptoir.sla.actions import start_clocks
from comptoir.sla.among_ourselves import recompute_among_ourselves
from comptoir.sla.models import SLAClock, SLAPolicy
from tests.desk.racing import at_once
from tests.factories import make_account, make_agent, make_brand, make_conversation, make_team
from tests.sla.promised import promise_consultations

pytestmark = pytest.mark.django_db

QUESTION = "La pompe d’une Lueur 2 fuit après quatorze mois. Est-ce couvert ?"
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def promised(db: None) -> None:
    promise_consultations()


@pytest.fixture
def awa() -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def lea() -> Agent:
    return make_agent(name="Léa Martin", role="expert", teams=[make_team(name="Atelier", purpose="expertise")])


@pytest.fixture
def conversation(awa: Agent) -> Conversation:
    team = awa.teams.get()
    account = make_account(team=team, brand=make_brand(time_zone="UTC"))
    return make_conversation(account=account, team=team, assignee=awa)


@pytest.fixture
def asked(conversation: Conversation, awa: Agent, lea: Agent) -> Consultation:
    return ask_expert(conversation.pk, question=QUESTION, expert=lea, by=awa)


def outside(conversation: Conversation, awa: Agent, email: str = "dr.roy@labo.example") -> Consultation:
    return ask_expert(conversation.pk, question=QUESTION, email=email, name="Dr Roy", by=awa)


def answered(asked: Consultation, text: str = "Oui, deux ans.") -> Note:
    return answer_consultation(asked.pk, text=text, way=Consultation.Way.SCREEN, by=asked.expert)


def heard(agent: Agent) -> set[str]:
    notify_agents(list(Event.objects.order_by("id")))
    return set(Notification.objects.filter(agent=agent).values_list("kind", flat=True))


# --- asking -------------------------------------------------------------------------------------------------------


def test_the_conversation_stays_where_it_is(asked: Consultation, conversation: Conversation, awa: Agent) -> None:
    conversation.refresh_from_db()
    assert (conversation.assignee, conversation.status) == (awa, "open")


def test_the_expert_reads_it_until_they_have_answered(asked: Consultation, lea: Agent) -> None:
    assert asked_of(lea).get().pk == asked.conversation_id
    answered(asked)
    assert not asked_of(lea).exists()


def test_the_expert_hears_of_it(asked: Consultation, lea: Agent) -> None:
    assert heard(lea) == {Kind.CONSULTED}


def test_whoever_has_an_account_is_asked_inside(conversation: Conversation, awa: Agent, lea: Agent) -> None:
    asked = outside(conversation, awa, email=lea.user.email.upper())
    assert (asked.expert, asked.outside_email) == (lea, "")


@pytest.mark.parametrize("question", ["", "  ", "\x00"])
def test_nobody_is_asked_for_nothing(conversation: Conversation, awa: Agent, lea: Agent, question: str) -> None:
    with pytest.raises(UnsaidError):
        ask_expert(conversation.pk, question=question, expert=lea, by=awa)


def test_one_is_asked_and_one_only(conversation: Conversation, awa: Agent, lea: Agent) -> None:
    with pytest.raises(OneExpertError):
        ask_expert(conversation.pk, question=QUESTION, by=awa)
    with pytest.raises(OneExpertError):
        ask_expert(conversation.pk, question=QUESTION, expert=lea, email="dr.roy@labo.example", by=awa)


@pytest.mark.parametrize("email", ["roy", "roy@", "a@b\nBcc: c@d.example", "roy@labo.example, x@y.example"])
def test_an_address_is_one_address(conversation: Conversation, awa: Agent, email: str) -> None:
    with pytest.raises(BadAddressError):
        outside(conversation, awa, email=email)


def test_a_reader_is_not_asked_since_they_could_not_answer(conversation: Conversation, awa: Agent) -> None:
    with pytest.raises(NotAskedError):
        ask_expert(conversation.pk, question=QUESTION, expert=make_agent(role="reader"), by=awa)


def test_of_what_is_resolved_nothing_is_asked(conversation: Conversation, awa: Agent, lea: Agent) -> None:
    resolve_conversation(conversation.pk, by=awa)
    with pytest.raises(ConversationResolvedError):
        ask_expert(conversation.pk, question=QUESTION, expert=lea, by=awa)


# --- the promise --------------------------------------------------------------------------------------------------


def due_of(conversation: Conversation, awa: Agent, lea: Agent) -> datetime:
    with at_instant(MONDAY):
        asked = ask_expert(conversation.pk, question=QUESTION, expert=lea, by=awa)
    return SLAClock.objects.get(consultation=asked).due_at


def test_it_is_due_after_seven_working_days(conversation: Conversation, awa: Agent, lea: Agent) -> None:
    assert due_of(conversation, awa, lea) == datetime(2026, 3, 12, 0, 0, tzinfo=UTC)  # the end of Wednesday the 11th


def test_a_company_may_count_saturdays(conversation: Conversation, awa: Agent, lea: Agent) -> None:
    SLAPolicy.objects.filter(promise="consultation").update(working_week="to_saturday")
    assert due_of(conversation, awa, lea) == datetime(2026, 3, 11, 0, 0, tzinfo=UTC)


def test_the_customers_promise_runs_on_beside_it(conversation: Conversation, awa: Agent, lea: Agent) -> None:
    SLAPolicy.objects.create(promise="first_reply", target=timedelta(hours=4), position=0)
    start_clocks({conversation.pk: MONDAY})
    due_of(conversation, awa, lea)
    conversation.refresh_from_db()
    assert conversation.promise_due_at == MONDAY + timedelta(hours=4)
    assert conversation.clocks.get().promise == "first_reply"


def test_the_expert_is_called_to_mind_and_in_the_end_others_hear(
    conversation: Conversation, awa: Agent, lea: Agent
) -> None:
    supervisor = make_agent(role="supervisor")
    due = due_of(conversation, awa, lea)
    reminded = []
    at = MONDAY
    while at < due + timedelta(days=5):
        with at_instant(at):
            if remind_due():
                reminded.append(at)
        at += timedelta(hours=6)
    assert len(reminded) == 3
    assert reminded[-1] >= due
    assert Event.objects.filter(name="consultation.escalated").count() == 1
    Event.objects.update(at=now())
    assert Kind.UNANSWERED in heard(supervisor)
    assert Kind.UNANSWERED in heard(awa)
    assert Kind.CONSULTED in heard(lea)


def promised_in(days: int) -> None:
    SLAPolicy.objects.filter(promise="consultation").update(target_working_days=days)
    recompute_among_ourselves()


@pytest.mark.parametrize("days", [3, 14])
def test_due_at_another_time_it_is_called_to_mind_by_that_and_the_link_lasts_by_it(
    conversation: Conversation, awa: Agent, days: int
) -> None:
    with at_instant(MONDAY):
        asked = outside(conversation, awa)
        promised_in(days)
    asked.refresh_from_db()
    due = asked.clocks.get().due_at
    assert asked.next_reminder_at == MONDAY + (due - MONDAY) / 2
    assert asked.link_expires_at == due + timedelta(days=14)


def test_due_at_once_by_a_shorter_promise_others_hear_so(conversation: Conversation, awa: Agent, lea: Agent) -> None:
    due_of(conversation, awa, lea)
    with at_instant(MONDAY + timedelta(days=3)):
        promised_in(1)
        assert remind_due() == 1
    assert Event.objects.filter(name="consultation.escalated").count() == 1


def test_given_more_time_after_it_was_late_it_is_called_to_mind_and_may_be_late_again(
    conversation: Conversation, awa: Agent, lea: Agent
) -> None:
    due = due_of(conversation, awa, lea)
    with at_instant(due + timedelta(hours=1)):
        remind_due()
        promised_in(14)
        asked = Consultation.objects.get()
        assert asked.next_reminder_at is not None
        assert asked.next_reminder_at > now()
        assert asked.escalated_at is None
    later = asked.clocks.get().due_at
    with at_instant(later + timedelta(hours=1)):
        remind_due()
    assert Event.objects.filter(name="consultation.escalated").count() == 2


def test_answered_or_taken_back_nobody_is_called_to_mind(asked: Consultation, awa: Agent) -> None:
    withdraw_consultation(asked.pk, by=awa)
    with at_instant(now() + timedelta(days=60)):
        assert remind_due() == 0
    assert SLAClock.objects.get(consultation=asked).is_abandoned


# --- the answer ---------------------------------------------------------------------------------------------------


def test_the_answer_lands_as_a_note_and_keeps_the_promise(asked: Consultation, lea: Agent, awa: Agent) -> None:
    note = answered(asked)
    asked.refresh_from_db()
    assert (note.text, note.agent, asked.note) == ("Oui, deux ans.", lea, note)
    assert SLAClock.objects.get(consultation=asked).stopped_at == asked.ended_at
    assert Kind.EXPERT_ANSWERED in heard(awa)


def test_an_empty_answer_is_none(asked: Consultation) -> None:
    with pytest.raises(EmptyTextError):
        answered(asked, "  ")
    asked.refresh_from_db()
    assert asked.is_open


def test_it_is_answered_once(asked: Consultation) -> None:
    answered(asked)
    with pytest.raises(ConsultationOverError):
        answered(asked, "Non.")
    assert Note.objects.count() == 1


def test_an_answer_becomes_a_draft_before_what_was_begun(asked: Consultation, awa: Agent) -> None:
    answered(asked)
    save_draft(asked.conversation_id, agent=awa, text="Bonjour,", visibility="private")
    asked.refresh_from_db()
    for _twice in range(2):
        draft_of_answer(asked, agent=awa)
    assert Draft.objects.get().text == "Oui, deux ans.\n\nBonjour,"


def test_an_answer_is_offered_to_the_catalogue_as_a_draft(asked: Consultation, awa: Agent) -> None:
    answered(asked)
    asked.refresh_from_db()
    version = entry_of_answer(asked, by=awa)
    assert version.entry.question == QUESTION
    assert version.entry.approved_version is None


def test_without_an_answer_there_is_nothing_to_use(asked: Consultation, awa: Agent) -> None:
    with pytest.raises(NotAnsweredError):
        draft_of_answer(asked, agent=awa)
    with pytest.raises(NotAnsweredError):
        entry_of_answer(asked, by=awa)


# --- races --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_answers_that_come_at_once_one_is_the_answer(conversation: Conversation, awa: Agent) -> None:
    asked = outside(conversation, awa)
    words = [f"Réponse {number}" for number in range(5)]
    refused = at_once(
        *[lambda text=text: answer_consultation(asked.pk, text=text, way=Consultation.Way.LINK) for text in words]
    )
    asked.refresh_from_db()
    assert len(refused) == 4
    assert asked.answer in words
    assert [note.text for note in Note.objects.all()] == [asked.answer]


@pytest.mark.django_db(transaction=True)
def test_a_reminder_that_is_due_is_given_once_by_many_workers(conversation: Conversation, awa: Agent) -> None:
    asked = outside(conversation, awa)
    Consultation.objects.filter(pk=asked.pk).update(next_reminder_at=now() - timedelta(minutes=1))
    at_once(*[remind_due] * 4)
    assert Event.objects.filter(name="consultation.reminded").count() == 1
