"""Twenty processes give out the same queues at once: nobody over their room, nothing forgotten, nothing twice."""

from __future__ import annotations

import contextlib
import random

import pytest
from django.db.models import Count, Q

from comptoir.analysis import apart
from comptoir.conversations.models import Conversation
from comptoir.desk.actions import resolve_conversation
from comptoir.desk.errors import ConversationResolvedError
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from comptoir.intake.own_connection import new_connection
from comptoir.people.models import Agent, Team
from comptoir.routing.actions import revise_routes
from comptoir.routing.assigning.giving import offer_all
from comptoir.routing.models import Route
from comptoir.routing.tasks import offer
from tests.factories import make_account, make_conversation, make_incoming, make_team
from tests.intake.events import said
from tests.processes import run_side_by_side
from tests.routing.writing import condition, effect, gives_out, member, rule

pytestmark = pytest.mark.django_db(transaction=True)

PROCESSES, CAPACITY = 20, 6


def offer_again_and_again(_seed: int) -> None:
    for _round in range(4):
        offer_all()


def serve_and_offer(seed: int) -> None:
    """Some resolve what was given while others give out."""
    chance = random.Random(seed)
    for _round in range(6):
        held = list(Conversation.objects.live().exclude(assignee=None).values_list("pk", flat=True)[:40])
        for pk in chance.sample(held, min(2, len(held))):
            if Conversation.objects.live().filter(pk=pk).exists():
                _resolve(pk)
        offer()


def _resolve(pk: int) -> None:
    with contextlib.suppress(ConversationResolvedError):  # another process was faster
        resolve_conversation(pk, by=None)


def has_room(team: Team) -> bool:
    """Whether somebody of the team could take one more."""
    held = team.agents.annotate(held=Count("conversations", filter=Q(conversations__status="open")))
    return any(count < CAPACITY for count in held.values_list("held", flat=True))


def fill(count: int, agents: int) -> list[Team]:
    """Two teams; half of the agents are in both."""
    teams = [make_team(), make_team()]
    for team in teams:
        gives_out(team)
    for number in range(agents):
        agent = member(teams[number % 2], f"Agent {number}", capacity=CAPACITY)
        if number % 4 < 2:
            agent.teams.set(teams)
    account = make_account(team=teams[0])
    for number in range(count):
        make_incoming(make_conversation(account=account, team=teams[number % 2]))
    return teams


def most_held() -> int:
    held = Agent.objects.annotate(held=Count("conversations", filter=Q(conversations__status="open")))
    return max(held.values_list("held", flat=True))


def test_twenty_passes_at_once_give_each_out_once_and_nobody_too_much() -> None:
    teams = fill(150, agents=20)  # room for 120
    run_side_by_side(offer_again_and_again, [(seed,) for seed in range(PROCESSES)], seconds=240)
    offer_all()
    assert most_held() == CAPACITY
    left = [team.conversations.filter(assignee=None).count() for team in teams]
    assert sum(left) >= 30
    assert not [team for team, count in zip(teams, left, strict=True) if count and has_room(team)]
    given = Event.objects.filter(name="conversation.assigned").values_list("conversation_id", flat=True)
    assert len(given) == len(set(given)) == 150 - sum(left)


def test_what_somebody_holds_while_others_are_read_is_read_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_GLANCE_PATIENCE_S", 240)  # a busy machine takes long to begin what reads
    rule([condition("language", "en")], effect("priority", 2))
    account = make_account()
    receive(account, [said("m1", "Do you ship to Sweden, please?"), said("m2", "Hello, where is it?", thread_id="u")])
    first = Conversation.objects.earliest("pk")
    with new_connection() as other, other.transaction():
        other.execute("SELECT FROM conversations_conversation WHERE id = %s FOR UPDATE", [first.pk])
        assert revise_routes() == 1
    assert Route.objects.get(awaits_reading=True).conversation == first
    assert revise_routes() == 1


def test_nothing_is_forgotten_while_others_resolve() -> None:
    fill(150, agents=12)
    run_side_by_side(serve_and_offer, [(seed,) for seed in range(PROCESSES)], seconds=240)
    while Conversation.objects.live().exclude(assignee=None).exists():
        for pk in Conversation.objects.live().exclude(assignee=None).values_list("pk", flat=True):
            resolve_conversation(pk, by=None)
        offer_all()
        assert most_held() <= CAPACITY
    assert not Conversation.objects.live().exists(), "each found an owner and was resolved"
    assert Event.objects.filter(name="conversation.assigned").count() == 150
