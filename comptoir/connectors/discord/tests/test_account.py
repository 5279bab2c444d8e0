"""The bot’s state, members, the published contract."""

from __future__ import annotations

import dataclasses

import httpx
import pytest

from comptoir.connectors.base import (
    Author,
)
from comptoir.connectors.discord.tests.far_side import CHANNEL, GUILD, ME, OUTGOING, SENT, Far, discord
from tests.connectors.published_contract import contract


@pytest.mark.parametrize(("flags", "remarks"), [(1 << 19, 0), (1 << 18, 0), (0, 1)])
def test_a_check_says_who_we_are_and_whether_messages_can_be_read(flags: int, remarks: int) -> None:
    far = Far(**{"users__@me": {"id": ME, "username": "marque"}, "applications__@me": {"flags": flags}})
    health = discord(far).check()
    assert (health.own_id, health.handle, len(health.remarks)) == (ME, "marque", remarks)


def test_members_of_all_servers_are_counted() -> None:
    far = Far(**{"users__@me__guilds": [{"approximate_member_count": 3}, {"approximate_member_count": 4}, {}]})
    assert [(one.name, one.value) for one in discord(far).figures([])] == [("members", 7)]


def test_requests_fit_the_published_contract() -> None:
    published = contract("discord_openapi.json")
    far = Far(
        messages=lambda request: SENT if request.method == "POST" else [SENT],
        typing=httpx.Response(204),
        **{"users__@me__guilds": [], "users__@me__channels": {"id": CHANNEL}, "@me": {"id": ME},
           f"channels__{CHANNEL}": {"id": CHANNEL, "guild_id": GUILD}, SENT["id"]: SENT},
    )  # fmt: skip
    connector = discord(far)
    connector.check()
    connector.subscribe("https://us.example/h")
    connector.send(OUTGOING)
    connector.send(dataclasses.replace(OUTGOING, visibility="private"))
    connector.find_sent(OUTGOING)
    connector.edit(SENT["id"], OUTGOING, {"channel": CHANNEL})
    connector.delete(SENT["id"], {"channel": CHANNEL})
    connector.like(SENT["id"], {"channel": CHANNEL})
    connector.signal(Author(), "typing", thread_id=CHANNEL)
    list(connector.poll({"channels": {CHANNEL: "1"}}))
    assert len(far.asked) > 12
    for request in far.asked:
        published.check(request, path=request.url.path.removeprefix("/api/v10"))
