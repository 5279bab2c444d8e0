"""What a workspace is asked for: names of people and channels, and the characters that names of emoji stand for."""

from __future__ import annotations

import json
from dataclasses import replace

import httpx

from comptoir.connectors.base import (
    Author,
    Delivery,
    EventKind,
    NetworkEvent,
)
from comptoir.connectors.slack.tests.far_side import always, connector


def test_names_are_asked_of_the_workspace() -> None:
    profile = {"display_name": "Léa", "real_name": "Léa Martin", "image_72": "https://avatars.example/72.png"}
    slack = connector(always({"ok": True, "user": {"id": "U1", "name": "lea", "profile": profile}}))
    event = NetworkEvent(EventKind.MESSAGE, "incoming", author=Author(id="U1"))
    assert slack.lacks(event) == ["person"]
    assert slack.completed(event, ["person"]).author == Author("U1", "lea", "Léa", "https://avatars.example/72.png")


def test_applications_and_those_who_are_named_are_not_asked_for() -> None:
    slack = connector(always({}))
    named = NetworkEvent(EventKind.MESSAGE, "incoming", author=Author(id="U1", name="Léa"))
    assert not slack.lacks(named)
    assert not slack.lacks(replace(named, author=Author(id="B1")))


def test_the_channels_name_is_asked_for_and_direct_messages_have_none() -> None:
    slack = connector(always({"ok": True, "channel": {"id": "C1", "name": "ext-durand", "is_ext_shared": True}}))
    event = NetworkEvent(EventKind.MESSAGE, "incoming", author=Author(id="U1", name="Léa"), thread_id="C1")
    assert slack.lacks(event) == ["place"]
    assert slack.completed(event, ["place"]).subject == "#ext-durand"
    assert not slack.lacks(replace(event, thread_id="D1", custom={"channel_type": "im"}))


def test_those_whom_a_text_calls_by_ids_are_called_by_their_names() -> None:
    people = {"U0BOT": {"real_name": "Maison Lueur"}, "W0PAUL": {"display_name": "Paul"}}

    def network(request: httpx.Request) -> httpx.Response:
        profile = people.get(request.url.params["user"])
        if profile is None:
            return httpx.Response(200, json={"ok": False, "error": "user_not_found"})
        return httpx.Response(200, json={"ok": True, "user": {"profile": profile}})

    slack = connector(network)
    said = "@U0BOT et @W0PAUL : voyez @U0GONE, @here et @UN"
    event = NetworkEvent(EventKind.MESSAGE, "incoming", author=Author(id="U1", name="Léa"), text=said)
    assert slack.lacks(event) == ["names"]
    told = "@Maison Lueur et @Paul : voyez @U0GONE, @here et @UN"
    assert slack.completed(event, ["names"]).text == told


def test_whoever_is_called_is_asked_for_once_as_long_as_their_name_is_kept() -> None:
    asked: list[str] = []

    def network(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params["user"])
        if asked[-1] == "U0GONE":
            return httpx.Response(200, json={"ok": False, "error": "user_not_found"})
        return httpx.Response(200, json={"ok": True, "user": {"profile": {"display_name": "Paul"}}})

    kept: dict[str, str] = {}
    for _message in range(2):
        slack = connector(network)
        slack.names = kept
        event = NetworkEvent(EventKind.MESSAGE, "incoming", author=Author(id="W0PAUL"), text="@W0PAUL, @U0GONE ?")
        assert slack.completed(event, ["names"]).text == "@Paul, @U0GONE ?"
    assert asked == ["W0PAUL", "U0GONE"]


def test_whoever_has_spoken_is_known_where_they_are_called() -> None:
    slack = connector(always({"ok": True, "user": {"id": "W0PAUL", "profile": {"display_name": "Paul"}}}))
    slack.completed(NetworkEvent(EventKind.MESSAGE, "incoming", author=Author(id="W0PAUL")), ["person"])
    assert slack.names == {"W0PAUL": "Paul"}


def test_reaction_is_the_character_that_its_name_stands_for() -> None:
    at = {"item": {"channel": "C1", "ts": "1.2"}}
    told = {"type": "reaction_added", "user": "U1", "reaction": "+1::skin-tone-2", **at}
    own = {**told, "reaction": "maison_lueur"}
    read = [connector(always({})).parse(Delivery(json.dumps(one).encode()))[0].reaction for one in (told, own)]
    assert read == ["👍🏻", ":maison_lueur:"]
