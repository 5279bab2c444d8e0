"""Which team a new conversation goes to, and what else rules do, by the door that messages come in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.analysis.models import ContactReason
from comptoir.connectors.base import Author, EventKind, NetworkEvent, Rating
from comptoir.contacts.models import Contact
from comptoir.conversations.models import Conversation, Priority
from comptoir.core.clock import at_instant, now
from comptoir.desk.actions import change_team, prioritize_conversation
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from comptoir.routing.actions import revise_routes, route_conversations
from comptoir.routing.models import Route, RoutingRule
from comptoir.routing.rules import Terms, delete_rule, edit_rule, move_rule, switch_rule
from tests.factories import make_account, make_agent, make_conversation, make_team
from tests.intake.events import START, said
from tests.routing.writing import condition, effect, read_about, rule

pytestmark = pytest.mark.django_db

HOURS = {"mon": [["09:00", "18:00"]]}


def received(text: str = "Bonjour", *, account: Any = None, **fields: Any) -> Conversation:
    """The conversation that one message begins."""
    account = account or make_account()
    receive(account, [said("m1", text, **fields)])
    return Conversation.objects.get(account=account)


def test_without_rules_it_goes_to_the_team_of_its_account() -> None:
    conversation = received()
    assert conversation.team == conversation.account.team
    assert not Route.objects.exists()


def test_a_rule_gives_it_to_a_team_and_the_conversation_keeps_why() -> None:
    press = make_team()
    written = rule([condition("text", "journaliste")], effect("team", press.pk), effect("priority", 2))
    conversation = received("Je suis journaliste")
    assert conversation.team == press
    assert (conversation.route.revision_ids, conversation.priority) == ([written.revision_id], Priority.HIGH)
    event = Event.objects.get(name="conversation.routed")
    assert (event.conversation_id, event.details["revisions"]) == (conversation.pk, [written.revision_id])


def test_what_no_rule_means_goes_to_the_team_of_its_account_and_says_so() -> None:
    rule([condition("text", "journaliste")], effect("team", make_team().pk))
    conversation = received("Mon colis ?")
    assert (conversation.team, conversation.route.revision_ids) == (conversation.account.team, [])
    assert not Event.objects.filter(name="conversation.routed").exists()


def test_the_first_rule_that_matches_ends_it_unless_it_goes_on() -> None:
    first, second, third = make_team(), make_team(), make_team()
    rule([], effect("priority", 3), goes_on=True)
    rule([condition("text", "colis")], effect("team", second.pk))
    rule([], effect("team", third.pk), effect("tags", "jamais"))
    conversation = received("Mon colis ?")
    assert (conversation.team, conversation.priority) == (second, Priority.URGENT)
    assert not conversation.tags.exists()
    assert first.conversations.count() == 0


def test_of_two_rules_that_go_on_the_first_word_stands_and_tags_add_up() -> None:
    first, second = make_team(), make_team()
    rule([], effect("team", first.pk), effect("tags", "Colis"), goes_on=True)
    rule([], effect("team", second.pk), effect("tags", "urgent"), goes_on=True)
    conversation = received()
    assert conversation.team == first
    assert {tag.name for tag in conversation.tags.all()} == {"colis", "urgent"}


def test_a_rule_sets_language_and_makes_a_vip() -> None:
    rule([], effect("language", "en"), effect("vip"))
    conversation = received(language="fr")
    assert conversation.language == "en"
    assert Contact.objects.get().tags == ["vip"]
    receive(conversation.account, [said("m2", thread_id="other")])
    assert Contact.objects.get().tags == ["vip"], "once is enough"


def test_under_a_post_of_ours_is_known_from_the_post() -> None:
    team, account = make_team(), make_account()
    rule([condition("under_our_post")], effect("team", team.pk))
    post = NetworkEvent(
        event=EventKind.POST, direction="outgoing", visibility="public", external_id="p", thread_id="p",
        author=Author(id="us"), text="Nouvelle lampe", sent_at=START,
    )  # fmt: skip
    receive(account, [post])
    comment = {"event": EventKind.COMMENT, "visibility": "public"}
    receive(account, [said("c1", thread_id="p", parent_id="p", **comment), said("c2", thread_id="q", **comment)])
    assert {one.thread_id: one.team for one in Conversation.objects.all()} == {"p": team, "q": account.team}


@pytest.mark.parametrize(("minutes", "is_open"), [(0, True), (600, False)])
def test_opening_hours_are_those_at_which_it_was_said(minutes: int, is_open: bool) -> None:
    team = make_team()
    rule([condition("hours", "closed")], effect("team", team.pk))
    conversation = received(account=make_account(weekly_hours=HOURS), minutes=minutes)
    assert (conversation.team == team) is not is_open


def test_new_or_returning_is_known_from_earlier_conversations() -> None:
    team = make_team()
    rule([condition("author_is", "returning")], effect("team", team.pk))
    account = make_account()
    receive(account, [said("m1", thread_id="a"), said("m2", thread_id="b", minutes=9)])
    assert {one.thread_id: one.team for one in Conversation.objects.all()} == {"a": account.team, "b": team}


def test_history_is_not_routed_by_rules() -> None:
    rule([], effect("team", make_team().pk), effect("vip"))
    account = make_account()
    receive(account, [said("m1")], as_history=True)
    assert Conversation.objects.get().team == account.team
    assert not Route.objects.exists()


def test_a_rule_that_was_switched_off_changed_or_deleted_holds_no_longer() -> None:
    team, other = make_team(), make_team()
    written = rule([], effect("team", team.pk))
    switch_rule(written.pk, on=False)
    assert received().team != team
    switch_rule(written.pk, on=True)
    edit_rule(written.pk, Terms([], [effect("team", other.pk)]))
    assert received().team == other
    delete_rule(written.pk)
    assert received().team != other


def test_what_a_deleted_rule_said_is_still_known() -> None:
    written = rule([condition("text", "colis")], effect("priority", 2))
    conversation = received("colis")
    delete_rule(written.pk)
    assert conversation.route.revision_ids == [written.revision_id]
    assert written.revision.__class__.objects.filter(pk=written.revision_id).exists()


def test_rules_change_places() -> None:
    one, two = rule([], effect("vip")), rule([], effect("priority", 0))
    move_rule(two.pk, up=True)
    move_rule(two.pk, up=True)  # the first one stays first
    assert list(RoutingRule.objects.in_order()) == [two, one]


def test_a_batch_asks_no_more_than_one_message() -> None:
    rule([condition("under_our_post")], effect("vip"))
    rule([condition("hours", "open")], effect("tags", "ouvert"), effect("vip"))
    rule([condition("text", "journaliste")], effect("team", make_team().pk), goes_on=True)

    def asked(count: int) -> int:
        account = make_account(weekly_hours=HOURS)
        with CaptureQueriesContext(connection) as queries:
            receive(account, [said(f"m{n}", by=f"p{account.pk}-{n}", thread_id=f"t{n}") for n in range(count)])
        return len(queries)

    asked(1)  # the rules are compiled once
    assert asked(40) == asked(1)


def test_what_a_message_is_about_is_known_a_moment_later() -> None:
    advisers = make_team()
    written = rule([condition("intent", "purchase_intent")], effect("team", advisers.pk), effect("tags", "achat"))
    conversation = received("Elle existe en laiton brossé ? Je voudrais l’acheter pour Noël.")
    assert conversation.team == conversation.account.team
    assert conversation.route.awaits_reading
    assert revise_routes() == 1
    conversation.refresh_from_db()
    assert (conversation.team, conversation.route.revision_ids) == (advisers, [written.revision_id])
    assert conversation.tags.get().name == "achat"
    assert set(Event.objects.values_list("name", flat=True)) >= {"conversation.team_changed", "conversation.routed"}
    assert revise_routes() == 0


@pytest.fixture
def nobody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reading process cannot be reached."""
    monkeypatch.setattr("comptoir.routing.reading.glances", lambda _texts: None)


@pytest.mark.usefixtures("nobody_reads")
def test_where_nobody_can_be_reached_who_reads_it_is_waited_for_a_while_and_routed_without() -> None:
    rule([condition("intent", "purchase_intent")], effect("team", make_team().pk))
    rule([condition("text", "lampe")], effect("priority", 2))
    conversation = received("Je voudrais acheter cette lampe.")
    assert revise_routes() == 0
    with at_instant(now() + timedelta(minutes=1)):
        assert revise_routes() == 1
    conversation.refresh_from_db()
    assert (conversation.team, conversation.priority) == (conversation.account.team, 2)


def test_nothing_is_locked_while_messages_are_glanced_at(monkeypatch: pytest.MonkeyPatch) -> None:
    rule([condition("intent", "purchase_intent")], effect("team", make_team().pk))
    received("Je voudrais acheter cette lampe.")
    locked: list[bool] = []
    with CaptureQueriesContext(connection) as before:
        monkeypatch.setattr(
            "comptoir.routing.reading.glances",
            lambda _texts: locked.append("FOR NO KEY" in str(before.captured_queries)),
        )
        revise_routes()
    assert locked == [False]


def test_a_contact_reason_is_waited_for_until_the_message_was_analysed() -> None:
    team = make_team()
    rule([condition("topic", "Livraison")], effect("team", team.pk))
    conversation = received("Mon colis ?")
    assert revise_routes() == 0
    assert Route.objects.get().awaits_reading
    above = ContactReason.objects.create(name="Livraison")
    read_about(conversation.messages.get(), ContactReason.objects.create(name="Colis perdu", parent=above))
    assert revise_routes() == 1
    conversation.refresh_from_db()
    assert conversation.team == team


def test_a_contact_reason_is_not_waited_for_without_end() -> None:
    rule([condition("topic", "Livraison")], effect("team", make_team().pk))
    received("Mon colis ?")
    with at_instant(now() + timedelta(minutes=1)):
        assert revise_routes() == 1


def test_a_language_that_no_network_tells_is_read() -> None:
    abroad = make_team()
    rule([condition("language", "en")], effect("team", abroad.pk))
    conversation = received("Do you ship to Sweden? The checkout refuses my postcode, please help.")
    assert conversation.route.awaits_reading
    revise_routes()
    conversation.refresh_from_db()
    assert (conversation.team, conversation.language) == (abroad, "en")


def test_a_priority_that_somebody_has_set_meanwhile_stays() -> None:
    advisers = make_team()
    rule([condition("intent", "purchase_intent")], effect("team", advisers.pk), effect("priority", 0))
    conversation = received("Je voudrais acheter cette lampe.")
    prioritize_conversation(conversation.pk, priority=Priority.URGENT, by=make_agent())
    revise_routes()
    conversation.refresh_from_db()
    assert (conversation.team, conversation.priority) == (advisers, Priority.URGENT)


def test_what_somebody_has_moved_meanwhile_stays_where_it_is() -> None:
    rule([condition("intent", "purchase_intent")], effect("team", make_team().pk))
    conversation = received("Je voudrais acheter cette lampe.")
    elsewhere = make_team()
    change_team(conversation.pk, to=elsewhere, by=None)
    revise_routes()
    conversation.refresh_from_db()
    assert conversation.team == elsewhere


def test_a_rule_that_is_not_reached_is_not_waited_for() -> None:
    rule([condition("text", "colis")], effect("priority", 2))
    rule([condition("intent", "complaint")], effect("priority", 3))
    assert not received("Mon colis ?").route.awaits_reading


def test_a_conversation_that_we_began_goes_by_what_is_known_of_it() -> None:
    team = make_team()
    rule([condition("seen", "private")], effect("team", team.pk))
    with at_instant(START):
        conversation = make_conversation(team=None)
    route_conversations([conversation.pk])
    conversation.refresh_from_db()
    assert conversation.team == team


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
