"""Reading channels, on and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from comptoir.connectors.base import EventKind, NetworkEvent
from comptoir.connectors.discord.sending import snowflake_at
from comptoir.connectors.discord.tests.far_side import CHANNEL, GUILD, Far, discord, refusal, said, spoken


def channel(messages: Callable[[dict[str, str]], Any]) -> Far:
    place = {f"channels__{CHANNEL}": {"id": CHANNEL, "guild_id": GUILD}}
    return Far(messages=lambda request: messages(dict(request.url.params)), **place)


def test_channels_are_read_on_from_where_they_were() -> None:
    def messages(asked: dict[str, str]) -> Any:
        return [said(8), said(7)] if asked.get("after") == "6" else [] if "after" in asked else [said(6), said(5)]

    connector = discord(channel(messages))
    newer = list(connector.poll({"channels": {CHANNEL: "6"}}))
    assert spoken(connector, newer) == [("7", "public"), ("8", "public")]
    assert newer[-1].cursor == {"channels": {CHANNEL: "8"}}


def test_a_first_round_leaves_what_was_said_before_to_the_history() -> None:
    connector = discord(channel(lambda asked: [said(6), said(5)]))
    [first] = connector.poll({"session": {"id": "s"}})
    assert (first.deliveries, first.cursor) == ([], {"session": {"id": "s"}, "channels": {CHANNEL: "6"}})


def test_the_first_message_of_an_empty_channel_is_new() -> None:
    [empty] = discord(channel(lambda asked: [])).poll({})
    connector = discord(channel(lambda asked: [said(1)] if asked.get("after") == "0" else []))
    assert spoken(connector, connector.poll(empty.cursor)) == [("1", "public")]


def test_a_channel_that_the_bot_does_not_see_is_left_out() -> None:
    assert list(discord(Far(**{f"channels__{CHANNEL}": refusal(403, 50001)})).poll({})) == []


def test_history_goes_back_to_the_day_and_can_be_taken_up_again() -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    oldest = snowflake_at(since)

    def messages(asked: dict[str, str]) -> Any:
        return [said(oldest + 1), said(oldest - 1)] if "before" in asked else [said(oldest + 3), said(oldest + 2)]

    connector = discord(channel(messages))
    pages = list(connector.history(since, {}))
    ids = [line[0] for line in spoken(connector, pages)]
    assert ids == [str(oldest + 3), str(oldest + 2), str(oldest + 1)]
    assert [line[0] for line in spoken(connector, connector.history(since, pages[0].cursor))] == ids[2:]
    assert list(connector.history(since, pages[-1].cursor)) == []


IN_A_CHANNEL = NetworkEvent(EventKind.MESSAGE, "incoming", "public", external_id="1", thread_id=CHANNEL)


@pytest.mark.parametrize(("kind", "called"), [(0, "#entraide"), (5, "#entraide"), (11, "entraide")])
def test_a_channel_is_called_as_people_there_see_it(kind: int, called: str) -> None:
    far = Far(**{f"channels__{CHANNEL}": {"id": CHANNEL, "type": kind, "name": "entraide"}})
    assert discord(far).lacks(IN_A_CHANNEL) == ["place"]
    assert discord(far).completed(IN_A_CHANNEL, ["place"]).subject == called


def test_an_exchange_of_two_has_no_name_to_ask_for() -> None:
    assert discord().lacks(replace(IN_A_CHANNEL, visibility="private")) == []
