"""What the other side sees while an agent writes: that somebody types, and has read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.channels.models import ChannelAccount, ThreadHolder
from comptoir.connectors import registry
from comptoir.connectors.base import Author, SharesThreads, SignalsTyping, TransientError
from comptoir.conversations.models import Conversation
from comptoir.core.clock import at_instant, now
from comptoir.delivery.signalling import signal
from comptoir.desk.drafts import save_draft
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_conversation
from tests.fake_network import Fake, FakeNetwork

pytestmark = pytest.mark.django_db
Seen = list[tuple[str | None, str]]


@pytest.fixture
def seen(fake_network: FakeNetwork, monkeypatch: pytest.MonkeyPatch) -> Seen:
    """What customers were shown: to whom, and what."""
    shown: Seen = []

    class Showing(Fake, SignalsTyping, SharesThreads):
        def signal(self, recipient: Author, signal: Literal["typing", "read"], *, thread_id: str | None) -> None:
            if self.credentials.get("is_away"):
                raise TransientError("The network is away.")
            shown.append((recipient.id, signal))

        def other_application(self) -> str:
            return "a bot"

        def pass_thread(self, recipient: Author, *, asked_by: str = "") -> None: ...

        def take_thread(self, recipient: Author) -> None: ...

    monkeypatch.setattr(registry, "connector_classes", lambda: {"fake": Showing})
    monkeypatch.setattr("comptoir.channels.connecting.connector_class", lambda _kind: Showing)
    return shown


@pytest.fixture
def conversation(seen: Seen) -> Conversation:
    return make_conversation()


@pytest.fixture
def agent() -> Agent:
    return make_agent()


def types(conversation: Conversation, agent: Agent, text: str = "Bonjour", visibility: str = "private") -> None:
    save_draft(conversation.pk, agent=agent, text=text, visibility=visibility)


def asked() -> list[Mapping[str, Any]]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name="delivery.signal").order_by("pk")]


def test_a_reply_that_is_begun_says_that_the_message_was_read_and_that_somebody_types(
    conversation: Conversation, agent: Agent, seen: Seen
) -> None:
    types(conversation, agent)
    (job,) = asked()
    signal(**job)
    person = conversation.identity.external_id
    assert seen == [(person, "read"), (person, "typing")]


def test_it_is_said_again_no_sooner_than_networks_forget_it(conversation: Conversation, agent: Agent) -> None:
    start = now().replace(second=0, microsecond=0)
    for after_s in (0, 1, 2, 4, 6):
        with at_instant(start + timedelta(seconds=after_s)):
            types(conversation, agent, "Bonjour" + "," * after_s)
            conversation.drafts.update(updated_at=now())
            ProcrastinateJob.objects.filter(task_name="delivery.signal").update(queueing_lock=None)
    assert [job["has_read"] for job in asked()] == [True, False]


@pytest.mark.parametrize(("is_public", "visibility"), [(True, "public"), (True, "private"), (False, "note")])
def test_only_a_private_reply_in_a_private_exchange_shows(
    conversation: Conversation, agent: Agent, is_public: bool, visibility: str
) -> None:
    Conversation.objects.update(is_public=is_public)
    types(conversation, agent, visibility=visibility)
    assert asked() == []


def test_nothing_is_said_of_an_exchange_that_another_application_holds(conversation: Conversation, seen: Seen) -> None:
    ThreadHolder.objects.create(
        account=conversation.account, thread_id=conversation.thread_id, is_ours=False, since_at=now(), told_at=now()
    )
    signal(conversation.pk, has_read=True, typed_at=now().timestamp())
    assert seen == []


def test_what_comes_too_late_is_left(conversation: Conversation, seen: Seen) -> None:
    signal(conversation.pk, has_read=True, typed_at=(now() - timedelta(minutes=1)).timestamp())
    assert seen == []


def test_an_account_at_rest_says_nothing(conversation: Conversation, seen: Seen) -> None:
    ChannelAccount.objects.update(status=ChannelAccount.Status.PAUSED)
    signal(conversation.pk, has_read=True, typed_at=now().timestamp())
    assert seen == []


def test_a_network_that_is_away_holds_nobody_up(seen: Seen) -> None:
    conversation = make_conversation(account=make_account(credentials={"is_away": "yes"}))
    signal(conversation.pk, has_read=True, typed_at=now().timestamp())
    assert seen == []
