from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Author,
    EventKind,
    NetworkEvent,
    Outgoing,
    OutgoingFile,
    PermanentError,
    TransientError,
)
from comptoir.connectors.matrix.connector import Matrix

ME, LEA, ROOM = "@marque:exemple.fr", "@lea:exemple.fr", "!salon:exemple.fr"
CREDENTIALS = {"homeserver": "https://matrix.exemple.fr/", "access_token": "t0ken"}
OUTGOING = Outgoing(
    key="k1", queued_at=datetime(2026, 3, 2, 8, 15, tzinfo=UTC), text="Bonjour Léa", visibility="private",
    recipient=Author(id=LEA), thread_id=ROOM, parent_id="$e1", parent_visibility="private",
)  # fmt: skip
CUSTOM = {"room": ROOM}


class Far:
    """Answers each path as told, and remembers what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        assert request.headers["authorization"] == "Bearer t0ken"
        for part, said in self.answers.items():
            if part in request.url.path:
                said = said(request) if callable(said) else said
                return said if isinstance(said, httpx.Response) else httpx.Response(200, json=said)
        return refusal(404, "M_NOT_FOUND")

    def paths(self) -> list[str]:
        return [unquote(request.url.raw_path.decode().partition("?")[0]) for request in self.asked]


def refusal(status: int, code: str, **more: Any) -> httpx.Response:
    return httpx.Response(status, json={"errcode": code, "error": "no", **more})


def matrix(far: Any = None, credentials: dict[str, str] | None = None) -> Matrix:
    http = httpx.Client(transport=httpx.MockTransport(far or Far()))
    return Matrix(CREDENTIALS if credentials is None else credentials, http, own_id=ME)


# --- answering ----------------------------------------------------------------------------------------------------


def test_an_answer_is_put_under_a_transaction_of_its_own() -> None:
    far = Far(send=lambda request: {"event_id": f"${request.url.path[-1]}"})
    sent = matrix(far).send(OUTGOING)
    assert far.paths() == [f"/_matrix/client/v3/rooms/{ROOM}/send/m.room.message/k1-0"]
    assert far.asked[0].method == "PUT"
    assert json.loads(far.asked[0].content) == {"msgtype": "m.text", "body": "Bonjour Léa"}
    assert (sent.external_id, sent.thread_id, sent.custom) == ("$0", ROOM, CUSTOM)
    assert Matrix.resends_safely


def test_in_a_room_of_several_the_answer_names_what_it_answers_and_stays_in_its_thread() -> None:
    far = Far(send={"event_id": "$1"})
    public = dataclasses.replace(OUTGOING, visibility="public", parent_custom={"thread": "$root"})
    matrix(far).send(public)
    assert json.loads(far.asked[0].content)["m.relates_to"] == {
        "m.in_reply_to": {"event_id": "$e1"}, "rel_type": "m.thread", "event_id": "$root", "is_falling_back": False,
    }  # fmt: skip


def test_files_are_uploaded_and_shown_one_by_one() -> None:
    far = Far(upload={"content_uri": "mxc://exemple.fr/new"}, send=lambda request: {"event_id": request.url.path[-4:]})
    file = OutgoingFile("colis.png", "image/png", b"\x89PNG", "un colis")
    sent = matrix(far).send(dataclasses.replace(OUTGOING, files=(file,)))
    assert far.asked[0].content == b"\x89PNG"
    assert far.asked[0].headers["content-type"] == "image/png"
    shown = json.loads(far.asked[2].content)
    assert (shown["msgtype"], shown["url"], shown["body"], shown["filename"]) == (
        "m.image", "mxc://exemple.fr/new", "un colis", "colis.png",
    )  # fmt: skip
    assert (sent.external_id, sent.part_ids) == ("k1-0", ("k1-1",))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refusal(401, "M_UNKNOWN_TOKEN"), AuthError),
        (refusal(403, "M_USER_DEACTIVATED"), AuthError),
        (refusal(403, "M_FORBIDDEN"), PermanentError),
        (refusal(413, "M_TOO_LARGE"), PermanentError),
        (refusal(400, "M_BAD_JSON"), PermanentError),
        (refusal(502, "M_UNKNOWN"), TransientError),
        (httpx.Response(504, text="<html>"), TransientError),
    ],
)
def test_refusals_are_told_apart(answer: httpx.Response, error: type[Exception]) -> None:
    with pytest.raises(error):
        matrix(Far(send=answer)).send(OUTGOING)


def test_the_homeservers_wish_to_wait_is_read() -> None:
    with pytest.raises(TransientError) as raised:
        matrix(Far(send=refusal(429, "M_LIMIT_EXCEEDED", retry_after_ms=2500))).send(OUTGOING)
    assert raised.value.retry_after == timedelta(seconds=2.5)


def test_a_cut_connection_may_be_tried_again() -> None:
    def cut(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("cut")

    with pytest.raises(TransientError):
        matrix(cut).send(OUTGOING)


def test_an_edit_carries_the_new_text_and_names_the_old_message() -> None:
    far = Far(send={"event_id": "$2"})
    matrix(far).edit("$1", dataclasses.replace(OUTGOING, text="Corrigé"), CUSTOM)
    body = json.loads(far.asked[0].content)
    assert body["m.new_content"]["body"] == "Corrigé"
    assert body["m.relates_to"] == {"rel_type": "m.replace", "event_id": "$1"}


def test_taking_away_what_is_gone_is_a_success_and_needs_the_room() -> None:
    far = Far()
    matrix(far).delete("$1", CUSTOM)
    matrix(far).remove("$2", thread_id=ROOM)
    assert [path.rpartition("/")[0] for path in far.paths()] == [
        f"/_matrix/client/v3/rooms/{ROOM}/redact/$1", f"/_matrix/client/v3/rooms/{ROOM}/redact/$2",
    ]  # fmt: skip
    with pytest.raises(PermanentError, match="which room"):
        matrix().delete("$1", {})


def test_a_like_that_stands_is_a_success_and_ours_alone_is_taken_back() -> None:
    content = {"m.relates_to": {"key": "👍"}}
    reactions = [
        {"event_id": "$ours", "sender": ME, "content": content},
        {"event_id": "$hers", "sender": LEA, "content": content},
        {"event_id": "$other", "sender": ME, "content": {"m.relates_to": {"key": "🎉"}}},
    ]
    matrix(Far(relations={"chunk": []}, send=refusal(400, "M_DUPLICATE_ANNOTATION"))).like("$1", CUSTOM)
    far = Far(relations={"chunk": reactions}, redact={"event_id": "$r"})
    matrix(far).unlike("$1", CUSTOM)
    assert [path.split("/")[-2] for path in far.paths() if "redact" in path] == ["$ours"]


def test_a_like_that_was_taken_back_can_be_put_again() -> None:
    """A homeserver answers a transaction id that it knows as it did the first time, and does nothing."""
    far = Far(relations={"chunk": []}, send={"event_id": "$like"})
    matrix(far).like("$1", CUSTOM)
    matrix(far).unlike("$1", CUSTOM)
    matrix(far).like("$1", CUSTOM)
    put = [path for path in far.paths() if "/m.reaction/" in path]
    assert len(set(put)) == len(put) == 2


def test_an_edit_back_to_an_earlier_wording_is_an_edit_of_its_own() -> None:
    far = Far(send={"event_id": "$2"})
    for key, words in (("k1", "Corrigé"), ("k2", "Bonjour Léa"), ("k3", "Corrigé")):
        matrix(far).edit("$1", dataclasses.replace(OUTGOING, key=key, text=words), CUSTOM)
    assert len(set(far.paths())) == 3
    matrix(far).edit("$1", dataclasses.replace(OUTGOING, key="k3", text="Corrigé"), CUSTOM)  # after a cut
    assert len(set(far.paths())) == 3


def test_typing_is_shown() -> None:
    far = Far(typing={})
    matrix(far).signal(Author(), "typing", thread_id=ROOM)
    assert far.paths() == [f"/_matrix/client/v3/rooms/{ROOM}/typing/{ME}"]


@pytest.mark.parametrize(("chunk", "told"), [([{"event_id": "$e9"}], ["$e9"]), ([], [])], ids=["said", "empty"])
def test_what_stands_last_is_shown_as_read(chunk: list[dict[str, str]], told: list[str]) -> None:
    far = Far(messages={"chunk": chunk}, receipt={})
    matrix(far).signal(Author(), "read", thread_id=ROOM)
    assert [path.rpartition("/")[2] for path in far.paths() if "/receipt/m.read/" in path] == told


# --- listening ----------------------------------------------------------------------------------------------------


def said(number: int) -> dict[str, Any]:
    return {
        "type": "m.room.message", "event_id": f"$e{number}", "sender": LEA, "origin_server_ts": 1772439300000 + number,
        "content": {"msgtype": "m.text", "body": str(number)},
    }  # fmt: skip


def joined(*numbers: int, limited: bool = False) -> dict[str, Any]:
    timeline = {"events": [said(number) for number in numbers], "limited": limited, "prev_batch": "p"}
    return {ROOM: {"timeline": timeline}}


def texts(connector: Matrix, pages: Any) -> list[str | None]:
    return [event.text for page in pages for one in page.deliveries for event in connector.parse(one) if event.text]


TWO = {"joined": {ME: {}, LEA: {"display_name": "Léa"}}}
THREE = {"joined": {**TWO["joined"], "@tom:exemple.fr": {}}}


@pytest.mark.parametrize(("members", "visibility"), [(TWO, "private"), (THREE, "public")])
def test_a_room_of_two_is_private(members: dict[str, Any], visibility: str) -> None:
    syncs = iter([{"next_batch": "s2", "rooms": {"join": joined(1)}}, {"next_batch": "s2"}])
    connector = matrix(Far(sync=lambda request: next(syncs), joined_members=members))
    pages = list(connector.poll({"since": "s1"}))
    event = connector.parse(pages[0].deliveries[0])[0]
    assert (event.visibility, event.author.name, pages[0].cursor["since"]) == (visibility, "Léa", "s2")


@pytest.mark.parametrize(
    ("rules", "read_by", "is_closed"),
    [
        ("invite", "shared", True),
        (None, None, True),
        ("restricted", "joined", True),
        ("public", "shared", False),
        ("invite", "world_readable", False),
    ],
)
def test_who_reads_a_room_of_several_is_asked_of_the_room(
    rules: str | None, read_by: str | None, is_closed: bool
) -> None:
    syncs = iter([{"next_batch": "s2", "rooms": {"join": joined(1)}}, {"next_batch": "s2"}])
    states = {"join_rules": {"join_rule": rules}} if rules else {}
    states |= {"history_visibility": {"history_visibility": read_by}} if read_by else {}
    connector = matrix(Far(sync=lambda request: next(syncs), joined_members=THREE, **states))
    event = connector.parse(next(connector.poll({"since": "s1"})).deliveries[0])[0]
    assert (event.visibility, event.is_members_only) == ("public", is_closed)


def test_where_the_server_does_not_tell_everybody_is_said_to_read() -> None:
    syncs = iter([{"next_batch": "s2", "rooms": {"join": joined(1)}}, {"next_batch": "s2"}])
    refused = refusal(403, "M_FORBIDDEN")
    connector = matrix(Far(sync=lambda request: next(syncs), joined_members=THREE, join_rules=refused))
    assert not connector.parse(next(connector.poll({"since": "s1"})).deliveries[0])[0].is_members_only


IN_A_ROOM = NetworkEvent(EventKind.MESSAGE, "incoming", "public", external_id="$1", thread_id=ROOM)


def test_only_what_a_room_of_several_is_called_is_asked_for() -> None:
    assert matrix().lacks(IN_A_ROOM) == ["place"]
    assert matrix().lacks(dataclasses.replace(IN_A_ROOM, visibility="private")) == []


@pytest.mark.parametrize(
    ("states", "called"),
    [
        ({"m.room.name": {"name": "Entraide"}, "m.room.canonical_alias": {"alias": "#entraide:b"}}, "Entraide"),
        ({"m.room.name": {"name": ""}, "m.room.canonical_alias": {"alias": "#entraide:b"}}, "#entraide:b"),
        ({}, None),
        ({"m.room.name": refusal(403, "M_FORBIDDEN")}, None),
    ],
)
def test_a_room_is_called_by_its_name_or_by_its_address(states: dict[str, Any], called: str | None) -> None:
    assert matrix(Far(**states)).completed(IN_A_ROOM, ["place"]).subject == called


def test_what_a_sync_left_out_is_fetched_and_comes_first() -> None:
    syncs = iter([{"next_batch": "s2", "rooms": {"join": joined(5, limited=True)}}, {"next_batch": "s2"}])
    answers = {"p": {"chunk": [said(4), said(3)], "end": "q"}, "q": {"chunk": [said(2)]}}
    far = Far(sync=lambda request: next(syncs), joined_members=TWO, messages=lambda r: answers[r.url.params["from"]])
    connector = matrix(far)
    assert texts(connector, connector.poll({"since": "s1"})) == ["2", "3", "4", "5"]
    assert next(one for one in far.asked if "messages" in one.url.path).url.params["to"] == "s1"


@pytest.mark.parametrize(("joins", "wanted"), [("yes", 1), ("no", 0)])
def test_invitations_are_accepted_where_that_is_wanted(joins: str, wanted: int) -> None:
    syncs = iter([{"next_batch": "s2", "rooms": {"invite": {"!new:exemple.fr": {}}}}, {"next_batch": "s3"}])
    far = Far(**{"/sync": lambda request: next(syncs, {"next_batch": "s3"}), "/join": {"room_id": "!new:exemple.fr"}})
    list(matrix(far, {**CREDENTIALS, "joins": joins}).poll({"since": "s1"}))
    assert len([path for path in far.paths() if path.endswith("/rooms/!new:exemple.fr/join")]) == wanted


def test_history_goes_back_to_the_day_room_by_room_and_can_be_taken_up_again() -> None:
    old = {**said(1), "origin_server_ts": 1, "event_id": "$old"}
    answers = {"": {"chunk": [said(9)], "end": "q"}, "q": {"chunk": [said(8), old], "end": "r"}}
    far = Far(
        joined_rooms={"joined_rooms": [ROOM]}, joined_members=TWO,
        messages=lambda request: answers[request.url.params.get("from", "")],
    )  # fmt: skip
    connector = matrix(far)
    since = datetime(2026, 1, 1, tzinfo=UTC)
    pages = list(connector.history(since, {}))
    assert texts(connector, pages) == ["9", "8"]
    assert texts(connector, connector.history(since, pages[0].cursor)) == ["8"]
    assert list(connector.history(since, pages[-1].cursor)) == []


# --- the account --------------------------------------------------------------------------------------------------


def test_a_check_says_who_we_are_and_keeps_what_the_server_takes() -> None:
    far = Far(whoami={"user_id": ME}, profile={"displayname": "La Marque"}, config={"m.upload.size": 1000})
    connector = matrix(far)
    health = connector.check()
    assert (health.own_id, health.name) == (ME, "La Marque")
    renewed = connector.renewed_credentials()
    assert renewed is not None
    assert matrix(credentials=dict(renewed)).limits_here().max_file_bytes == 1000
    assert matrix().limits_here() == Matrix.limits


def test_files_are_had_from_our_own_server_with_our_token() -> None:
    source = matrix().locate("mxc://ailleurs.example:8448/a/b")
    assert source.url == ("https://matrix.exemple.fr/_matrix/client/v1/media/download/ailleurs.example:8448/a%2Fb")
    assert source.headers == {"Authorization": "Bearer t0ken"}
    for wrong in ("https://evil.example/x", "mxc://", "mxc://host"):
        with pytest.raises(PermanentError):
            matrix().locate(wrong)


@pytest.mark.parametrize(
    ("credentials", "error"), [({"homeserver": "x.example"}, AuthError), ({"access_token": "t"}, PermanentError)]
)
def test_what_is_missing_is_told(credentials: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        matrix(credentials=credentials).send(OUTGOING)
