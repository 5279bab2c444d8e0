"""What people correct is learnt from, and kept only if it reads better what was held out."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.analysis import teaching
from comptoir.analysis.actions import correct_reading
from comptoir.analysis.learnt import knowledge
from comptoir.analysis.models import Figure, MessageAnalysis, ReasonHead, TrainedHeads
from comptoir.analysis.teaching import learn, new_corrections, schooling
from comptoir.analysis.trees import learn_topics, learn_trees
from comptoir.conversations.models import Message
from comptoir.people.models import Agent
from comptoir.understanding.adapting import Figures
from comptoir.understanding.workshop import TaughtHead, Workshop
from tests.analysis.reading import read
from tests.factories import (
    make_agent,
    make_analysis,
    make_conversation,
    make_incoming,
    make_outgoing,
    make_reason,
)

pytestmark = pytest.mark.django_db

#: Of this company, whoever asks for the batch number has found glass in their food: it cannot wait.
BATCHES = [f"Bonjour, quel est le numéro de lot des confitures {fruit} ?" for fruit in (
    "fraise", "abricot", "figue", "prune", "cerise", "mirabelle", "rhubarbe", "orange", "citron", "pêche", "poire",
    "myrtille", "framboise", "cassis", "mûre", "coing", "pomme", "raisin", "melon", "kiwi", "mangue", "ananas",
    "groseille", "banane", "noix", "châtaigne", "lait", "caramel", "miel", "tomate", "gingembre", "pamplemousse",
)]  # fmt: skip
OTHERS = [f"Bonjour, {asked} {what} ?" for asked in (
    "avez-vous en stock", "où trouver", "quel est le prix de", "livrez-vous en Suisse", "puis-je offrir", "qui prépare",
) for what in (
    "les confitures de fraise", "les coffrets de noël", "le miel de lavande", "les biscuits", "les bons cadeaux",
    "les paniers gourmands", "le sirop de menthe",
)]  # fmt: skip


@pytest.fixture
def agent() -> Agent:
    return make_agent()


def answered(text: str, agent: Agent) -> Message:
    """A message in a conversation of its own that somebody has answered."""
    conversation = make_conversation()
    message = make_incoming(conversation, text=text)
    make_outgoing(conversation, agent=agent)
    return message


def corrected(figure: Figure, to: str, agent: Agent, texts: list[str], workshop: Workshop) -> None:
    messages = [answered(text, agent) for text in texts]
    read(workshop, *messages)
    for message in messages:
        correct_reading(message.pk, figure=figure, to=to, by=agent)


def test_enough_corrections_have_it_learnt_in_the_background(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teaching, "ENOUGH", 2)
    for expected in (0, 1):
        message = make_incoming(make_conversation())
        make_analysis(message)
        correct_reading(message.pk, figure=Figure.URGENCY, to="3", by=agent)
        assert ProcrastinateJob.objects.filter(task_name="analysis.learn").count() == expected


def test_a_language_is_not_learnt(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teaching, "ENOUGH", 1)
    message = make_incoming(make_conversation())
    make_analysis(message)
    correct_reading(message.pk, figure=Figure.LANGUAGE, to="de", by=agent)
    assert not ProcrastinateJob.objects.filter(task_name="analysis.learn").exists()


def test_what_people_answered_and_left_alone_counts_too(agent: Agent) -> None:
    left, changed = answered("Bonjour", agent), answered("Bonsoir", agent)
    unanswered = make_incoming(make_conversation(), text="Personne ?")
    for message in (left, changed, unanswered):
        make_analysis(message)
    correct_reading(changed.pk, figure=Figure.SENTIMENT, to="negative", by=agent)
    lessons = schooling(Figure.SENTIMENT).lessons
    found = {(one.text, one.label, one.is_corrected) for one in lessons}
    assert found == {("Bonjour", "neutral", False), ("Bonsoir", "negative", True)}


def test_the_last_correction_is_the_one_that_is_learnt(agent: Agent) -> None:
    message = answered("Bonjour", agent)
    make_analysis(message)
    for to in ("negative", "positive"):
        correct_reading(message.pk, figure=Figure.SENTIMENT, to=to, by=agent)
    assert [one.label for one in schooling(Figure.SENTIMENT).lessons] == ["positive"]


def test_what_is_learnt_is_used_where_it_is_better(agent: Agent, workshop: Workshop) -> None:
    read(workshop, *(answered(text, agent) for text in OTHERS))
    corrected(Figure.URGENCY, "3", agent, BATCHES, workshop)
    assert new_corrections(Figure.URGENCY) == teaching.ENOUGH
    full, light = learn(workshop)
    assert (full.form, light.form) == ("full", "light")
    assert full.is_kept
    assert full.share_after > full.share_before
    assert full.corrected_after > full.corrected_before
    assert new_corrections(Figure.URGENCY) == 0
    fresh = make_incoming(make_conversation(), text="Bonjour, quel est le numéro de lot des confitures au cacao ?")
    calm = make_incoming(make_conversation(), text="Bonjour, quel est le prix de la pâte de coing ?")
    read(workshop, fresh, calm)
    assert MessageAnalysis.objects.get(message=fresh).urgency == 3
    assert MessageAnalysis.objects.get(message=calm).urgency == 0
    assert MessageAnalysis.objects.get(message=fresh).heads == knowledge().version


class _Worse(Workshop):
    """What comes of it reads what was held out no better."""

    def teach_head(self, *arguments: object, **named: object) -> TaughtHead:
        same = Figures(share_right=0.9, corrected_right=3, corrected=10, texts=40)
        return TaughtHead(b"", same, same)


def test_what_is_not_better_is_not_used(agent: Agent, workshop: Workshop) -> None:
    read(workshop, *(answered(text, agent) for text in OTHERS))
    corrected(Figure.URGENCY, "3", agent, BATCHES, workshop)
    version = knowledge().version
    attempts = learn(_Worse())
    assert [one.is_kept for one in attempts] == [False, False]
    assert knowledge().version == version
    assert new_corrections(Figure.URGENCY) == 0, "the same is not tried again"


def test_the_database_keeps_no_heads_that_are_not_better() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainedHeads.objects.create(
            figure="urgency", form="full", is_kept=True, coefficients=b"x", learnt_from=1, last_correction=1,
            trained_at="2026-01-01T00:00Z", texts=1, corrected=1, share_before=0.9, share_after=0.8,
            corrected_before=0, corrected_after=0,
        )  # fmt: skip


def test_of_errors_alone_nothing_is_learnt(agent: Agent, workshop: Workshop) -> None:
    corrected(Figure.URGENCY, "3", agent, BATCHES, workshop)
    assert learn(workshop) == []


def test_with_too_few_held_out_nothing_is_judged(agent: Agent, workshop: Workshop) -> None:
    read(workshop, *(answered(text, agent) for text in OTHERS))
    corrected(Figure.URGENCY, "3", agent, BATCHES[:6], workshop)
    assert learn(workshop, at_once=True) == []


def test_corrected_reasons_become_examples_where_that_is_better(agent: Agent, workshop: Workshop) -> None:
    make_reason(
        "Horaires", examples=["Quels sont vos horaires ?", "Ouvert le dimanche ?", "À quelle heure fermez-vous ?"]
    )
    batch = make_reason("Rappel de lot", examples=["Rappel produit", "Produit dangereux"])
    learn_trees(workshop)
    corrected(Figure.TOPIC, str(batch.pk), agent, BATCHES, workshop)
    (attempt,) = learn_topics(workshop, at_once=True)
    assert attempt.is_kept == (attempt.share_after > attempt.share_before)
    assert ReasonHead.objects.get().has_corrections == attempt.is_kept
