"""Routing rules by API: written with their sentence, changed, put in order, refused in words."""

from __future__ import annotations

import pytest

from comptoir.events.models import Event
from comptoir.routing.models import RoutingRule
from tests.api.conftest import Program, program_for
from tests.factories import make_agent, make_team
from tests.routing.writing import condition, effect, rule

pytestmark = pytest.mark.django_db

PATH = "/routing-rules"


@pytest.fixture
def program() -> Program:
    return program_for(make_agent(role="supervisor", language="en"))


def test_a_rule_is_written_and_comes_back_with_its_sentence(program: Program) -> None:
    team = make_team(name="Communication")
    body = {
        "conditions": [{"kind": "text", "among": ["presse"]}, {"kind": "vip", "negated": True}],
        "effects": [{"kind": "team", "among": [str(team.pk)]}],
    }
    made = program.ask("POST", PATH, body)
    assert made.status_code == 201
    assert made.json()["conditions"][1] == {"kind": "vip", "among": [], "negated": True}
    assert program.ask("GET", f"{PATH}/{made.json()['id']}").json() == made.json()
    assert "presse" in made.json()["sentence"]
    assert "Communication" in made.json()["sentence"]
    assert Event.objects.get(name="rule.created").actor_kind == "token"


@pytest.mark.parametrize(
    "body",
    [{"effects": []}, {"effects": [{"kind": "team", "among": ["0"]}]},
     {"effects": [{"kind": "vip"}], "conditions": [{"kind": "text"}]},
     {"effects": [{"kind": "vip"}], "conditions": [{"kind": "moon"}]}, {"effects": [{"kind": "vip"}], "order": 1}],
)  # fmt: skip
def test_a_rule_without_sense_is_refused(program: Program, body: dict[str, object]) -> None:
    answer = program.ask("POST", PATH, body)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert not RoutingRule.objects.exists()


def test_what_is_not_named_stays_as_it_was(program: Program) -> None:
    written = rule([condition("text", "colis")], effect("vip"))
    changed = program.ask("PATCH", f"{PATH}/{written.pk}", {"goes_on": True, "is_active": False}).json()
    assert (changed["goes_on"], changed["is_active"]) == (True, False)
    assert changed["conditions"] == [{"kind": "text", "among": ["colis"], "negated": False}]


def test_a_rule_whose_team_is_gone_is_still_switched_off_and_moved(program: Program) -> None:
    team = make_team(name="Communication")
    rule([], effect("vip"))
    written = rule([], effect("team", team.pk))
    team.delete()
    answer = program.ask("PATCH", f"{PATH}/{written.pk}", {"is_active": False, "move": "up"})
    assert (answer.json()["is_active"], answer.json()["position"]) == (False, 1)
    assert program.ask("PATCH", f"{PATH}/{written.pk}", {"goes_on": True}).status_code == 422


def test_rules_are_moved_and_deleted(program: Program) -> None:
    one, two = rule([], effect("vip")), rule([], effect("priority", 2))
    assert program.ask("PATCH", f"{PATH}/{two.pk}", {"move": "up"}).json()["position"] == 1
    assert program.ask("DELETE", f"{PATH}/{two.pk}").status_code == 204
    assert [item["id"] for item in program.ask("GET", PATH).json()["items"]] == [one.pk]
    assert program.ask("GET", f"{PATH}/{two.pk}").status_code == 404
    assert program.ask("DELETE", f"{PATH}/{two.pk}").status_code == 404
