"""Adding somebody asks the database for nothing that is known."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.people.actions import create_agent
from tests.factories import make_brand, make_team

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("given", [{}, {"teams": make_team, "brands": make_brand}], ids=["nowhere", "somewhere"])
def test_where_a_new_agent_is_already_is_not_looked_up(given: dict[str, Any]) -> None:
    places = {name: [make()] for name, make in given.items()}
    with CaptureQueriesContext(connection) as asked:
        agent = create_agent(email="awa@maison.example", name="Awa Diop", **places)
    questions = [one["sql"] for one in asked.captured_queries]
    assert not [one for one in questions if one.startswith("SELECT") and " FROM " in one]
    assert list(agent.teams.all()) == places.get("teams", [])
    assert list(agent.brands.all()) == places.get("brands", [])
