"""What a rule would have done, and the rules that ship."""

from __future__ import annotations

import pytest
from django.utils import translation

from comptoir.conversations.models import Conversation, Message
from comptoir.intake.actions import receive
from comptoir.people.models import Agent, Team
from comptoir.routing.actions import revise_routes
from comptoir.routing.models import RoutingRule, TeamRouting
from comptoir.routing.rules import Terms
from comptoir.routing.shipping import ship
from comptoir.routing.trying import try_rule
from tests.factories import make_account, make_agent, make_analysis, make_reason
from tests.intake.events import said
from tests.routing.writing import condition, effect

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor() -> Agent:
    return make_agent(role="supervisor")


def test_a_rule_tells_how_many_of_the_newest_messages_it_would_have_meant(supervisor: Agent) -> None:
    account = make_account()
    receive(account, [said(f"m{n}", "Mon colis" if n % 3 == 0 else "Merci", minutes=n) for n in range(12)])
    revision = Terms([condition("text", "colis")], [effect("vip")]).revision()
    trial = try_rule(revision, agent=supervisor)
    assert (trial.looked_at, trial.matched, trial.unread) == (12, 4, 0)
    assert [one.text.strip() for one in trial.examples] == ["Mon colis"] * 4
    assert try_rule(revision, agent=supervisor, most=4).matched == 1


def test_trying_changes_nothing(supervisor: Agent) -> None:
    receive(make_account(), [said("m1")])
    try_rule(Terms([], [effect("vip")]).revision(), agent=supervisor)
    assert not RoutingRule.objects.exists()
    assert Conversation.objects.get().contact.tags == []


def test_what_is_asked_of_their_meaning_is_read(supervisor: Agent) -> None:
    receive(make_account(), [said("m1", "Je voudrais acheter cette lampe."), said("m2", "C’est honteux !")])
    trial = try_rule(Terms([condition("intent", "purchase_intent")], [effect("vip")]).revision(), agent=supervisor)
    assert (trial.matched, trial.read, trial.unread) == (1, 2, 0)


def test_what_was_read_already_is_taken_with_its_reasons(supervisor: Agent) -> None:
    receive(make_account(), [said("m1", "Merci"), said("m2", "Merci beaucoup", minutes=1)])
    reason = make_reason("Retard", parent=make_reason("Livraison"))
    make_analysis(Message.objects.get(external_id="m2"), intent="complaint", reason=reason)
    for rule in (condition("intent", "complaint"), condition("topic", "livraison"), condition("topic", "Retard")):
        trial = try_rule(Terms([rule], [effect("vip")]).revision(), agent=supervisor)
        assert [one.text.strip() for one in trial.examples] == ["Merci beaucoup"]


def test_examples_are_only_those_that_one_may_read() -> None:
    receive(make_account(), [said("m1")])
    trial = try_rule(Terms([], [effect("vip")]).revision(), agent=make_agent())
    assert (trial.matched, list(trial.examples)) == (1, [])


def test_one_press_makes_teams_with_those_whose_work_it_is_and_rules() -> None:
    people = {role: make_agent(role=role) for role in ("agent", "expert", "community_manager")}
    with translation.override("fr"):
        ship()
        ship()
    teams = {team.purpose: team for team in Team.objects.all()}
    assert set(teams) == {"service", "expertise", "marketing"}
    assert Team.objects.count() == 3
    assert [*teams["service"].agents.all()] == [people["agent"]]
    assert [*teams["marketing"].agents.all()] == [people["community_manager"]]
    assert TeamRouting.objects.get().team == teams["service"]
    assert RoutingRule.objects.filter(is_active=True).count() == 6


@pytest.mark.parametrize(
    ("text", "purpose"),
    [
        ("Bonjour, je suis journaliste, à qui puis-je poser deux questions ?", "marketing"),
        ("Où puis-je acheter cette lampe ? Je la veux pour Noël.", "service"),
        ("Superbe photo !", "marketing"),
    ],
)
def test_the_shipped_rules_bring_a_message_where_it_belongs(text: str, purpose: str) -> None:
    teams = ship()
    receive(make_account(team=teams["marketing"]), [said("m1", text)])
    revise_routes()
    assert Conversation.objects.get().team == teams[purpose]
