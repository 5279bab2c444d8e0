"""What the record calls what happened."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import translation

import comptoir
from comptoir.web.templatetags.record import what_words

_RECORDED = re.compile(r'(?:record(?:_all)?\(|Happening\()\s*"([a-z_]+\.[a-z_]+)"')
_CODE = Path(comptoir.__file__).parent


def recorded_names() -> list[str]:
    return sorted({name for path in _CODE.rglob("*.py") for name in _RECORDED.findall(path.read_text())})


@pytest.mark.parametrize("name", recorded_names())
def test_what_happened_has_french_words(name: str) -> None:
    with translation.override("fr"):
        said = what_words(SimpleNamespace(event=SimpleNamespace(name=name)))  # type: ignore[arg-type]  # all it reads
    assert said != name


def test_a_conversation_begun_is_not_merely_changed() -> None:
    with translation.override("fr"):
        event = SimpleNamespace(name="conversation.started")
        assert what_words(SimpleNamespace(event=event)) == "Conversation commencée"  # type: ignore[arg-type]
