"""An exchange that several applications share: passed on, taken back, or refused with its reason."""

from __future__ import annotations

from typing import ClassVar

import pytest

from comptoir.channels.models import ChannelAccount
from comptoir.connectors import registry
from comptoir.connectors.base import (
    AuthError,
    Author,
    ConnectorError,
    EventKind,
    Holder,
    NetworkEvent,
    PermanentError,
    SharesThreads,
)
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.delivery.handover import HandoverRefusedError, hand_over_thread, holder_of
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_conversation, make_identity
from tests.fake_network import Fake

pytestmark = pytest.mark.django_db


class Shared(Fake, SharesThreads):
    kind, label = "shared", "Shared network"
    asked: ClassVar[list[tuple[str, str | None]]] = []
    refuses: ClassVar[ConnectorError | None] = None

    def pass_thread(self, recipient: Author, *, asked_by: str = "") -> None:
        self._ask(f"pass to {asked_by}" if asked_by else "pass", recipient)

    def take_thread(self, recipient: Author) -> None:
        self._ask("take", recipient)

    def other_application(self) -> str:
        return "Le robot"

    def _ask(self, act: str, recipient: Author) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.asked.append((act, recipient.id))


@pytest.fixture
def conversation(monkeypatch: pytest.MonkeyPatch) -> Conversation:
    monkeypatch.setattr(Shared, "asked", [])
    monkeypatch.setattr(Shared, "refuses", None)
    registered = dict(registry.connector_classes()) | {"shared": Shared, "fake": Fake}
    monkeypatch.setattr(registry, "connector_classes", lambda: registered)
    customer = make_identity(channel="shared", external_id="7001")
    return make_conversation(account=make_account(kind="shared"), identity=customer)


@pytest.fixture
def agent() -> Agent:
    return make_agent()


def test_an_exchange_is_passed_on_and_taken_back(conversation: Conversation, agent: Agent) -> None:
    hand_over_thread(conversation.pk, "pass", by=agent)
    hand_over_thread(conversation.pk, "take", by=agent)
    assert Shared.asked == [("pass", "7001"), ("take", "7001")]
    names = list(Event.objects.filter(subject_kind="conversation").order_by("pk").values_list("name", flat=True))
    assert names == ["conversation.thread_passed", "conversation.thread_taken"]


def test_who_holds_it_since_is_known_at_once(conversation: Conversation, agent: Agent) -> None:
    assert holder_of(conversation) is None
    hand_over_thread(conversation.pk, "pass", by=agent)
    held = holder_of(conversation)
    assert held is not None
    assert (held.is_ours, held.application) == (False, "Le robot")
    hand_over_thread(conversation.pk, "take", by=agent)
    held = holder_of(conversation)
    assert held is not None
    assert (held.is_ours, held.application) == (True, "")


def test_whoever_asks_for_it_gets_it(conversation: Conversation, agent: Agent) -> None:
    asks = Holder(is_ours=True, is_implied=True, asked_by="4711")
    told = NetworkEvent(
        EventKind.IGNORED, "incoming", "private", thread_id=conversation.thread_id, sent_at=now(), holder=asks
    )
    receive(conversation.account, [told])
    hand_over_thread(conversation.pk, "pass", by=agent)
    assert Shared.asked == [("pass to 4711", "7001")]
    held = holder_of(conversation)
    assert held is not None
    assert (held.is_ours, held.application, held.asked_by) == (False, "4711", "")


def test_a_refusal_is_told_and_nothing_is_recorded(
    conversation: Conversation, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Shared, "refuses", PermanentError("Only the primary receiver may take it."))
    with pytest.raises(HandoverRefusedError, match="primary receiver"):
        hand_over_thread(conversation.pk, "take", by=agent)
    assert not Event.objects.filter(subject_kind="conversation").exists()
    assert holder_of(conversation) is None


def test_an_access_that_ended_is_told_of_the_account(
    conversation: Conversation, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Shared, "refuses", AuthError("Sign in again."))
    with pytest.raises(HandoverRefusedError):
        hand_over_thread(conversation.pk, "take", by=agent)
    assert ChannelAccount.objects.get().status == "disconnected"


def test_other_networks_share_nothing(conversation: Conversation, agent: Agent) -> None:
    with pytest.raises(HandoverRefusedError):
        hand_over_thread(make_conversation(account=make_account()).pk, "pass", by=agent)
