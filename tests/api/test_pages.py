from __future__ import annotations

import base64
import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.api.pages import decoded, encoded
from comptoir.api.problems import ProblemError
from tests.api.conftest import Program
from tests.factories import make_conversation, make_identity, make_incoming

START = datetime(2026, 11, 1, 9, tzinfo=UTC)


def walk(program: Program, path: str) -> list[list[int]]:
    """The ids of every page, following `next`."""
    pages, address = [], f"/api/v1{path}"
    while address:
        page = program.get(address.partition("/api/v1")[2]).json()
        pages.append([item["id"] for item in page["items"]])
        address = page["next"]
    return pages


@pytest.mark.django_db
def test_pages_hold_everything_once_in_order(administrator: Program) -> None:
    made = [make_conversation(at=START + timedelta(minutes=number // 2)).pk for number in range(7)]
    pages = walk(administrator, "/conversations?limit=3")
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [pk for page in pages for pk in page] == made[::-1]


@pytest.mark.django_db
def test_last_full_page_has_no_next(administrator: Program) -> None:
    for _number in range(2):
        make_conversation()
    assert len(walk(administrator, "/conversations?limit=2")) == 1


@pytest.mark.django_db
def test_rows_that_come_in_meanwhile_shift_nothing(administrator: Program) -> None:
    made = [make_conversation(at=START + timedelta(minutes=number)).pk for number in range(4)]
    first = administrator.get("/conversations?limit=2").json()
    make_conversation(at=START + timedelta(days=1))
    second = administrator.get(first["next"].partition("/api/v1")[2]).json()
    assert [item["id"] for item in second["items"]] == made[1::-1]


@pytest.mark.django_db
def test_next_keeps_the_filters(administrator: Program) -> None:
    for status in ("open", "pending", "open", "open"):
        make_conversation(status=status)
    pages = walk(administrator, "/conversations?status=open&limit=2")
    assert [len(page) for page in pages] == [2, 1]


@pytest.mark.django_db
def test_messages_of_one_instant_are_all_shown(administrator: Program) -> None:
    conversation = make_conversation()
    made = [make_incoming(conversation, sent_at=START).pk for _number in range(5)]
    pages = walk(administrator, f"/conversations/{conversation.pk}/messages?limit=2")
    assert [pk for page in pages for pk in page] == made


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/accounts", "/contacts", "/conversations", "/events", "/webhooks", "/deliveries", "/tokens"]
)
@pytest.mark.parametrize(
    "cursor",
    [
        "é",
        "!!!",
        "abc",
        base64.urlsafe_b64encode(b"{}").decode(),
        base64.urlsafe_b64encode(b"[]").decode(),
        base64.urlsafe_b64encode(json.dumps(["x", "y"]).encode()).decode(),
        base64.urlsafe_b64encode(json.dumps([True]).encode()).decode(),
        base64.urlsafe_b64encode(json.dumps([2**70]).encode()).decode(),
        base64.urlsafe_b64encode(json.dumps(["2026-11-01T09:00:00", 3]).encode()).decode(),
        base64.urlsafe_b64encode(json.dumps([-1, -1]).encode()).decode(),
        base64.urlsafe_b64encode(json.dumps(["9999-12-31T23:59:59-18:24", 3]).encode()).decode(),
    ],
)
def test_cursor_that_is_not_ours_is_refused(administrator: Program, path: str, cursor: str) -> None:
    make_identity()
    response = administrator.get(f"{path}?cursor={cursor}")
    assert (response.status_code, response.json()["type"]) == (400, "urn:comptoir:problem:bad-cursor")


@given(st.lists(st.integers(0, 2**63) | st.text(max_size=40), max_size=3))
def test_cursor_gives_back_what_it_was_given(parts: list[Any]) -> None:
    assert decoded(encoded(parts)) == parts


@given(st.text(max_size=60))
def test_reading_a_cursor_breaks_on_nothing(cursor: str) -> None:
    with contextlib.suppress(ProblemError):
        assert isinstance(decoded(cursor), list)
