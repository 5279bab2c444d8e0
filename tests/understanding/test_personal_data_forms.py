"""The forms of addresses, of which the long ends are only made where their beginnings are."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path

import pytest

from comptoir.understanding.personal_data import streets

addresses = import_module("comptoir.understanding.personal_data.addresses")
_CARE = Path(__file__).parents[2] / "training/care"
_APART = [(form, end) for _, (form, end) in addresses._FORMS if end]
_WRITTEN = [
    "J'habite rue de la Paix 12, 1000 Bruxelles",
    "Spedire in via Roma 12, 00184 Roma, grazie",
    "Estoy en Gran Vía 3, 28013 Madrid",
    "Bitte an Am Markt 3, 50667 Köln senden",
    "via mail 3 volte, largo 5 metri",
]


@pytest.mark.parametrize(("form", "end"), _APART)
def test_no_address_is_found_whose_beginning_is_not(form: str, end: str):
    begun, whole = re.compile(form), re.compile(form + end)
    lines = (_CARE / "held_out.jsonl").read_text("utf-8").splitlines()
    for text in [*_WRITTEN, *(json.loads(line)["text"] for line in lines)]:
        assert begun.search(text) or not whole.search(text)


def test_all_forms_together_find_what_each_finds_whole():
    for text in _WRITTEN:
        absent = streets.missing(text)
        wanted = [
            match.span()
            for needed, (form, end) in addresses._FORMS
            if needed.isdisjoint(absent)
            for match in re.finditer(form + end, text)
        ]
        assert [match.span() for match in addresses._matches(text)] == wanted


def test_the_end_of_a_form_is_not_made_for_a_text_without_its_beginning(monkeypatch: pytest.MonkeyPatch):
    made: list[str] = []

    def compiled(form: str) -> re.Pattern[str]:
        made.append(form)
        return re.compile(form)

    monkeypatch.setattr(addresses, "_compiled", compiled)
    assert addresses.addresses("Ich habe am 3.4. bezahlt, Rechnung 10115") == ([], [])
    assert [form for form, _ in _APART if form in made]
    assert not [form for form, end in _APART if form + end in made]
