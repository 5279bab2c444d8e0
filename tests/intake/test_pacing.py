"""When an account is polled, and when its stream is opened again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.connectors.base import Backoff, PermanentError, StreamError, TransientError
from comptoir.intake.pacing import Pace

EVERY = timedelta(seconds=120)
AT_ONCE = Backoff(timedelta(milliseconds=250), timedelta(seconds=16), doubling=False)


@pytest.fixture
def pace() -> Pace:
    """An account that was just polled, at 1,000 s."""
    pace = Pace()
    pace.polled(999.0, 1000.0, EVERY)
    return pace


def test_an_account_without_a_stream_is_polled_at_its_own_pace(pace: Pace) -> None:
    pace.no_stream()
    assert pace.pause(1000.0) == 120.0


def test_who_neither_polls_nor_streams_is_looked_at_now_and_then() -> None:
    pace = Pace()
    pace.no_stream()
    assert pace.pause(1000.0) == 600.0


def test_a_stream_that_ends_is_polled_for_and_opened_again_at_once(pace: Pace) -> None:
    pace.stream_ended(1000.0, 1060.0, gave=True)
    assert pace.pause(1060.0) == 1.0
    assert pace.poll_is_due(1061.0)


def test_a_stream_that_is_none_waits_for_the_next_poll(pace: Pace) -> None:
    pace.stream_ended(1000.0, 1000.1, gave=False)
    assert pace.pause(1000.1) == pytest.approx(119.9)


def test_a_stream_opened_again_at_once_has_nobody_polled_each_time(pace: Pace) -> None:
    pace.stream_failed(1000.0, StreamError("cut", backoff=AT_ONCE))
    assert pace.pause(1000.0) == 0.25
    assert pace.stream_is_due(1000.25)
    assert not pace.poll_is_due(1000.25)


def test_pauses_of_a_stream_grow_as_the_network_wants(pace: Pace) -> None:
    pauses = []
    for _time in range(4):
        pace.stream_failed(1000.0, StreamError("cut", backoff=AT_ONCE))
        pauses.append(pace.pause(1000.0))
    assert pauses == [0.25, 0.5, 0.75, 1.0]


def test_polling_goes_on_while_a_stream_is_refused(pace: Pace) -> None:
    pace.stream_failed(1000.0, PermanentError("not for you"))
    assert pace.pause(1000.0) == 120.0
    assert pace.poll_is_due(1120.0)
    assert not pace.stream_is_due(1299.0)
    assert pace.stream_is_due(1300.0)


def test_the_networks_own_wish_counts_where_it_is_longer(pace: Pace) -> None:
    pace.stream_failed(1000.0, StreamError("busy", backoff=AT_ONCE, retry_after=timedelta(minutes=15)))
    assert not pace.stream_is_due(1899.0)
    assert pace.stream_is_due(1900.0)


def test_who_does_not_fill_gaps_itself_is_polled_before_its_stream_is_opened(pace: Pace) -> None:
    pace.stream_failed(1000.0, TransientError("cut"))
    assert pace.pause(1000.0) == 5.0
    assert pace.poll_is_due(1005.0)
