"""Moving a conversation to another account through the API."""

from __future__ import annotations

import pytest

from tests.api.conftest import program_for
from tests.factories import make_account, make_agent, make_conversation, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_kinds")]


def test_it_goes_on_by_the_account_that_is_named() -> None:
    team = make_team()
    conversation, other = make_conversation(account=make_account(team=team), team=team), make_account(team=team)
    program = program_for(make_agent(teams=[team]))
    changed = program.patch(f"/conversations/{conversation.pk}", {"account_id": other.pk})
    assert changed.json()["account_id"] == other.pk
    assert program.patch(f"/conversations/{conversation.pk}", {"account_id": 0}).status_code == 422


def test_what_cannot_be_is_a_conflict_in_words() -> None:
    team = make_team()
    public = make_conversation(account=make_account(team=team), team=team, is_public=True)
    program = program_for(make_agent(teams=[team]))
    answer = program.patch(f"/conversations/{public.pk}", {"account_id": make_account(team=team).pk})
    assert answer.status_code == 409
    assert "public" in answer.json()["detail"]
    hidden = make_account()
    hidden.reserved_for.add(make_team())
    refused = program.patch(f"/conversations/{public.pk}", {"account_id": hidden.pk})
    assert refused.json()["errors"][0]["pointer"] == "/account_id"
