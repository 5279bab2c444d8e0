"""Reading what strangers wrote."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.connectors.base import PayloadError
from comptoir.connectors.shared import untrusted

INSTANT = datetime(2026, 3, 2, 8, 15, 30, tzinfo=UTC)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@pytest.mark.parametrize(
    "written",
    ["2026-03-02T08:15:30Z", "2026-03-02 09:15:30+0100", "2026-03-02T08:15:30.000000000Z", "2026-03-02T08:15:30",
     "2026-03-02 08:15:30 UTC", "Mon, 02 Mar 2026 09:15:30 +0100", 1772439330, 1772439330000, 1772439330000000,
     "1772439330", "1772439330000", Decimal("1772439330.0")],
)  # fmt: skip
def test_an_instant_is_read_however_it_is_written(written: Any) -> None:
    assert untrusted.instant(written) == INSTANT


@pytest.mark.parametrize(
    "written", ["", "hier", None, True, [], "2026-02-30T00:00:00Z", 10**30, float("nan"), "9" * 19]
)
def test_what_is_no_instant_is_absent(written: Any) -> None:
    assert untrusted.instant(written) is None


@given(ANYTHING)
def test_nothing_breaks_a_reading(value: Any) -> None:
    for read in (untrusted.mapping, untrusted.items, untrusted.mappings, untrusted.text, untrusted.name,
                 untrusted.whole, untrusted.number, untrusted.flag, untrusted.instant):  # fmt: skip
        read(value)
    untrusted.inside(value, "a", 0, "b")


@pytest.mark.parametrize("value", [Decimal("1e1000000"), Decimal("-9e999999999"), Decimal("1e-999999999")])
def test_a_number_beyond_all_measure_is_absent_or_nothing(value: Any) -> None:
    assert untrusted.whole(value) in (None, 0)
    assert untrusted.number(value) in (None, 0.0)
    assert not untrusted.flag(value)
    untrusted.instant(value)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), float("nan"), float("-inf")])
def test_a_number_that_is_none_is_absent(value: Any) -> None:
    assert (untrusted.number(value), untrusted.whole(value), untrusted.instant(value)) == (None, None, None)
    assert not untrusted.flag(value)


def test_a_whole_number_has_64_bits_however_it_is_written() -> None:
    longest = 2**63 - 1
    assert [untrusted.whole(longest), untrusted.whole(str(longest))] == [longest, longest]
    assert [untrusted.whole(2**63), untrusted.whole(str(2**63)), untrusted.whole("9" * 25)] == [None, None, None]


def test_an_id_keeps_all_its_digits() -> None:
    content = untrusted.load_object(b'{"id": 17841400008460056123456}')
    assert untrusted.name(content["id"]) == "17841400008460056123456"


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe{", b"[" * 100_000, b"[1]", b"NaN", b"1e999999999999999999999"])
def test_a_body_that_is_no_object_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(PayloadError) as caught:
        untrusted.load_object(body)
    assert str(caught.value).strip()


def test_objects_one_after_another_are_a_list() -> None:
    assert untrusted.load(b'\xef\xbb\xbf{"id": 1}\r\n\r\n {"id": 2.5}\n[3]\n') == [
        {"id": 1},
        {"id": Decimal("2.5")},
        [3],
    ]


@pytest.mark.parametrize("body", [b'{"id": 1} and more', b'{"id": 1}\n{"id": ', b"1 2", b'{"id": 1}\n"two"'])
def test_what_follows_and_is_no_document_is_refused(body: bytes) -> None:
    with pytest.raises(PayloadError, match="Extra data"):
        untrusted.load(body)


def test_a_day_alone_is_its_beginning() -> None:
    assert untrusted.instant("2026-03-02") == datetime(2026, 3, 2, tzinfo=UTC)


def test_a_form_is_read_whatever_its_bytes() -> None:
    assert untrusted.load_form(b"From=%2B33612345678&Body=%C3%A9%00%ff&Empty=") == {
        "From": "+33612345678", "Body": "é\ufffd", "Empty": ""
    }  # fmt: skip


def test_halves_of_surrogate_pairs_are_joined() -> None:
    assert untrusted.text("\ud83d\ude42 \ud83d") == "🙂 \ufffd"


def test_the_line_break_a_form_was_saved_with_is_none_of_its_last_field():
    assert untrusted.load_form(b"From=1&Body=oui\r\n") == {"From": "1", "Body": "oui"}
