"""Who is here: what browsers say, and what is forgotten."""

from __future__ import annotations

import json

import pytest
from django.core.signing import Signer

from comptoir.config.streaming.presence import ALONE_S, TOGETHER_S, TYPES_S, Presence, Told
from comptoir.config.streaming.telling import word_of
from comptoir.web.presenting.exchange import PRESENCE_SALT


def awa(conversation: int | None = 7, *, stream: str = "a", doing: str = "reads") -> Told:
    return Told(stream, conversation, 1, "Awa Diop", doing)


def paul(conversation: int | None = 7, *, stream: str = "p", doing: str = "reads") -> Told:
    return Told(stream, conversation, 2, "Paul Roy", doing)


def names(presence: Presence, *, beside: int, conversation: int = 7) -> list[tuple[str, str]]:
    return [(one["initials"], one["doing"]) for one in presence.others(conversation, beside)]


def test_two_who_look_at_one_conversation_see_each_other_and_not_themselves() -> None:
    presence = Presence()
    assert presence.tell(awa(), 0) == {7}
    assert presence.tell(paul(), 1) == {7}
    assert names(presence, beside=1) == [("PR", "reads")]
    assert names(presence, beside=2) == [("AD", "reads")]
    assert sorted(presence.streams_at(7)) == ["a", "p"]


def test_saying_the_same_again_is_no_news() -> None:
    presence = Presence()
    presence.tell(awa(), 0)
    assert presence.tell(awa(), 5) == set()


def test_whoever_writes_is_seen_to_write_until_they_stop() -> None:
    presence = Presence()
    presence.tell(awa(), 0)
    assert presence.tell(paul(doing="types"), 1) == {7}
    assert names(presence, beside=1) == [("PR", "types")]
    assert presence.expire(1 + TYPES_S) == {7}
    assert names(presence, beside=1) == [("PR", "reads")]


def test_one_who_goes_away_without_a_word_is_forgotten_within_twenty_seconds() -> None:
    presence = Presence()
    presence.tell(awa(), 0)
    presence.tell(paul(), 100)
    presence.tell(awa(), 107)
    assert presence.expire(100 + TOGETHER_S) == {7}
    assert names(presence, beside=1) == []
    assert TOGETHER_S <= 20


def test_one_who_reads_alone_need_not_say_so_all_the_time() -> None:
    presence = Presence()
    presence.tell(awa(), 0)
    assert presence.expire(ALONE_S - 1) == set()
    presence.tell(paul(), ALONE_S - 1)
    assert names(presence, beside=2) == [("AD", "reads")]


def test_opening_another_conversation_leaves_the_first() -> None:
    presence = Presence()
    presence.tell(awa(), 0)
    presence.tell(paul(), 0)
    assert presence.tell(paul(8), 1) == {7, 8}
    assert names(presence, beside=1) == []


def test_saying_that_one_looks_at_nothing_leaves_and_leaves_nothing_behind() -> None:
    presence = Presence()
    presence.tell(awa(), 0)
    assert presence.tell(Told("a", None, 0, "", "away"), 1) == {7}
    assert presence.tell(Told("a", None, 0, "", "away"), 1) == set()
    assert (presence._at, presence._where) == ({}, {})


def test_one_person_in_two_windows_is_one_and_writes_if_either_does() -> None:
    presence = Presence()
    presence.tell(paul(stream="p1", doing="types"), 0)
    presence.tell(paul(stream="p2"), 0)
    assert names(presence, beside=1) == [("PR", "types")]
    assert presence.forget("p2") == set()


def word(salt: str = PRESENCE_SALT) -> str:
    return Signer(salt=salt).sign_object([7, 1, "Awa Diop"])


def test_a_word_that_the_page_was_given_says_who_looks_at_what() -> None:
    said = {"stream": "a", "word": word(), "doing": "reads"}
    assert word_of(json.dumps(said).encode()) == awa()
    assert word_of(json.dumps(said | {"doing": "away"}).encode()) == Told("a", None, 0, "", "away")


@pytest.mark.parametrize(
    "said",
    [
        b"", b"[]", b"null", b'{"stream":"a"}', b"\xff",
        json.dumps({"stream": "a", "word": "7:forged", "doing": "reads"}).encode(),
        json.dumps({"stream": "a", "word": word("another"), "doing": "reads"}).encode(),
        json.dumps({"stream": "a", "word": word(), "doing": "dances"}).encode(),
        json.dumps({"stream": "a", "word": 7, "doing": "reads"}).encode(),
    ],
)  # fmt: skip
def test_a_word_that_we_have_not_signed_says_nothing(said: bytes) -> None:
    assert word_of(said) is None
