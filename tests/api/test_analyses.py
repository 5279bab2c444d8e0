"""What was read in messages, by the API, and correcting it."""

from __future__ import annotations

import pytest

from comptoir.analysis.models import Correction
from comptoir.conversations.models import Message
from comptoir.events.models import Event
from tests.api.conftest import Program
from tests.factories import make_analysis, make_conversation, make_incoming, make_outgoing, make_reason

pytestmark = pytest.mark.django_db


@pytest.fixture
def said() -> Message:
    return make_incoming(make_conversation())


def test_a_message_carries_what_was_read_in_it(administrator: Program, said: Message) -> None:
    reason = make_reason("Livraison")
    make_analysis(said, urgency=2, grounds=["deadline"], personal_data=[["phone", 0, 10]], reason=reason)
    (shown,) = administrator.get(f"/conversations/{said.conversation_id}/messages").json()["items"]
    read = shown["analysis"]
    assert read["urgency"] == {"level": 2, "grounds": ["deadline"]}
    assert read["intent"] == {"label": "question", "confidence": 0.8}
    assert read["topics"] == [{"reason_id": reason.pk, "name": "Livraison", "confidence": 0.8}]
    assert read["personal_data"] == [{"kind": "phone", "start": 0, "end": 10}]
    assert read["corrected"] == []


def test_what_was_not_read_has_none(administrator: Program, said: Message) -> None:
    make_outgoing(said.conversation)
    shown = administrator.get(f"/conversations/{said.conversation_id}/messages").json()["items"]
    assert [one["analysis"] for one in shown] == [None, None]


def test_a_correction_answers_with_what_is_shown_now(administrator: Program, said: Message) -> None:
    make_analysis(said)
    answer = administrator.post(f"/messages/{said.pk}/corrections", {"figure": "sentiment", "to": "negative"})
    assert answer.status_code == 201
    assert answer.json()["sentiment"] == {"label": "negative", "score": -1, "confidence": 1}
    assert answer.json()["corrected"] == ["sentiment"]
    assert Correction.objects.get().agent is not None
    assert Event.objects.get(name="analysis.corrected").actor_kind == "token"


@pytest.mark.parametrize(
    "asked", [{"figure": "urgency", "to": "9"}, {"figure": "weather", "to": "rain"}, {"figure": "topic", "to": "12"}]
)
def test_what_cannot_be_is_refused_at_its_field(administrator: Program, said: Message, asked: dict[str, str]) -> None:
    make_analysis(said)
    assert administrator.post(f"/messages/{said.pk}/corrections", asked).status_code == 422
    assert not Correction.objects.exists()


def test_what_was_not_read_yet_is_a_conflict(administrator: Program, said: Message) -> None:
    answer = administrator.post(f"/messages/{said.pk}/corrections", {"figure": "urgency", "to": "2"})
    assert answer.status_code == 409
