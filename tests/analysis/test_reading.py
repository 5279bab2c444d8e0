"""Messages are read behind intake: each once, the new before the old, whatever dies in between."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from comptoir.analysis import backlog
from comptoir.analysis.actions import correct_reading
from comptoir.analysis.backlog import ask_for_all, ask_to_read, next_batch, sweep
from comptoir.analysis.deepening import read_on
from comptoir.analysis.models import Figure, MessageAnalysis, MessageToRead
from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from comptoir.reactions import react_once
from comptoir.understanding.analysis import Analysis
from comptoir.understanding.workshop import Learnt, Workshop
from tests.factories import make_account, make_agent, make_conversation, make_incoming, make_outgoing
from tests.intake.events import said as heard

pytestmark = pytest.mark.django_db

ANGRY = "C'est une honte, troisième fois que ma commande arrive cassée, je vais saisir la DGCCRF et mon avocat !"
HAPPY = "Merci beaucoup, livraison parfaite, votre équipe est formidable !"


@pytest.mark.django_db(transaction=True)
def test_a_message_that_came_in_is_read(workshop: Workshop) -> None:
    receive(make_account(), [heard("m1", ANGRY)])
    react_once()
    assert not read_on(workshop, seconds=60.0)
    analysis = Message.objects.get().analysis
    assert (analysis.form, analysis.language, analysis.sentiment) == ("full", "fr", "negative")
    assert analysis.needs_answer
    assert analysis.urgency >= 2
    assert "legal" in analysis.grounds
    assert not MessageToRead.objects.exists()


def test_what_was_read_is_told_to_the_screens_once(workshop: Workshop) -> None:
    conversation = make_conversation()
    ask_to_read([make_incoming(conversation, text=ANGRY).pk])
    read_on(workshop)
    told = Event.objects.get(name="message.analysed")
    assert (told.conversation_id, told.details["sentiment"]) == (conversation.pk, "negative")
    ask_to_read(Message.objects.values_list("pk", flat=True))
    read_on(workshop)
    assert Event.objects.filter(name="message.analysed").count() == 1, "what is shown is the same"


def test_imported_history_is_read_last_and_told_to_nobody(workshop: Workshop) -> None:
    account = make_account()
    receive(account, [heard("old", HAPPY)], as_history=True)
    sweep()
    new = make_incoming(make_conversation(account=account), text=ANGRY)
    ask_to_read([new.pk])
    assert [one.message_id for one in next_batch(light_size=9, full_size=9)[0]] == [new.pk]
    assert not read_on(workshop, seconds=60.0)
    assert MessageAnalysis.objects.count() == 2
    assert Event.objects.filter(name="message.analysed").count() == 1


def test_a_sweep_finds_each_message_once() -> None:
    make_incoming(make_conversation())
    assert sweep() == 1
    assert sweep() == 0
    MessageToRead.objects.all().delete()
    assert ask_for_all() == 1, "the command finds what was never read"


def test_only_what_was_sent_since_is_read_again() -> None:
    conversation = make_conversation()
    make_incoming(conversation, sent_at=now() - timedelta(days=40))
    recent = make_incoming(conversation)
    assert ask_for_all(since=now() - timedelta(days=30)) == 1
    assert MessageToRead.objects.get().message_id == recent.pk


def test_what_is_deleted_automatic_or_empty_asks_for_nothing() -> None:
    conversation = make_conversation()
    asked = [
        make_incoming(conversation, text="", subject="").pk,
        make_incoming(conversation, deleted_at=now()).pk,
        make_outgoing(conversation).pk,
    ]
    ask_to_read(asked)
    assert not MessageToRead.objects.exists()


def test_a_long_backlog_is_first_read_at_a_glance(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "LONG", 2)
    conversation = make_conversation()
    ask_to_read([make_incoming(conversation, text=f"{ANGRY} {number}").pk for number in range(3)])
    wanted, is_light = next_batch(light_size=9, full_size=9)
    assert (len(wanted), is_light) == (3, True)
    read_on(workshop, seconds=0)
    assert set(MessageAnalysis.objects.values_list("form", flat=True)) == {"light"}
    assert MessageToRead.objects.filter(is_glanced_at=True).count() == 3
    while read_on(workshop, seconds=0):
        pass
    assert set(MessageAnalysis.objects.values_list("form", flat=True)) == {"full"}


class _Dying(Workshop):
    """The worker is killed in the middle of a batch."""

    def read(self, *arguments: object, **named: object) -> list[Analysis]:
        raise KeyboardInterrupt


def test_a_worker_that_dies_leaves_the_batch_to_the_next(workshop: Workshop) -> None:
    ask_to_read([make_incoming(make_conversation(), text=ANGRY).pk])
    with pytest.raises(KeyboardInterrupt):
        read_on(_Dying())
    assert MessageToRead.objects.count() == 1
    read_on(workshop)
    assert MessageAnalysis.objects.count() == 1


class _Meanwhile(Workshop):
    """While it reads, the author changes what they wrote."""

    def read(self, texts: list[str], learnt: Learnt, version: str, **named: object) -> list[Analysis]:
        read = super().read(texts, learnt, version, **named)  # type: ignore[arg-type]
        if texts == [HAPPY]:
            Message.objects.update(text=ANGRY)
            ask_to_read(Message.objects.values_list("pk", flat=True))
        return read


def test_words_that_change_while_they_are_read_are_read_again() -> None:
    ask_to_read([make_incoming(make_conversation(), text=HAPPY).pk])
    read_on(_Meanwhile())
    assert MessageAnalysis.objects.get().sentiment == "negative"


def test_what_a_person_has_set_stays_when_it_is_read_again(workshop: Workshop) -> None:
    said = make_incoming(make_conversation(), text=ANGRY)
    ask_to_read([said.pk])
    read_on(workshop)
    correct_reading(said.pk, figure=Figure.SENTIMENT, to="neutral", by=make_agent())
    ask_to_read([said.pk])
    read_on(workshop)
    analysis = MessageAnalysis.objects.get()
    assert (analysis.sentiment, analysis.corrected) == ("neutral", ["sentiment"])
    assert analysis.urgency >= 2


@pytest.mark.parametrize(
    "impossible", [{"urgency": 4}, {"sentiment": "furious"}, {"spam": 1.5}, {"sentiment_score": -2}, {"intent": "x"}]
)
def test_the_database_keeps_no_impossible_reading(workshop: Workshop, impossible: dict[str, object]) -> None:
    ask_to_read([make_incoming(make_conversation(), text=ANGRY).pk])
    read_on(workshop)
    with pytest.raises(IntegrityError), transaction.atomic():
        MessageAnalysis.objects.update(**impossible)
