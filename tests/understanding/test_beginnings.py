"""What a pattern's matches may begin with, and that no pattern is left out that would match."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from comptoir.understanding.beginnings import UnreadableFormError, alike, beginnings, united
from comptoir.understanding.cues import CUES, cue_patterns, ground_patterns, openings
from comptoir.understanding.folding import folded
from comptoir.understanding.language import LANGUAGES
from comptoir.understanding.surface import surface_of

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
        (r"\d+ mails", {"0"}),
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


def test_figures_are_not_told_apart():
    assert united([["3e fois"], [r"\d+ mails"]], 3) == {"0e ": 1, "0": 2}
    assert alike("٣e 1") == "0e 0"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_match_of_a_pattern_is_left_out(language: str):
    patterns = [*cue_patterns(language), *(pattern for _, _, pattern in ground_patterns(language))]
    for line in (_CARE / "held_out.jsonl").read_text("utf-8").splitlines():
        plain = folded(json.loads(line)["text"])
        begun = openings(plain, language)
        for place, pattern in enumerate(patterns):
            assert {match.start() for match in pattern.finditer(plain)} <= set(begun.get(place, ()))


def test_a_cue_is_counted_as_often_as_it_is_there():
    once, twice = (surface_of(text, "fr")[20:] for text in ("merci", "merci merci"))
    place = len(CUES) + CUES.index("thanks")
    assert (once[place], twice[place]) == pytest.approx((math.log(2), math.log(3)))


def test_of_a_message_few_patterns_are_tried():
    assert len(openings("bonjour", "fr")) < 6
