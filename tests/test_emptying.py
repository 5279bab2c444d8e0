"""What tests that commit leave behind."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.conversations.models import Conversation, Message
from comptoir.core.tasks import defer
from comptoir.events.models import Event
from comptoir.people.models import Agent, User
from comptoir.sla.models import SLAPolicy
from tests.emptying import empty_database
from tests.factories import make_agent, make_conversation, make_incoming, make_outgoing, make_team
from tests.fake_network import FakeNetwork


@pytest.mark.django_db(transaction=True)
def test_a_test_that_commits_leaves_nothing_but_what_migrations_made(fake_network: FakeNetwork) -> None:
    conversation = make_conversation()
    make_incoming(conversation)
    make_outgoing(conversation, agent=make_agent(teams=[make_team()]))
    defer("delivery.deliver", message_id=1)
    cache.set("key", "value")
    empty_database()
    for model in (Conversation, Message, Agent, User, Event, ProcrastinateJob):
        assert not model.objects.exists(), model
    assert cache.get("key") is None
    assert ContentType.objects.exists()
    promised = set(SLAPolicy.objects.values_list("promise", "brand"))
    assert promised == {(one, None) for one in ("first_reply", "next_reply", "hand_off", "consultation")}
