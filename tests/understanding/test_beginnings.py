"""What a pattern's matches may begin with, and that no pattern is left out that would match."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from comptoir.understanding.beginnings import UnreadableFormError, beginnings, united
from comptoir.understanding.cues import cue_patterns, ground_patterns, worth_trying
from comptoir.understanding.folding import folded
from comptoir.understanding.language import LANGUAGES

_CARE = Path(__file__).parents[2] / "training/care"


@pytest.mark.parametrize(
    ("form", "found"),
    [
        ("merci", {"mer"}),
        (r"ok\b", {"ok"}),
        (r"\btribunal", {"tri"}),
        ("quel(le)?s?", {"que"}),
        ("a? ?respirer", {"a r", "are", " re", "res"}),
        ("(ca|cela) sent", {"ca ", "cel"}),
        (r"p\*+n", {"p*"}),
        (r"\d+ mails", {""}),
        ("[89]x", {"8x", "9x"}),
        ("[^.]{0,40}x", {"", "x"}),
        ("ab{2}c", {"ab"}),
        ("ufc|que choisir", {"ufc", "que"}),
        ("(?!le)la(?=s)", {"la"}),
        ("x.y", {"x"}),
        ("", {""}),
    ],
)
def test_every_match_begins_with_one_of_them(form: str, found: set[str]):
    assert beginnings(form, 3) == found


@pytest.mark.parametrize("form", ["(a", "a)", r"\p", "(?P<a>b)", "[ab"])
def test_what_is_not_known_is_refused(form: str):
    with pytest.raises(UnreadableFormError):
        beginnings(form, 3)


def test_each_list_has_a_bit_of_its_own():
    assert united([["merci", "bravo"], ["merde"]], 3) == {"mer": 3, "bra": 1}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_pattern_is_left_out_that_matches(language: str):
    patterns = [*cue_patterns(language), *(pattern for _, _, pattern in ground_patterns(language))]
    for line in (_CARE / "held_out.jsonl").read_text("utf-8").splitlines():
        plain = folded(json.loads(line)["text"])
        tried = worth_trying(plain, language)
        assert [place for place, one in enumerate(patterns) if one.search(plain) and not tried >> place & 1] == []


def test_of_a_message_few_patterns_are_tried():
    assert worth_trying("bonjour", "fr").bit_count() < 6
