"""Any JSON at all into any connector: events or a clear refusal, in a time that grows with its size and no faster."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.connectors.base import Delivery
from comptoir.connectors.registry import connector_classes
from tests.connectors.test_contract import FIXTURES, check_types, parsed

_ODD = (None, True, -1, 0, 2**70, 1.5e300, "", " ", "\x00", "\ud800", "9" * 25, "2026-03-02T08:15:30Z", [], {}, [[]])
#: Pieces of text that patterns and readers of HTML, Markdown, addresses and quotations stumble over.
_REPEATED = (
    "a", "1", " ", "\n", "<", "<a ", "<p><b>", "</p>", "<!--", "<br>", '<a href="', "&", "&amp", "@", "@a ", "a@a.",
    "#a ", "[", "[a](", "](", "(", "*", "_", "`", "~", '"', "\\", "http://", "http://a.b ", "www.", "> ", ">\n", "-",
    "\r\n", "=?", "%41", "{{", "|", "+33 ", ":a", "<@", "<http://a|", "\u200b", "\U0001f600", "e\u0301", "\ud800",
    "\x00", "On a wrote:\n",
)  # fmt: skip
_CHARS = 4000
_COPIES = 150
_LARGER = 8


@cache
def words(kind: str) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """The names and the plain values that a network's own payloads are made of."""
    names: set[str] = set()
    values: set[Any] = set()
    for found, payload in FIXTURES:
        if found == kind:
            for tree in trees(payload):
                _collect(tree, names, values)
    return tuple(sorted(names))[:400], tuple(sorted(values, key=repr))[:400]


def trees(payload: Path) -> Iterator[Any]:
    """The JSON of a fixture, or of each of its lines."""
    text = payload.read_text(encoding="utf-8", errors="replace")
    for part in (text, *text.splitlines()[:50]):
        try:
            yield json.loads(part)
        except ValueError:
            continue
        if part is text:
            return


def _collect(tree: Any, names: set[str], values: set[Any]) -> None:
    if isinstance(tree, dict):
        names.update(tree)
        for one in tree.values():
            _collect(one, names, values)
    elif isinstance(tree, list):
        for one in tree:
            _collect(one, names, values)
    else:
        values.add(tree)


@st.composite
def payloads(draw: st.DrawFn) -> tuple[str, bytes]:
    """A kind, and JSON of its own words put together in any way."""
    kind = draw(st.sampled_from(sorted(connector_classes())))
    names, values = words(kind)
    leaf = st.sampled_from(_ODD) | (st.sampled_from(values) if values else st.nothing())
    key = st.sampled_from(names) if names else st.text(max_size=8)
    tree = st.recursive(
        leaf, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(key, inner, max_size=6), max_leaves=25
    )
    return kind, json.dumps(draw(tree)).encode()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(payloads())
def test_any_json_is_read_or_refused_in_words(made: tuple[str, bytes]) -> None:
    kind, body = made
    for event in parsed(kind, Delivery(body), "us"):
        check_types(event)


def grown(tree: Any, path: tuple[Any, ...], copies: int) -> Any:
    """The payload with the list at ``path`` as much longer, each copy with ids of its own."""
    larger = copy.deepcopy(tree)
    found = larger
    for step in path:
        found = found[step]
    found[:] = [_renamed(found[number % len(found)], number) for number in range(copies)]
    return larger


def lists(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where lists stand that hold something."""
    if isinstance(tree, list) and tree:
        yield path
    for step, one in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield from lists(one, (*path, step))


def texts(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where texts stand."""
    if isinstance(tree, str):
        yield path
    for step, one in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield from texts(one, (*path, step))


def named(path: tuple[Any, ...]) -> tuple[Any, ...]:
    """The same place in whichever object of a list."""
    return tuple("*" if isinstance(step, int) else step for step in path)


def _renamed(tree: Any, number: int) -> Any:
    if isinstance(tree, dict):
        return {name: _renamed(one, number) if name != "id" else f"{one}-{number}" for name, one in tree.items()}
    return [_renamed(one, number) for one in tree] if isinstance(tree, list) else tree


def takes_no_more(kind: str, small: Any, large: Any, *, times: int) -> bool:
    """Whether ``large`` is read in so many times the processor time that ``small`` is; one look of three is enough."""
    most = max(min(spent(kind, small) for _try in range(2)), 0.002) * times
    return any(spent(kind, large) < most for _try in range(3))


def spent(kind: str, tree: Any) -> float:
    """Processor time of one reading."""
    delivery = Delivery(json.dumps(tree).encode())
    begun = time.process_time()
    parsed(kind, delivery, "us")
    return time.process_time() - begun


@pytest.mark.parametrize("kind", sorted(connector_classes()))
def test_reading_takes_no_longer_than_its_size_asks_for(kind: str) -> None:
    """Eight times the items may take eight times as long, and five times that on a busy machine; squared is 64."""
    found = [tree for name, payload in FIXTURES if name == kind for tree in trees(payload)]
    tried = set[Any]()
    for tree in found:
        for path in lists(tree):
            if named(path) not in tried:
                tried.add(named(path))
                small, large = grown(tree, path, _COPIES), grown(tree, path, _COPIES * _LARGER)
                assert takes_no_more(kind, small, large, times=_LARGER * 5), path


@cache
def places_of_texts(kind: str) -> list[tuple[Any, tuple[Any, ...]]]:
    """Each text that a network's payloads have, in one payload that has it."""
    found: dict[Any, tuple[Any, tuple[Any, ...]]] = {}
    for name, payload in FIXTURES:
        if name == kind:
            for tree in trees(payload):
                for path in texts(tree):
                    found.setdefault(named(path), (tree, path))
    return list(found.values())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(kind=st.sampled_from(sorted(connector_classes())), place=st.integers(0, 10**6), unit=st.sampled_from(_REPEATED))
def test_a_text_takes_no_longer_than_its_length_asks_for(kind: str, place: int, unit: str) -> None:
    """What makes a careless pattern go back and forth, in any text: 16 times as long may take 16 times as much, and
    five times that on a busy machine; squared is 256.
    """
    places = places_of_texts(kind)
    if places:
        tree, path = places[place % len(places)]
        small, large = (put(tree, path, unit * (chars // len(unit))) for chars in (_CHARS, _CHARS * 16))
        assert takes_no_more(kind, small, large, times=16 * 5), path


def put(tree: Any, path: tuple[Any, ...], text: str) -> Any:
    """The payload with another text there."""
    if not path:
        return text
    step, *rest = path
    if isinstance(tree, dict):
        return {**tree, step: put(tree[step], tuple(rest), text)}
    return [put(one, tuple(rest), text) if number == step else one for number, one in enumerate(tree)]
