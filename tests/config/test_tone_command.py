"""`comptoir tone check`, as one pipes replies into it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

_KEYS = [
    "uses_first_name", "complaint_points", "points_taken_up", "reassures", "has_next_step_with_time", "stock_phrase",
    "asks_for_known_information", "blames_customer", "register", "public_personal_data",
]  # fmt: skip


def run(*arguments: str, given: bytes, language: str = "en") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "comptoir.config.cli", "tone", "check", *arguments],
        input=given,
        capture_output=True,
        check=False,
        env=os.environ | {"COMPTOIR_LANGUAGE": language},
    )


def test_each_reply_gives_exactly_the_keys_in_order():
    rows = [
        {"customer_message": "Colis cassé", "first_name": "Léa", "reply": "Bonjour Léa, un autre part demain."},
        {
            "customer_message": "My order?",
            "first_name": None,
            "reply": "It is here.",
            "known": {},
            "public": False,
            "language": "en",
        },
    ]
    outcome = run("--json", given="\n".join(json.dumps(row) for row in rows).encode())
    lines = [json.loads(line) for line in outcome.stdout.splitlines()]
    assert [list(line) for line in lines] == [_KEYS, _KEYS]
    assert [line["uses_first_name"] for line in lines] == [True, False]
    assert (outcome.returncode, outcome.stderr) == (0, b"")


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"nothing",
        b"[]",
        b"3",
        b"\xff\xfe",
        b"[" * 100_000,
        b"{}",
        b'{"reply": 3}',
        b'{"reply": "a", "known": []  , "public": "no"}',
        b'{"reply": "a", "known": [1]}',
    ],
)
def test_what_is_no_reply_is_said_and_the_rest_goes_on(line: bytes):
    outcome = run("--json", given=line + b'\n{"customer_message": "", "reply": "Merci Paul.", "first_name": "Paul"}\n')
    first, second = map(json.loads, outcome.stdout.splitlines())
    assert list(first) == ["error"]
    assert second["uses_first_name"] is True
    assert (outcome.returncode, outcome.stderr) == (1, b"")


def test_half_a_character_is_read():
    outcome = run("--json", given=b'{"customer_message": "\\ud800", "reply": "\\udfff ok \\u0000"}\n')
    assert (outcome.returncode, list(json.loads(outcome.stdout))) == (0, _KEYS)


def test_people_read_hints_in_their_language():
    given = json.dumps({"customer_message": "Colis cassé", "reply": "N'hésitez pas."}).encode()
    assert "irait à n’importe quelle réponse" in run(given=given, language="fr").stdout.decode()
    assert "would fit any reply" in run(given=given).stdout.decode()


def test_nothing_in_gives_nothing_out():
    outcome = run("--json", given=b"")
    assert (outcome.returncode, outcome.stdout) == (0, b"")
