"""Whatever the order, however often: the same rows in the end."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.connectors.base import Attachment, EventKind, NetworkEvent
from comptoir.contacts.models import Contact, ContactIdentity
from comptoir.conversations.models import Conversation, Message, Reaction
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from comptoir.intake.models import ContextPost, EarlyChange
from tests.factories import make_account
from tests.intake.events import change, echo, said

pytestmark = pytest.mark.django_db

PUBLIC: dict[str, Any] = {"event": EventKind.COMMENT, "visibility": "public", "thread_id": "post"}


def story() -> list[NetworkEvent]:
    """Two people and ourselves in a public thread and in private, with everything that can happen to what they say."""
    return [
        said(
            "p0", "Notre sac", by="us", minutes=-9, event=EventKind.POST, visibility="public", custom={"context": True}
        ),
        said("m1", "Bonjour", minutes=1, subject="Colis", language="fr"),
        said("m2", "Toujours rien", minutes=2, parent_id="m1"),
        echo("o1", "Nous regardons", minutes=3, parent_id="m2"),
        said(
            "m3",
            "Merci",
            minutes=4,
            subject="Re: Colis",
            attachments=(Attachment("link", url="https://shop.example/1"),),
        ),
        said("m4", "Encore moi", minutes=6),
        said("a1", "Absent", by="robot", minutes=5, thread_id="r", automatic=True),
        said("c1", "Joli !", by="paul", minutes=1, **PUBLIC),
        said("c2", "En bleu ?", by="nora", minutes=2, parent_id="c1", **PUBLIC),
        echo("c3", "Oui, en bleu", to=None, minutes=3, parent_id="c2", **PUBLIC),
        said("c4", "Super", by="nora", minutes=4, parent_id="c3", **PUBLIC),
        change("edit", "m2", minutes=7, text="Toujours rien reçu"),
        change("edit", "m2", minutes=8, text="Toujours rien reçu !"),
        change("edit", "m2", minutes=8, text="Toujours rien reçu ?"),
        change("delete", "m4", minutes=9),
        change("delete", "c1", by="paul", minutes=9),
        change("reaction", "o1", reaction="👍", minutes=5),
        change("reaction", "c3", by="nora", reaction="❤️", minutes=5),
        change("reaction", "c3", by="nora", reaction="❤️", reaction_removed=True, minutes=6),
        change("reaction", "c2", by="paul", reaction="😮", reaction_removed=True, minutes=5),
        change("reaction", "c2", by="paul", reaction="😮", minutes=7),
        change("delivery", "o1", minutes=4),
        change("read", "o1", minutes=5),
        change("failed", "c3", minutes=4, reason="no"),
    ]


def outcome() -> dict[str, Any]:
    """Everything that is there, without the numbers that the database gave."""
    messages = Message.objects.order_by("external_id").values_list(
        "external_id", "conversation__thread_id", "conversation__identity__external_id", "identity__external_id",
        "direction", "state", "text", "sent_at", "edited_at", "deleted_at", "delivered_at", "read_at", "failure",
    )  # fmt: skip
    conversations = Conversation.objects.order_by("thread_id", "identity__external_id").values_list(
        "thread_id", "identity__external_id", "status", "subject", "language", "started_at", "last_message_at",
        "last_message_text", "last_incoming_at", "waiting_since", "is_public", "team",
    )  # fmt: skip
    once = ["conversation.started", "message.received"]
    return {
        "messages": list(messages),
        "conversations": list(conversations),
        "people": sorted(ContactIdentity.objects.values_list("external_id", "name")),
        "contacts": Contact.objects.count(),
        "reactions": sorted(
            Reaction.objects.values_list("message__external_id", "identity__external_id", "reaction", "at")
        ),
        "context": sorted(ContextPost.objects.values_list("external_id", flat=True)),
        "waiting changes": EarlyChange.objects.exclude(event__reaction_removed=True).count(),
        "said once": {name: Event.objects.filter(name=name).count() for name in once},
    }


def forget() -> None:
    for model in (Reaction, Message, Conversation, ContactIdentity, Contact, ContextPost, EarlyChange, Event):
        model.objects.all().delete()


@pytest.fixture
def account():
    return make_account(own_id="us")


@pytest.fixture
def as_told(account):
    """What the story leaves when it comes once and in order."""
    receive(account, story())
    return outcome()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), batch=st.integers(1, 12), doubled=st.lists(st.integers(0, 23), max_size=12))
def test_any_order_with_any_repetition_leaves_the_same_rows(account, as_told, seed, batch, doubled):
    forget()
    events = [*story(), *(story()[number] for number in doubled)]
    random.Random(seed).shuffle(events)
    for part in _parts(events, batch):
        receive(account, part)
    found = outcome()
    for name, rows in as_told.items():
        assert found[name] == rows


def test_the_story_comes_out_as_told(account):
    receive(account, story())
    told = outcome()
    assert len(told["messages"]) == 10
    assert {row[0]: row[5] for row in told["messages"] if row[4] == "outgoing"} == {"o1": "read", "c3": "failed"}
    assert [(row[0], row[1], row[7]) for row in told["conversations"]] == [
        ("post", "nora", "Super"),
        ("post", "paul", ""),
        ("r", "robot", "Absent"),
        ("t", "lea", "Merci"),
    ]
    assert told["reactions"] == [
        ("c2", "paul", "😮", story()[20].sent_at),
        ("o1", "lea", "👍", story()[16].sent_at),
    ]


def _parts(events: Sequence[NetworkEvent], size: int) -> list[Sequence[NetworkEvent]]:
    return [events[start : start + size] for start in range(0, len(events), size)]
