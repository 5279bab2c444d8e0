"""A person's word stands, is kept, and is never changed."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from comptoir.analysis.actions import correct_reading
from comptoir.analysis.errors import ImpossibleFigureError, NotReadYetError
from comptoir.analysis.models import ConversationReading, Correction, Figure, MessageAnalysis
from comptoir.conversations.models import Message
from comptoir.events.models import Event
from comptoir.people.models import Agent
from tests.factories import make_agent, make_analysis, make_conversation, make_incoming, make_reason

pytestmark = pytest.mark.django_db


@pytest.fixture
def said() -> Message:
    message = make_incoming(make_conversation())
    make_analysis(message)
    return message


@pytest.fixture
def agent() -> Agent:
    return make_agent()


@pytest.mark.parametrize(
    ("figure", "to", "shown"),
    [
        (Figure.LANGUAGE, "de", {"language": "de"}),
        (Figure.SENTIMENT, "negative", {"sentiment": "negative", "sentiment_score": -1, "sentiment_confidence": 1}),
        (Figure.INTENT, "complaint", {"intent": "complaint", "intent_confidence": 1}),
        (Figure.NEEDS_ANSWER, "no", {"needs_answer": False}),
        (Figure.URGENCY, "3", {"urgency": 3}),
        (Figure.TOXICITY, "yes", {"toxicity": 1}),
        (Figure.SPAM, "yes", {"spam": 1}),
    ],
)
def test_what_is_shown_is_what_a_person_said(
    said: Message, agent: Agent, figure: Figure, to: str, shown: dict[str, object]
) -> None:
    correct_reading(said.pk, figure=figure, to=to, by=agent)
    analysis = MessageAnalysis.objects.get()
    assert {name: getattr(analysis, name) for name in shown} == shown
    assert analysis.corrected == [figure.value]


def test_a_reason_can_be_given_another_taken_none_left(said: Message, agent: Agent) -> None:
    delivery, invoice = make_reason("Livraison"), make_reason("Facture")
    for to, found in ((delivery.pk, [delivery.pk]), (invoice.pk, [invoice.pk]), ("", [])):
        correct_reading(said.pk, figure=Figure.TOPIC, to=str(to), by=agent)
        assert list(said.analysis.topics.values_list("reason_id", flat=True)) == found
    assert list(Correction.objects.order_by("pk").values_list("before", "after")) == [
        (None, delivery.pk),
        (delivery.pk, invoice.pk),
        (invoice.pk, None),
    ]


def test_who_when_and_from_what_to_what_is_kept_and_recorded(said: Message, agent: Agent) -> None:
    correct_reading(said.pk, figure=Figure.URGENCY, to="2", by=agent)
    kept = Correction.objects.get()
    assert (kept.message, kept.figure, kept.before, kept.after, kept.agent) == (said, "urgency", 0, 2, agent)
    told = Event.objects.get(name="analysis.corrected")
    assert (told.actor_id, told.conversation_id) == (agent.pk, said.conversation_id)
    assert told.details == {"figure": "urgency", "before": 0, "after": 2}


def test_saying_what_is_shown_already_is_no_correction(said: Message, agent: Agent) -> None:
    correct_reading(said.pk, figure=Figure.INTENT, to="question", by=agent)
    assert not Correction.objects.exists()
    assert not Event.objects.filter(name="analysis.corrected").exists()


def test_a_correction_is_never_changed(said: Message, agent: Agent) -> None:
    correct_reading(said.pk, figure=Figure.URGENCY, to="2", by=agent)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Correction.objects.update(after=3)


def test_a_correction_outlives_who_made_it(said: Message, agent: Agent) -> None:
    correct_reading(said.pk, figure=Figure.URGENCY, to="2", by=agent)
    Correction.objects.update(agent=None)
    assert Correction.objects.get().after == 2


@pytest.mark.parametrize(
    ("figure", "to"),
    [
        (Figure.URGENCY, "4"),
        (Figure.SENTIMENT, "furious"),
        (Figure.NEEDS_ANSWER, "perhaps"),
        (Figure.TOPIC, "999"),
        (Figure.TOPIC, "x"),
        (Figure.LANGUAGE, "tlh"),
    ],
)
def test_what_a_figure_cannot_be_changes_nothing(said: Message, agent: Agent, figure: Figure, to: str) -> None:
    with pytest.raises(ImpossibleFigureError):
        correct_reading(said.pk, figure=figure, to=to, by=agent)
    assert not Correction.objects.exists()


def test_nothing_is_filed_under_a_reason_that_is_switched_off(said: Message, agent: Agent) -> None:
    off = make_reason("Ancien motif", is_active=False)
    with pytest.raises(ImpossibleFigureError):
        correct_reading(said.pk, figure=Figure.TOPIC, to=str(off.pk), by=agent)


def test_what_was_not_read_yet_cannot_be_corrected(agent: Agent) -> None:
    message = make_incoming(make_conversation())
    with pytest.raises(NotReadYetError):
        correct_reading(message.pk, figure=Figure.URGENCY, to="2", by=agent)


def test_the_list_follows_at_once(said: Message, agent: Agent) -> None:
    correct_reading(said.pk, figure=Figure.URGENCY, to="3", by=agent)
    assert ConversationReading.objects.get().urgency == 3
