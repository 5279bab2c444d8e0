"""The bot's decisions through the API: read, narrowed, never of what one may not read."""

from __future__ import annotations

import pytest

from comptoir.bot.models import Ruling
from comptoir.bot.rulings import Word, rule_on
from tests.api.conftest import program_for
from tests.bot.deciding import decided, make_answerable, make_bot_account, make_question
from tests.factories import make_agent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]


def test_a_decision_says_what_was_done_and_why() -> None:
    account, entry = make_bot_account("proposes"), make_answerable()
    agent = make_agent(teams=[account.team])
    decision = decided(make_question(account), entry, forbidden_by=("health",))
    rule_on(decision.pk, Word(Ruling.Verdict.AS_IS), by=agent)
    said = program_for(agent).ask("GET", f"/bot/decisions/{decision.pk}").json()
    assert (said["done"], said["entry_id"], said["entry_version"], said["rules"]) == (
        "proposed",
        entry.pk,
        1,
        ["health"],
    )
    assert said["ruling"]["verdict"] == "as_is"


def test_decisions_are_narrowed_and_those_of_other_teams_are_not_there() -> None:
    account, entry = make_bot_account("proposes"), make_answerable()
    decision = decided(make_question(account), entry)
    decided(make_question(account), None)
    decided(make_question(make_bot_account("proposes")), entry)
    program = program_for(make_agent(teams=[account.team]))
    found = program.ask("GET", "/bot/decisions?done=proposed").json()["items"]
    assert [one["id"] for one in found] == [decision.pk]
