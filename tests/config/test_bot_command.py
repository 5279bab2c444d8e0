"""`comptoir bot try`, as one pipes messages into it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.understanding.test_retrieval import ENTRIES


def run(*arguments: str, given: bytes, language: str = "en") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "comptoir.config.cli", "bot", "try", *arguments],
        input=given,
        capture_output=True,
        check=False,
        env=os.environ | {"COMPTOIR_LANGUAGE": language},
    )


@pytest.fixture
def catalogue(tmp_path: Path) -> str:
    path = tmp_path / "catalogue.jsonl"
    path.write_text("\n".join(json.dumps(asdict(entry)) for entry in ENTRIES), "utf-8")
    return str(path)


def test_each_line_gives_one_line_in_order(catalogue: str):
    given = (
        "Où est mon colis ?\n\n"
        '{"message": "Quand serai-je remboursé ?", "id": 3}\r\n'
        "à quelle heure ouvrez-vous, sans fin de ligne"
    ).encode()
    lines = [json.loads(line) for line in run("--catalogue", catalogue, "--json", given=given).stdout.splitlines()]
    assert [line["candidates"][0]["entry"] if line["candidates"] else None for line in lines] == [
        "parcel", None, "refund", "opening",
    ]  # fmt: skip
    assert all(list(line) == ["mode", "entry", "candidates", "confidence", "forbidden_by"] for line in lines)


def test_hostile_lines_give_a_line_each(catalogue: str):
    given = (
        b'\xff\xfe\n{"message": "\\ud800"}\n{"message": 3}\n{\n\x00\n' + b"a" * 50_000 + b"\n" + b"[" * 5_000 + b"\n"
    )
    outcome = run("--catalogue", catalogue, "--json", given=given)
    assert (outcome.returncode, outcome.stderr) == (0, b"")
    assert len([json.loads(line) for line in outcome.stdout.splitlines()]) == 7


def test_an_empty_catalogue_is_one_too(tmp_path: Path):
    path = tmp_path / "empty.jsonl"
    path.write_bytes(b"\n")
    (line,) = run("--catalogue", str(path), "--json", given=b"Hello, where is my parcel?\n").stdout.splitlines()
    assert json.loads(line) == {
        "mode": "nothing", "entry": None, "candidates": [], "confidence": 0.0, "forbidden_by": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "comptoir: bad.jsonl, line 1: “question” must be a text that is not empty.\n"),
        ("fr", "comptoir: bad.jsonl, ligne 1 : « question » doit être un texte qui n’est pas vide.\n"),
    ],
)
def test_a_broken_catalogue_names_its_line(tmp_path: Path, language: str, said: str):
    path = tmp_path / "bad.jsonl"
    path.write_text('{"key": "a"}\n', "utf-8")
    outcome = run("--catalogue", str(path), given=b"x\n", language=language)
    assert outcome.returncode == 1
    assert outcome.stderr.decode().replace("\xa0", " ") == said


def test_people_read_it_in_their_language(catalogue: str):
    given = "Où est mon colis ? Je veux parler à un conseiller.\n".encode()
    said = run("--catalogue", catalogue, given=given, language="fr").stdout.decode()
    assert "parcel" in said
    assert "demande une personne" in said
