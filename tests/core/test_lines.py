"""Words on one line."""

from __future__ import annotations

import pytest

from comptoir.catalogue.content import Content, clean_content
from comptoir.core.lines import on_one_line
from comptoir.delivery.checking import clean_choices
from comptoir.routing.arranging import add_skill


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Colis \n en\tretard ", "Colis en retard"),
        ("La lampe «\u00a0Aube\u00a0»\u202f: où ?", "La lampe «\u00a0Aube\u00a0»\u202f: où ?"),
        ("a\x00b", "ab"),
        ("\u00a0 \x00", ""),
    ],
)
def test_lines_become_one_and_no_break_spaces_stay(typed: str, kept: str) -> None:
    assert on_one_line(typed) == kept


@pytest.mark.django_db
def test_what_people_name_keeps_its_no_break_spaces() -> None:
    named = "Ampoules\u00a0: 3\u202f000\u00a0kelvins"
    skill = add_skill(kind="topic", name=f" {named}\n ")
    content = clean_content(Content(question="Où\u00a0?", language="fr", variants=(), phrasings=(f"{named}  ?",)))
    assert (skill.name, content.phrasings) == (named, (f"{named} ?",))
    assert clean_choices([f"{named}\n"]) == [named]
