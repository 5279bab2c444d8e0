"""A database that is away is told as such, whoever notices it first."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.test import Client

from tests.factories import make_agent
from tests.web.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = client_of(make_agent(role="agent"))
    client.raise_request_exception = False
    return client


def lost(*_arguments: Any, **_named: Any) -> Any:
    raise OperationalError("server closed the connection unexpectedly")


def test_a_database_that_is_gone_before_one_is_known_is_told_as_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SessionStore, "load", lost)
    answer = client.get("/settings/", headers={"Accept-Language": "fr"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    page = answer.content.decode()
    assert "La base de données redémarre" in page
    assert "Recharger la page" in page


def test_what_was_sent_is_not_offered_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SessionStore, "load", lost)
    answer = client.post("/me/", headers={"Accept-Language": "fr"})
    assert answer.status_code == 503
    assert "Recharger la page" not in answer.content.decode()


def test_a_fault_of_ours_stays_one(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: Any, **_named: Any) -> Any:
        raise ValueError

    monkeypatch.setattr(SessionStore, "load", broken)
    assert client.get("/settings/").status_code == 500


def test_what_the_database_refuses_is_a_fault_of_ours(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_much(*_arguments: Any, **_named: Any) -> Any:
        raise OperationalError("word is too long") from psycopg.errors.ProgramLimitExceeded()

    monkeypatch.setattr(SessionStore, "load", too_much)
    assert client.get("/settings/").status_code == 500
