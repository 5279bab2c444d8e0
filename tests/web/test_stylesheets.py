"""A class means one thing: no two stylesheets say how it looks, or an area that changes its own changes another's."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

_STYLES = Path(__file__).resolve().parents[2] / "comptoir/web/static/comptoir/css"
_TEMPLATES = _STYLES.parents[2] / "templates"
#: Classes whose name says what the word in it says.
_WORDS = re.compile(r"(?:word-\w+|is-\w+-word)\b")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{};]+)\{")
#: What stands in brackets tells of other elements than the one that is styled.
_BRACKETS = re.compile(r"\([^()]*\)")
_CLASS = re.compile(r"\.(-?[a-z][\w-]*)")
_STATES_ALONE = re.compile(r"(\.(is|has)-[\w-]+)+(:[\w:-]+)?")


def sheets() -> dict[str, list[str]]:
    """Every stylesheet's selectors, one at a time and without what is in brackets."""
    return {sheet.name: list(_selectors(sheet.read_text())) for sheet in sorted(_STYLES.glob("*.css"))}


def _selectors(text: str) -> Iterator[str]:
    for heading in _RULE.findall(_COMMENT.sub("", text)):
        if heading.strip().startswith("@"):
            continue
        while _BRACKETS.search(heading):
            heading = _BRACKETS.sub("", heading)
        yield from (one.strip() for one in heading.split(","))


def unqualified(selector: str) -> frozenset[str]:
    """The classes of the element that is styled, where no class of another element says within what."""
    *around, styled = re.split(r"\s*[>+~]\s*|\s+", selector.strip(" >+~"))
    return frozenset() if any(_CLASS.search(one) for one in around) else frozenset(_CLASS.findall(styled))


def test_no_two_stylesheets_say_how_the_same_class_looks() -> None:
    said: dict[frozenset[str], set[str]] = defaultdict(set)
    for name, selectors in sheets().items():
        for selector in selectors:
            if classes := unqualified(selector):
                said[classes].add(name)
    assert {" ".join(sorted(classes)): sorted(names) for classes, names in said.items() if len(names) > 1} == {}


def test_a_state_says_of_what_it_is_one() -> None:
    alone = [
        f"{name}: {selector}"
        for name, selectors in sheets().items()
        for selector in selectors
        if _STATES_ALONE.fullmatch(selector)
    ]
    assert alone == []


def test_what_is_read_of_a_selector() -> None:
    text = (
        "/* .a {} */ @media (min-width: 1px) { .b:has(.c) > .d, ul.e { color: red; } .f.is-g:not(.h .i) { top: 0; } }"
    )
    selectors = list(_selectors(text))
    assert selectors == [".b:has > .d", "ul.e", ".f.is-g:not"]
    assert [set(unqualified(one)) for one in selectors] == [set(), {"e"}, {"f", "is-g"}]


def test_a_word_in_a_colour_has_that_colour() -> None:
    """`is-broken-word` was written beside what was late, and no stylesheet knew it."""
    styled = {name for selectors in sheets().values() for one in selectors for name in _CLASS.findall(one)}
    worded = {
        name for page in _TEMPLATES.rglob("*.html") for name in _WORDS.findall(page.read_text()) if "{" not in name
    }
    assert worded >= {"word-broken", "word-kept"}
    assert worded - styled == set()
