"""Who may send what is large is told by the head of the request alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from comptoir.config.front.colleagues import is_colleagues
from comptoir.people.models import Agent
from tests.api.conftest import program_for
from tests.factories import make_agent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own, which is in the middle of a transaction."""
    monkeypatch.setattr("comptoir.config.front.colleagues.close_old_connections", lambda: None)


def head_of(**named: str) -> dict[str, Any]:
    return RequestFactory().post("/", **named).environ  # type: ignore[no-any-return]


def session_of(agent: Agent) -> str:
    client = Client()
    client.force_login(agent.user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def test_whoever_is_signed_in_may():
    assert is_colleagues(head_of(HTTP_COOKIE=session_of(make_agent())))


def test_whoever_left_may_not():
    agent = make_agent()
    head = head_of(HTTP_COOKIE=session_of(agent))
    Agent.objects.update(is_active=False)
    assert not is_colleagues(head)


def test_a_program_with_a_token_may():
    program = program_for(make_agent())
    assert is_colleagues(head_of(HTTP_AUTHORIZATION=f"Bearer {program.secret}"))


@pytest.mark.parametrize(
    "head",
    [{}, {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}=forged"}, {"HTTP_AUTHORIZATION": "Bearer cpt_forged"}],
)
def test_strangers_may_not(head, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        assert not is_colleagues(head_of(**head))
