"""The screens of routing: rules written and tried without code, ways, skills, and why a conversation is where it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comptoir.conversations.models import Conversation
from comptoir.desk.actions import assign_conversation
from comptoir.people.models import Agent, AgentSkill, Skill
from comptoir.routing.actions import route_conversations
from comptoir.routing.models import ChannelWeight, RoutingRule, TeamRouting
from comptoir.routing.rules import delete_rule, edit_rule
from tests.factories import make_agent, make_conversation, make_incoming, make_team
from tests.routing.writing import can, condition, effect, gives_out, rule
from tests.web import one_counter
from tests.web.conftest import Counter, htmx

counter = one_counter.counter

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(counter: Counter) -> Any:
    """Who arranges, reading English."""
    Agent.objects.filter(role="supervisor").update(language="en")
    return counter.client("supervisor")


def test_a_rule_is_written_and_reads_as_a_sentence(supervisor: Any, counter: Counter) -> None:
    filled = {
        "when-text": "presse\n\n interview ", "when-seen": "public", "unless-vip": "yes", "do-team": counter.team.pk,
        "do-priority": "2", "goes_on": "on",
    }  # fmt: skip
    assert supervisor.post(reverse("new_routing_rule"), filled).status_code == 302
    page = supervisor.get(reverse("routing_rules")).content.decode()
    assert (
        "When a message says “presse” or “interview” and is public, unless it comes from a VIP: to the team"
        " Service clients, priority high; then the rules below are tried." in page
    )


def test_a_rule_that_cannot_be_kept_says_why_and_loses_nothing(supervisor: Any) -> None:
    answer = supervisor.post(reverse("new_routing_rule"), {"when-text": "presse", "unless-rating": "2"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This rule was not kept: it does nothing yet." in page
    assert ">presse</textarea>" in page
    assert '<option value="2" selected>' in page
    assert not RoutingRule.objects.exists()


def test_a_rule_deleted_meanwhile_is_offered_as_a_new_one(supervisor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    written = rule([condition("text", "colis")], effect("vip"))

    def deleted_first(rule_id: int, terms: Any, *, by: Any) -> None:
        delete_rule(rule_id, by=by)
        edit_rule(rule_id, terms, by=by)

    monkeypatch.setattr("comptoir.web.views.routing_rules.edit_rule", deleted_first)
    answer = supervisor.post(reverse("routing_rule", args=[written.pk]), {"when-text": "livreur", "do-vip": "on"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This rule was deleted meanwhile." in page
    assert ">livreur</textarea>" in page
    assert reverse("new_routing_rule") in page


def test_a_trial_takes_any_id_for_what_it_is(supervisor: Any) -> None:
    answer = supervisor.post(reverse("try_routing_rule"), {"when-text": "colis", "do-vip": "on", "rule": "9" * 5000})
    assert answer.status_code == 200


def test_a_rule_opens_as_it_was_written(supervisor: Any) -> None:
    written = rule([condition("text", "colis", "livreur")], effect("tags", "livraison"))
    page = supervisor.get(reverse("routing_rule", args=[written.pk])).content.decode()
    assert "colis\nlivreur</textarea>" in page
    assert "livraison</textarea>" in page


def test_what_a_rule_would_have_done_is_shown_with_examples(supervisor: Any, counter: Counter) -> None:
    make_incoming(counter.conversation, text="Mon colis est perdu <script>")
    filled = {"when-text": "colis", "do-priority": "2"}
    answer = supervisor.post(reverse("try_routing_rule"), filled, headers=htmx("trial"))
    page = answer.content.decode()
    assert "It would have matched 1 of the last 2 messages." in page
    assert "Mon colis est perdu &lt;script&gt;" in page
    assert "<html" not in page
    assert not RoutingRule.objects.exists()


def test_without_scripts_the_trial_comes_with_the_whole_form(supervisor: Any) -> None:
    page = supervisor.post(reverse("try_routing_rule"), {"when-text": "colis", "do-vip": "yes"}).content.decode()
    assert "<html" in page
    assert ">colis</textarea>" in page
    assert "It would have matched 0 of the last 1 messages." in page


def test_a_rule_that_was_moved_keeps_the_focus_where_the_finger_is(supervisor: Any) -> None:
    one, two, three = (rule([], effect("priority", number)) for number in range(3))
    answer = supervisor.post(reverse("move_routing_rule", args=[three.pk]), {"up": "yes"}, follow=True)
    page = answer.content.decode()
    row = page[page.index(f'id="rule-{three.pk}"') : page.index(f'id="rule-{two.pk}"')]
    assert 'value="yes" autofocus' in row
    assert page.partition("<dialog")[0].count(" autofocus") == 1  # what is in a dialog waits until it is opened
    assert [*RoutingRule.objects.in_order()] == [one, three, two]


def test_one_press_begins(supervisor: Any) -> None:
    page = supervisor.post(reverse("begin_routing"), follow=True).content.decode()
    assert RoutingRule.objects.count() == 6
    assert "When a message stands under one of our posts and is a complaint, a request or a question" in page


def test_a_team_is_told_how_to_give_out_its_work(supervisor: Any, counter: Counter) -> None:
    other = make_team(name="Renfort")
    filled = {
        "strategy": "least_load", "same_agent_days": "7", "returns_after_minutes": "15", "overflow_after_minutes": "30",
        "overflow_team": other.pk,
    }  # fmt: skip
    page = supervisor.post(reverse("routing_team", args=[counter.team.pk]), filled, follow=True).content.decode()
    way = TeamRouting.objects.get(team=counter.team)
    assert (way.strategy, way.overflow_team, way.same_agent_within) == ("least_load", other, timedelta(days=7))
    assert "To whoever has the least to do, to the same colleague within 7 days," in page
    assert "helped out by Renfort after 30 min" in page


def test_a_team_that_helps_out_says_after_how_long(supervisor: Any, counter: Counter) -> None:
    filled = {"strategy": "least_load", "overflow_team": make_team().pk}
    answer = supervisor.post(reverse("routing_team", args=[counter.team.pk]), filled)
    assert answer.status_code == 422
    assert "After how many minutes does the other team help out?" in answer.content.decode()


def test_a_colleague_is_told_what_they_can_hold_and_do(supervisor: Any) -> None:
    awa = make_agent(name="Awa Diop")
    supervisor.post(reverse("new_skill"), {"kind": "language", "name": "German"})
    skill = Skill.objects.get()
    assert (skill.kind, skill.name) == ("language", "de")
    filled = {"capacity_points": "4", f"skill-{skill.pk}": "3"}
    page = supervisor.post(reverse("routing_agent", args=[awa.pk]), filled, follow=True).content.decode()
    awa.refresh_from_db()
    assert (awa.capacity_points, AgentSkill.objects.get().level) == (4, 3)
    assert "German (expert)" in page
    supervisor.post(reverse("routing_agent", args=[awa.pk]), {"capacity_points": "4", f"skill-{skill.pk}": ""})
    assert not AgentSkill.objects.exists()


def test_a_skill_is_there_once(supervisor: Any) -> None:
    for _time in range(2):
        answer = supervisor.post(reverse("new_skill"), {"kind": "topic", "name": "Garantie"})
    assert answer.status_code == 422
    assert "This skill is there already." in answer.content.decode()


def test_a_channel_is_given_its_weight(supervisor: Any) -> None:
    supervisor.post(reverse("routing_weights"), {"chat": "3", "email": "1", "phone": "5", "fake": "1"})
    assert dict(ChannelWeight.objects.values_list("channel", "points")) == {"chat": 3}


def test_a_conversation_tells_why_it_is_with_whom(supervisor: Any, counter: Counter) -> None:
    rule([condition("text", "commande")], effect("team", counter.team.pk), effect("priority", 2))
    conversation = make_conversation(account=counter.account, team=None)
    make_incoming(conversation)
    route_conversations([conversation.pk])
    assign_conversation(conversation.pk, to=counter.people["agent"], by=counter.people["supervisor"])
    page = supervisor.get(reverse("why_here", args=[conversation.pk])).content.decode()
    assert "When a message says “commande”: to the team Service clients, priority high." in page
    assert "Priority: High" in page
    assert "Un supervisor gave it to Un agent" in page


def test_a_conversation_that_nobody_can_take_tells_its_place(supervisor: Any, counter: Counter) -> None:
    gives_out(counter.team)
    for _number in range(2):
        last = make_conversation(account=counter.account)
        make_incoming(last)
    page = supervisor.get(reverse("why_here", args=[last.pk])).content.decode()
    assert "Number 3 in the queue of the team Service clients" in page
    assert "it went to the team of its account" in page


def test_what_waits_in_a_team_is_counted(supervisor: Any, counter: Counter) -> None:
    gives_out(counter.team)
    make_incoming(make_conversation(account=counter.account))
    page = supervisor.get(reverse("routing_teams")).content.decode()
    assert "2 conversations wait for somebody to be free." in page


def test_the_head_of_a_conversation_says_how_it_presses_and_its_place(supervisor: Any, counter: Counter) -> None:
    gives_out(counter.team)
    Conversation.objects.filter(pk=counter.conversation.pk).update(priority=3)
    page = supervisor.get(reverse("conversation_head", args=[counter.conversation.pk])).content.decode()
    assert "Priority: Urgent" in page
    assert "number 1 in the queue" in page


@pytest.mark.parametrize("name", ["routing_rules", "routing_agents", "routing_teams", "new_routing_rule"])
def test_a_screen_asks_no_more_for_many_than_for_few(supervisor: Any, counter: Counter, name: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            supervisor.get(reverse(name))
        return len(queries)

    def fill(count: int) -> None:
        for number in range(count):
            can(make_agent(teams=[make_team()]), f"Chose {number}-{count}")
            rule([condition("text", "colis")], effect("team", counter.team.pk))

    fill(2)
    asked()
    few = asked()
    fill(8)
    assert asked() == few
