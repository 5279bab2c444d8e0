"""What goes wrong is said in the reader's language: so its words must be found by whoever translates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import comptoir
from comptoir.config.catalogue import read_po
from comptoir.config.msgids import _REASONS

PACKAGE = Path(comptoir.__file__).parent
FRENCH = PACKAGE / "locale" / "fr" / "parts"
SOURCES = [
    path for path in sorted(PACKAGE.rglob("*.py")) if path.name != "tests.py" and "tests" not in path.parts[-3:-1]
]


def _calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _REASONS and node.args:
            yield node


def test_no_reason_is_put_together_before_it_can_be_translated() -> None:
    made = [
        f"{path.relative_to(PACKAGE)}:{call.lineno}"
        for path in SOURCES
        for call in _calls(path)
        if isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
    ]
    assert made == [], "give a template and its values, not a finished sentence"


@pytest.mark.parametrize("part", sorted(FRENCH.glob("*.po")), ids=lambda part: part.name)
def test_french_fills_in_what_english_fills_in(part: Path) -> None:
    for entry in read_po(part):
        if entry.key.plural or not all(entry.forms):
            continue
        blanks = [set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", text)) for text in (entry.key.text, *entry.forms)]
        assert blanks[0] == blanks[1], entry.key.text
