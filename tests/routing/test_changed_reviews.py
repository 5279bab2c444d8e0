"""What rules decide of a review that its author has changed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.analysis.models import ContactReason
from comptoir.connectors.base import Author, EventKind, NetworkEvent, Rating
from comptoir.conversations.models import Conversation, Priority
from comptoir.core.clock import now
from comptoir.desk.actions import change_team, prioritize_conversation
from comptoir.intake.actions import receive
from comptoir.routing.actions import revise_routes
from comptoir.routing.models import Route
from tests.factories import make_account, make_agent, make_team
from tests.routing.writing import condition, effect, read_about, rule

pytestmark = pytest.mark.django_db


def reviewed(stars: int, text: str = "Ma machine", *, edit: bool = False, days_ago: float = 1) -> NetworkEvent:
    return NetworkEvent(
        EventKind.EDIT if edit else EventKind.REVIEW, "incoming", "public", external_id=None if edit else "r-1",
        target_id="r-1" if edit else None, thread_id="r-1", author=Author("léa"), text=text,
        rating=Rating(stars, 5), sent_at=now() - timedelta(days=days_ago),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("stars", "then", "priorities"),
    [(1, 5, (Priority.HIGH, Priority.NORMAL)), (5, 1, (Priority.NORMAL, Priority.HIGH))],
)
def test_a_review_whose_stars_were_changed_is_decided_again(
    stars: int, then: int, priorities: tuple[Priority, Priority]
) -> None:
    care = make_team()
    rule([condition("rating", 2)], effect("priority", 2), effect("team", care.pk))
    account = make_account()
    receive(account, [reviewed(stars)])
    assert Conversation.objects.get().priority == priorities[0]
    receive(account, [reviewed(then, edit=True, days_ago=0.5)])
    revise_routes()
    conversation = Conversation.objects.get()
    assert conversation.priority == priorities[1]
    assert conversation.team == (care if then < 3 else account.team)
    assert not conversation.route.awaits_reading


def test_a_review_whose_words_were_changed_is_decided_by_those_once_they_have_been_read() -> None:
    repairs = make_team()
    rule([condition("topic", "Panne")], effect("team", repairs.pk))
    account = make_account()
    receive(account, [reviewed(3)])
    conversation = Conversation.objects.get()
    read_about(conversation.messages.get(), ContactReason.objects.create(name="Livraison"))
    revise_routes()
    Route.objects.update(routed_at=now() - timedelta(days=2))
    receive(account, [reviewed(3, "Ma machine est en panne", edit=True, days_ago=0.5)])
    assert revise_routes() == 0
    assert Route.objects.get().awaits_reading
    read_about(conversation.messages.get(), ContactReason.objects.create(name="Panne"))
    assert revise_routes() == 1
    conversation.refresh_from_db()
    assert conversation.team == repairs


@pytest.mark.parametrize("left", ["taken", "moved", "prioritized"])
def test_what_somebody_decided_of_a_review_stays_when_its_stars_change(left: str) -> None:
    rule([condition("rating", 2)], effect("priority", 2))
    account, agent = make_account(), make_agent(role="supervisor")
    receive(account, [reviewed(1)])
    conversation = Conversation.objects.get()
    if left == "taken":
        Conversation.objects.update(assignee=agent)
    elif left == "moved":
        change_team(conversation.pk, to=make_team(), by=agent)
    else:
        prioritize_conversation(conversation.pk, priority=Priority.URGENT, by=agent)
    wanted = Priority.URGENT if left == "prioritized" else Priority.HIGH
    receive(account, [reviewed(5, edit=True, days_ago=0.5)])
    revise_routes()
    assert Conversation.objects.get().priority == wanted
