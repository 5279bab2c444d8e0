"""Somebody must be left who can set the counter up."""

from __future__ import annotations

import pytest

from comptoir.people.actions import LastAdministratorError, close_access
from comptoir.people.models import Agent
from tests.factories import make_agent
from tests.processes import run_side_by_side


def _close_or_not(agent_id: int) -> None:
    try:
        close_access(agent_id)
    except LastAdministratorError:
        return  # the other one was first


@pytest.mark.django_db(transaction=True)
def test_two_administrators_closed_at_once_leave_one() -> None:
    ids = [make_agent(role="administrator", name=name).pk for name in ("Un", "Deux")]
    run_side_by_side(_close_or_not, [(ids[1],), (ids[0],)], seconds=60)
    assert Agent.objects.filter(role="administrator", is_active=True).count() == 1
