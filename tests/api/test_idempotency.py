from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from comptoir.api.actions import forget_old_answers
from comptoir.api.models import ApiToken, IdempotentAnswer
from comptoir.brands.models import Brand
from comptoir.conversations.models import Conversation, Note
from comptoir.core.clock import now
from comptoir.people.models import Agent
from tests.api.conftest import Program, picture, program_for
from tests.factories import make_agent, make_conversation, make_incoming


def keyed(key: str = "order-4711") -> dict[str, str]:
    return {"idempotency-key": key}


@pytest.fixture
def notes(db: None) -> str:
    return f"/conversations/{make_conversation().pk}/notes"


def test_same_request_is_done_once_and_answered_twice(administrator: Program, notes: str) -> None:
    first = administrator.post(notes, {"text": "Rappeler"}, **keyed())
    second = administrator.post(notes, {"text": "Rappeler"}, **keyed())
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert Note.objects.count() == 1


def test_without_a_key_it_is_done_twice(administrator: Program, notes: str) -> None:
    for _time in range(2):
        administrator.post(notes, {"text": "Rappeler"})
    assert Note.objects.count() == 2


def test_other_request_with_the_same_key_is_refused(administrator: Program, notes: str) -> None:
    administrator.post(notes, {"text": "Rappeler"}, **keyed())
    response = administrator.post(notes, {"text": "Ne pas rappeler"}, **keyed())
    assert (response.status_code, response.json()["type"]) == (422, "urn:comptoir:problem:idempotency-key-reused")
    assert Note.objects.count() == 1


def test_key_of_another_token_is_another_key(administrator: Program, notes: str) -> None:
    administrator.post(notes, {"text": "Rappeler"}, **keyed())
    program_for(make_agent(role="administrator")).post(notes, {"text": "Rappeler"}, **keyed())
    assert Note.objects.count() == 2


@pytest.fixture
def adviser(db: None) -> Agent:
    agent = make_agent(role="agent")
    agent.teams.add(make_conversation().team)
    return agent


def lose_the_scope(program: Program) -> None:
    ApiToken.objects.update(scopes=["conversations:read"])


def lose_the_role(program: Program) -> None:
    Agent.objects.update(role="reader")


def lose_the_team(program: Program) -> None:
    Agent.objects.get().teams.clear()


def lose_the_brand(program: Program) -> None:
    Agent.objects.get().brands.set([Brand.objects.create(name="Autre", slug="autre")])


@pytest.mark.parametrize("lose", [lose_the_scope, lose_the_role, lose_the_team, lose_the_brand])
def test_whoever_may_no_longer_see_it_is_given_no_former_answer(
    adviser: Agent, lose: Callable[[Program], None]
) -> None:
    program, conversation = program_for(adviser), Conversation.objects.get()
    path = f"/conversations/{conversation.pk}/notes"
    assert program.post(path, {"text": "Rappeler"}, **keyed()).status_code == 201
    lose(program)
    again = program.post(path, {"text": "Rappeler"}, **keyed())
    assert (again.status_code, again.json()["type"]) == (409, "urn:comptoir:problem:conflict")
    assert "Rappeler" not in again.content.decode()
    assert Note.objects.count() == 1


def test_refused_request_can_be_corrected_with_the_same_key(administrator: Program, notes: str) -> None:
    assert administrator.post(notes, {"text": ""}, **keyed()).status_code == 422
    assert administrator.post(notes, {"text": "Rappeler"}, **keyed()).status_code == 201


def test_key_is_free_again_after_a_day(administrator: Program, notes: str) -> None:
    administrator.post(notes, {"text": "Rappeler"}, **keyed())
    IdempotentAnswer.objects.update(created_at=now() - timedelta(hours=24, seconds=1))
    administrator.post(notes, {"text": "Autre chose"}, **keyed())
    assert Note.objects.count() == 2


def test_answers_of_yesterday_are_forgotten(administrator: Program, notes: str) -> None:
    administrator.post(notes, {"text": "a"}, **keyed("old"))
    IdempotentAnswer.objects.update(created_at=now() - timedelta(hours=25))
    administrator.post(notes, {"text": "b"}, **keyed("new"))
    assert forget_old_answers() == 1
    assert [kept.key for kept in IdempotentAnswer.objects.all()] == ["new"]


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_key_that_cannot_be_kept_is_refused(administrator: Program, notes: str, key: str) -> None:
    response = administrator.post(notes, {"text": "a"}, **keyed(key))
    assert (response.status_code, response.json()["type"]) == (400, "urn:comptoir:problem:bad-idempotency-key")


def test_deletion_without_content_is_answered_twice(administrator: Program) -> None:
    webhook = administrator.post("/webhooks", {"url": "https://crm.example/"}).json()
    codes = [administrator.delete(f"/webhooks/{webhook['id']}", **keyed()).status_code for _time in range(2)]
    assert codes == [204, 204]


def test_kept_answer_is_not_readable_in_the_database(administrator: Program) -> None:
    secret = administrator.post("/webhooks", {"url": "https://crm.example/"}, **keyed()).json()["secret"]
    assert secret.encode() not in bytes(IdempotentAnswer.objects.get().encrypted_body)


@pytest.mark.usefixtures("fake_kinds")
def test_form_with_another_boundary_is_the_same_request(administrator: Program) -> None:
    conversation = make_conversation()
    make_incoming(conversation)
    for boundary in ("one", "two"):
        content = (
            (
                f'--{boundary}\r\nContent-Disposition: form-data; name="text"\r\n\r\nLa voici.\r\n'
                f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n'
                f"Content-Type: image/png\r\n\r\n"
            ).encode()
            + picture().read()
            + f"\r\n--{boundary}--\r\n".encode()
        )
        response = administrator.send(
            f"/conversations/{conversation.pk}/messages/with-files", content, boundary, **keyed()
        )
        assert response.status_code == 201, response.content
    assert conversation.messages.outgoing().count() == 1


def together(count: int, act: Callable[[], Any]) -> list[Any]:
    """Run the same thing in several threads at once."""
    ready, outcomes = threading.Barrier(count), []

    def run() -> None:
        ready.wait()
        try:
            outcomes.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_with_one_key_make_one() -> None:
    program = program_for(make_agent(role="administrator"))
    path = f"/conversations/{make_conversation().pk}/notes"
    answers = together(8, lambda: program.post(path, {"text": "Rappeler"}, **keyed()))
    assert [answer.status_code for answer in answers] == [201] * 8
    assert len({answer.content for answer in answers}) == 1
    assert Note.objects.count() == 1


@pytest.fixture
def slow_note(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
    """A note that waits in the middle of being written: (it has begun, let it end)."""
    from comptoir.api import notes as resource

    begun, may_end = threading.Event(), threading.Event()
    real = resource.add_note

    def slowly(*given: Any, **named: Any) -> Any:
        note = real(*given, **named)
        begun.set()
        assert may_end.wait(20)
        return note

    monkeypatch.setattr(resource, "add_note", slowly)
    yield begun, may_end
    may_end.set()


@pytest.mark.django_db(transaction=True)
def test_request_that_waits_too_long_for_its_twin_is_a_conflict(
    monkeypatch: pytest.MonkeyPatch, slow_note: tuple[threading.Event, threading.Event]
) -> None:
    monkeypatch.setattr("comptoir.api.idempotency.WAIT", timedelta(milliseconds=200))
    begun, may_end = slow_note
    program = program_for(make_agent(role="administrator"))
    path = f"/conversations/{make_conversation().pk}/notes"
    answers: list[Any] = []

    def ask() -> None:
        answers.append(program.post(path, {"text": "Rappeler"}, **keyed()))
        connection.close()

    twin = threading.Thread(target=ask)
    twin.start()
    assert begun.wait(10)
    response = program.post(path, {"text": "Rappeler"}, **keyed())
    assert (response.status_code, response.json()["type"]) == (409, "urn:comptoir:problem:in-progress")
    assert response.headers["Retry-After"] == "1"
    may_end.set()
    twin.join(20)
    assert [answer.status_code for answer in answers] == [201]


@pytest.mark.django_db(transaction=True)
def test_write_cut_in_the_middle_is_done_by_the_next_try(monkeypatch: pytest.MonkeyPatch) -> None:
    program = program_for(make_agent(role="administrator"))
    path = f"/conversations/{make_conversation().pk}/notes"
    with monkeypatch.context() as broken:
        broken.setattr("comptoir.api.idempotency._keep", lambda *_given: 1 / 0)
        assert program.post(path, {"text": "Rappeler"}, **keyed()).status_code == 500
    assert (Note.objects.count(), IdempotentAnswer.objects.count()) == (0, 0)
    assert program.post(path, {"text": "Rappeler"}, **keyed()).status_code == 201
    assert Conversation.objects.get().notes.count() == 1
