"""The way to the newest hits is chosen by what is expected, and never is a costly one where a cheap one leads there."""

from __future__ import annotations

from comptoir.web.queries.search.choosing import (
    FEW,
    Expected,
    Way,
    cheapest_way,
    corrected,
    taken_at_most,
    walked_at_most,
)

MILLION = 1_000_000.0
PAGE = 26


def way(*, hits: float, seen: float = 1.0, conversations: float = 200_000.0) -> Way:
    return cheapest_way(Expected(MILLION, hits, conversations, conversations * seen), PAGE)


def test_a_common_word_is_met_by_reading_the_newest() -> None:
    assert way(hits=300_000) is Way.THROUGH_TIME


def test_a_rare_word_is_taken_from_the_index_of_words() -> None:
    assert way(hits=300) is Way.THROUGH_WORDS


def test_a_word_that_is_neither_is_looked_for_in_stretches_by_those_who_see_little() -> None:
    assert way(hits=9_000, seen=0.05) is Way.THROUGH_STRETCHES


def test_where_few_conversations_are_asked_for_they_are_read_through() -> None:
    assert way(hits=300_000, seen=0.001) is Way.THROUGH_CONVERSATIONS
    assert way(hits=3, seen=0.001) is Way.THROUGH_WORDS


def test_empty_statistics_are_no_obstacle() -> None:
    assert cheapest_way(Expected(0, 0, 0, 0), PAGE) in Way
    assert walked_at_most(Expected(0, 0, 0, 0), PAGE) > 0


def test_no_more_is_read_through_than_is_quick() -> None:
    assert walked_at_most(Expected(MILLION, 1, 200_000, 1), PAGE) == 40_000


def test_a_wrong_estimate_is_noticed_early_and_another_way_is_taken() -> None:
    thought = Expected(MILLION, 20, 200_000, 200_000)
    taken = taken_at_most(thought)
    assert taken < FEW / 4
    assert cheapest_way(corrected(thought, taken), PAGE) is not Way.THROUGH_WORDS
