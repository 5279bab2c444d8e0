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


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(payloads())
def test_any_json_is_read_or_refused_in_words(made: tuple[str, bytes]) -> None:
    kind, body = made
    for event in parsed(kind, Delivery(body), "us"):
        check_types(event)


def grown(tree: Any, copies: int) -> Any:
    """The payload with its longest list as much longer, each copy with ids of its own."""
    larger = copy.deepcopy(tree)
    longest = max(_lists(larger), key=len, default=None)
    if not longest:
        return None
    longest[:] = [_renamed(longest[number % len(longest)], number) for number in range(copies)]
    return larger


def _lists(tree: Any) -> Iterator[list[Any]]:
    if isinstance(tree, list):
        yield tree
    for one in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _lists(one)


def _renamed(tree: Any, number: int) -> Any:
    if isinstance(tree, dict):
        return {name: _renamed(one, number) if name != "id" else f"{one}-{number}" for name, one in tree.items()}
    return [_renamed(one, number) for one in tree] if isinstance(tree, list) else tree


def spent(kind: str, tree: Any) -> float:
    """Processor time of one reading, the least of three."""
    body, times = json.dumps(tree).encode(), []
    for _try in range(3):
        begun = time.process_time()
        parsed(kind, Delivery(body), "us")
        times.append(time.process_time() - begun)
    return min(times)


@pytest.mark.parametrize("kind", sorted(connector_classes()))
def test_reading_takes_no_longer_than_its_size_asks_for(kind: str) -> None:
    """Eight times the items may take eight times as long, and five times that on a busy machine; squared is 64."""
    found = [tree for name, payload in FIXTURES if name == kind for tree in trees(payload)]
    for tree in found[:12]:
        small, large = grown(tree, _COPIES), grown(tree, _COPIES * _LARGER)
        if small is None:
            continue
        assert spent(kind, large) < max(spent(kind, small), 0.002) * _LARGER * 5
