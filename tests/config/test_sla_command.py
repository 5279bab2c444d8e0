"""`comptoir sla due`, as a program: one line out for each line in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

CASE = {
    "time_zone": "Europe/Paris",
    "hours": {day: [["09:00", "12:30"], ["14:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "holidays": {"country": "FR", "subdivision": None},
    "exceptions": [],
    "start_at": "2026-05-22T17:45:00+02:00",
    "target_minutes": 30,
    "pauses": [],
}


def asked(*lines: str | bytes | dict[str, Any], language: str = "en") -> tuple[list[dict[str, Any]], int]:
    text = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    answer = subprocess.run(
        [sys.executable, "-m", "comptoir.config.cli", "sla", "due", "--json"],
        input=text + b"\n",
        capture_output=True,
        check=False,
        env=os.environ | {"COMPTOIR_LANGUAGE": language},
    )
    assert not answer.stderr
    return [json.loads(line) for line in answer.stdout.splitlines()], answer.returncode


def test_a_case_is_answered_with_its_due_time_in_its_zone_and_why() -> None:
    [answer], code = asked(CASE)
    assert answer["due_at"] == "2026-05-26T09:15:00+02:00"
    assert "15 min (17:45–18:00)" in answer["explanation"]
    assert "holiday" in answer["explanation"]
    assert code == 0


def test_it_explains_in_french() -> None:
    [answer], _code = asked(CASE, language="fr")
    assert "jour férié" in answer["explanation"]


def test_working_days() -> None:
    case = CASE | {"target_minutes": None, "target_working_days": 7}
    [answer], _code = asked(case)
    assert answer["due_at"] == "2026-06-03T18:00:00+02:00"


@pytest.mark.parametrize(
    ("start", "told"),
    [
        ("2026-03-28T21:00", "7 h (00:00–08:00; the clocks change)"),
        ("2026-10-24T21:00", "7 h (00:00–06:00; the clocks change)"),
        ("2026-05-23T21:00", "7 h (00:00–07:00)"),
    ],
)
def test_a_day_on_which_the_clocks_change_is_told_as_long_as_it_ran(start: str, told: str) -> None:
    [answer], _code = asked(CASE | {"hours": None, "holidays": None, "start_at": start, "target_minutes": 600})
    assert told in answer["explanation"]


def test_always_open_and_paused_for_ever() -> None:
    case = CASE | {"hours": None, "holidays": None, "pauses": [["2026-05-22T17:50:00+02:00", None]]}
    [answer], _code = asked(case)
    assert answer["due_at"] is None
    assert "Not due while it is paused." in answer["explanation"]


@pytest.mark.parametrize(
    "change",
    [
        {"time_zone": "Europe/Lutetia"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": None},
        {"hours": {"monday": []}},
        {"hours": {"mon": [["9", "12"]]}},
        {"hours": {"mon": [["25:00", "26:00"]]}},
        {"hours": {}},
        {"holidays": {"country": "Atlantis"}},
        {"holidays": {"country": "FR", "subdivision": "nowhere"}},
        {"exceptions": [{"on": "yesterday", "spans": []}]},
        {"start_at": "soon"},
        {"start_at": "0001-01-01T00:00:00Z"},
        {"target_minutes": -1},
        {"target_minutes": True},
        {"target_minutes": 1e300},
        {"target_working_days": 3},
        {"pauses": [["2026-05-22T18:00:00Z", "2026-05-22T17:00:00Z"]]},
        {"pauses": [[]]},
    ],
)
def test_a_case_that_cannot_be_understood_is_told_and_the_next_answered(change: dict[str, Any]) -> None:
    [refused, answered], code = asked(CASE | change, CASE)
    assert list(refused) == ["error"]
    assert answered["due_at"]
    assert code == 1


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b"12", b"null"])
def test_a_line_that_is_no_case_gives_an_error(line: bytes) -> None:
    answers, code = asked(line)
    assert [list(answer) for answer in answers] == [["error"]]
    assert code == 1


def test_a_far_date_is_answered_quickly() -> None:
    case = CASE | {"start_at": "8999-12-31T00:00:00Z", "target_minutes": 5_000_000}
    [answer], _code = asked(case)
    assert answer.get("due_at") or answer.get("error")
