"""`comptoir understand`, as one pipes lines into it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest


def run(*arguments: str, given: bytes, language: str = "en") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "comptoir.config.cli", "understand", *arguments],
        input=given,
        capture_output=True,
        check=False,
        env=os.environ | {"COMPTOIR_LANGUAGE": language},
    )


@pytest.mark.parametrize("form", [[], ["--light"]])
def test_each_line_gives_one_line_in_order(form: list[str]):
    given = "Où est mon colis ?\n\nécrivez à jean@free.fr\r\nlast line without end".encode()
    lines = [json.loads(line) for line in run("--json", *form, given=given).stdout.splitlines()]
    assert [line["language"] for line in lines] == ["fr", "und", "fr", "en"]
    assert lines[2]["personal_data"] == [{"kind": "email", "start": 10, "end": 22}]
    assert lines[1]["topics"] == []


def test_what_is_not_utf8_is_replaced():
    outcome = run("--json", "--light", given=b"caf\xe9 \xff\xfe\n\xed\xa0\x80\n")
    assert outcome.returncode == 0
    assert len(outcome.stdout.splitlines()) == 2


def test_nothing_in_gives_nothing_out():
    outcome = run("--json", given=b"")
    assert (outcome.returncode, outcome.stdout) == (0, b"")


def test_spans_are_code_points():
    line = "😀😀 appelez le 06 12 34 56 78".encode()
    (found,) = json.loads(run("--json", "--light", given=line).stdout)["personal_data"]
    assert line.decode()[found["start"] : found["end"]] == "06 12 34 56 78"


def test_people_read_it_in_their_language():
    given = "Vous êtes nuls, je résilie !\n".encode()
    assert "négatif" in run("--light", given=given, language="fr").stdout.decode()
    assert "negative" in run("--light", given=given).stdout.decode()
