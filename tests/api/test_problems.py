from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings

from comptoir.api.actions import create_token, revoke_token
from comptoir.api.models import ApiToken
from comptoir.api.problems import MEDIA_TYPE
from comptoir.core.clock import now
from comptoir.people.models import Agent
from tests.api.conftest import Program, program_for
from tests.factories import make_agent, make_conversation

pytestmark = pytest.mark.django_db


def told(response: Any, status: int, kind: str) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == MEDIA_TYPE
    problem = response.json()
    assert problem["type"] == f"urn:comptoir:problem:{kind}"
    assert problem["status"] == status
    return problem


def test_without_token_challenge_is_given() -> None:
    response = Client().get("/api/v1/conversations")
    told(response, 401, "unauthenticated")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="comptoir"'


@pytest.mark.parametrize("sent", ["Basic YTpi", "Bearer cpt_wrong", "Bearer " + "x" * 500, "Bearer é", "cpt_x"])
def test_wrong_token_is_told_apart_from_none(sent: str) -> None:
    response = Client().get("/api/v1/conversations", headers={"authorization": sent})
    told(response, 401, "unauthenticated")


def test_revoked_token_opens_nothing(administrator: Program) -> None:
    assert administrator.get("/tokens/current").status_code == 200
    revoke_token(ApiToken.objects.get(pk=administrator.token_id))
    told(administrator.get("/tokens/current"), 401, "unauthenticated")


def test_expired_token_opens_nothing() -> None:
    agent = make_agent()
    _token, secret = create_token(name="old", agent=agent, scopes=[], expires_at=now() - timedelta(seconds=1))
    told(Program(secret, agent, 0).get("/tokens/current"), 401, "unauthenticated")


def test_token_of_someone_who_left_opens_nothing(administrator: Program) -> None:
    Agent.objects.filter(pk=administrator.agent.pk).update(is_active=False)
    told(administrator.get("/tokens/current"), 401, "unauthenticated")


def test_missing_scope_is_named() -> None:
    program = program_for(make_agent(role="administrator"), ["contacts:read"])
    response = program.get("/conversations")
    assert told(response, 403, "missing-scope")["scope"] == "conversations:read"
    assert 'error="insufficient_scope", scope="conversations:read"' in response.headers["WWW-Authenticate"]


def test_lacking_permission_is_named() -> None:
    problem = told(program_for(make_agent(role="agent")).get("/webhooks"), 403, "not-allowed")
    assert problem["permission"] == "set_up"


def test_what_one_may_not_see_is_not_there() -> None:
    conversation = make_conversation()
    told(program_for(make_agent()).get(f"/conversations/{conversation.pk}"), 404, "not-found")


def test_unknown_address_is_a_problem_too(administrator: Program) -> None:
    told(administrator.get("/nothing/here"), 404, "not-found")
    told(administrator.get("/"), 404, "not-found")


def test_id_beyond_all_ids_is_not_there(administrator: Program) -> None:
    told(administrator.get(f"/conversations/{10**30}"), 404, "not-found")


def test_wrong_method_tells_the_right_ones(administrator: Program) -> None:
    response = administrator.ask("PUT", "/conversations")
    told(response, 405, "method-not-allowed")
    assert response.headers["Allow"] == "GET"


def test_wrong_content_type_is_refused(administrator: Program) -> None:
    conversation = make_conversation()
    response = Client().post(
        f"/api/v1/conversations/{conversation.pk}/notes",
        {"text": "x"},
        headers={"authorization": f"Bearer {administrator.secret}"},
    )
    told(response, 415, "unsupported-media-type")


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000)
def test_too_large_a_body_is_refused(administrator: Program) -> None:
    conversation = make_conversation()
    told(administrator.post(f"/conversations/{conversation.pk}/notes", {"text": "x" * 2000}), 413, "too-large")


@override_settings(COLLEAGUES_REQUEST_BYTES=100)
def test_nothing_is_read_of_a_request_without_end(administrator: Program) -> None:
    conversation = make_conversation()
    response = administrator.post(f"/conversations/{conversation.pk}/notes", {"text": "x" * 200})
    told(response, 413, "too-large")
    assert "_body" not in vars(response.wsgi_request)


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_is_a_bad_request(administrator: Program, body: bytes) -> None:
    conversation = make_conversation()
    response = Client().generic(
        "POST",
        f"/api/v1/conversations/{conversation.pk}/notes",
        body,
        content_type="application/json",
        headers={"authorization": f"Bearer {administrator.secret}"},
    )
    told(response, 400, "bad-request")


def test_invalid_field_is_pointed_at(administrator: Program) -> None:
    conversation = make_conversation()
    problem = told(administrator.post(f"/conversations/{conversation.pk}/notes", {"txt": "x"}), 422, "invalid")
    assert {(one["in"], one["pointer"]) for one in problem["errors"]} == {("body", "/text"), ("body", "/txt")}


def test_name_of_half_a_character_is_pointed_at(administrator: Program) -> None:
    conversation = make_conversation()
    told(administrator.post(f"/conversations/{conversation.pk}/notes", {"text": "x", "\ud800": 1}), 422, "invalid")


def test_invalid_query_is_pointed_at(administrator: Program) -> None:
    problem = told(administrator.get("/conversations?status=lost&limit=0"), 422, "invalid")
    assert {(one["in"], one["pointer"]) for one in problem["errors"]} == {("query", "/status"), ("query", "/limit")}


def test_text_that_no_database_keeps_is_invalid(administrator: Program) -> None:
    conversation = make_conversation()
    told(administrator.post(f"/conversations/{conversation.pk}/notes", {"text": "a\x00b"}), 422, "invalid")


def test_half_a_character_is_a_bad_request(administrator: Program) -> None:
    conversation = make_conversation()
    told(administrator.post(f"/conversations/{conversation.pk}/notes", {"text": "\ud800"}), 400, "bad-request")


@override_settings(API_REQUESTS_PER_MINUTE=2)
def test_asking_too_often_tells_when_to_come_back(administrator: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.api.authentication.time.time", lambda: 1_000_000_010)
    assert [administrator.get("/tokens/current").status_code for _time in range(3)] == [200, 200, 429]
    response = administrator.get("/tokens/current")
    told(response, 429, "rate-limited")
    assert 0 < int(response.headers["Retry-After"]) <= 60


def test_what_breaks_tells_nothing_of_itself(administrator: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("comptoir.api.conversations._visible", broken)
    response = administrator.get("/conversations")
    told(response, 500, "internal")
    assert b"secret of the house" not in response.content


def test_problems_speak_french_to_who_reads_french() -> None:
    english = Client().get("/api/v1/conversations", headers={"accept-language": "en"}).json()
    french = Client().get("/api/v1/conversations", headers={"accept-language": "fr"})
    assert english["title"] == "A valid token is needed"
    assert french.json()["title"] == "Il faut un jeton valable"
    assert french.headers["Content-Language"] == "fr"


def test_answers_are_not_kept_by_caches(administrator: Program) -> None:
    assert administrator.get("/conversations").headers["Cache-Control"] == "no-store"


def test_use_of_a_token_is_noted_at_most_once_a_minute(administrator: Program) -> None:
    administrator.get("/tokens/current")
    noted = ApiToken.objects.get(pk=administrator.token_id).last_used_at
    administrator.get("/tokens/current")
    assert noted is not None
    assert ApiToken.objects.get(pk=administrator.token_id).last_used_at == noted


def test_filter_that_the_list_does_not_have_is_refused_and_not_passed_over() -> None:
    program = program_for(make_agent(role="administrator"))
    problem = told(program.get("/conversations?team_id=3&limit=5"), 422, "invalid")
    assert [(one["in"], one["pointer"]) for one in problem["errors"]] == [("query", "/team_id")]


def test_what_a_field_takes_is_listed_in_the_readers_language() -> None:
    program = program_for(make_agent(role="administrator"))
    problem = told(program.get("/conversations?status=dance", **{"accept-language": "fr"}), 422, "invalid")
    assert problem["errors"][0]["detail"].endswith("open, pending, snoozed, resolved.")
