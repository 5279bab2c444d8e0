"""Answers to press below a reply: within the network's bounds, and back in the draft when it is taken back."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from comptoir.conversations.models import Conversation, Draft
from comptoir.delivery.actions import take_back
from comptoir.delivery.outgoing import build_outgoing
from comptoir.delivery.refusals import ChoicesRefusedError, PersonalDataError, TakenBeforeError, TextTooLongError
from comptoir.people.models import Agent
from tests.delivery.conftest import Queue, deliver_due
from tests.fake_network import Fake


@pytest.fixture
def offering(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Fake, "limits", replace(Fake.limits, max_choices=3, max_choice_chars=10))


@pytest.mark.usefixtures("offering")
def test_choices_go_out_with_the_text(conversation: Conversation, queue: Queue) -> None:
    message = queue(conversation, "Un avoir ?", choices=[" Oui ", "", "Non\nmerci"])
    assert build_outgoing(message).choices == ("Oui", "Non merci")
    assert deliver_due(message).state == "sent"


@pytest.mark.usefixtures("offering")
@pytest.mark.parametrize(
    ("choices", "text", "said"),
    [
        (["1", "2", "3", "4"], "Ça va ?", "3 choix au plus"),
        (["onze lettres"], "Ça va ?", "onze lettres.*est trop long"),
        (["Oui", "Oui"], "Ça va ?", "identiques"),
    ],
)
def test_choices_that_the_network_does_not_take_are_refused(
    conversation: Conversation, queue: Queue, choices: list[str], text: str, said: str
) -> None:
    with pytest.raises(ChoicesRefusedError, match=said):
        queue(conversation, text, choices=choices)
    assert not conversation.messages.outgoing().exists()


def test_the_text_above_choices_may_have_a_bound_of_its_own(
    conversation: Conversation, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = replace(Fake.limits, max_choices=3, max_text_chars_above_choices=10)
    monkeypatch.setattr(Fake, "limits", limits)
    assert queue(conversation, "onze lettres")
    with pytest.raises(TextTooLongError):
        queue(conversation, "onze lettres", choices=["Oui"])


def test_where_nothing_can_be_pressed_choices_are_refused(conversation: Conversation, queue: Queue) -> None:
    with pytest.raises(ChoicesRefusedError, match="rien à presser"):
        queue(conversation, choices=["Oui"])


@pytest.mark.usefixtures("offering")
def test_everybody_reads_public_choices(conversation: Conversation, queue: Queue) -> None:
    with pytest.raises(PersonalDataError):
        queue(conversation, "Lequel ?", visibility="public", choices=["0612345678"])


@pytest.mark.usefixtures("offering")
def test_other_choices_make_another_reply(conversation: Conversation, queue: Queue) -> None:
    key = uuid.uuid4()
    assert queue(conversation, key=key, choices=["Oui"]) == queue(conversation, key=key, choices=["Oui"])
    with pytest.raises(TakenBeforeError):
        queue(conversation, key=key, choices=["Non"])


@pytest.mark.usefixtures("offering")
def test_taking_a_reply_back_brings_its_choices_back(conversation: Conversation, agent: Agent, queue: Queue) -> None:
    message = queue(conversation, choices=["Oui"])
    take_back(message.pk, by=agent)
    assert Draft.objects.get(agent=agent).choices == ["Oui"]
