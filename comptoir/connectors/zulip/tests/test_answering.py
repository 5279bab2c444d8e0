"""Answering, looking up, changing, the account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from comptoir.connectors.base import (
    Author,
    Outgoing,
    OutgoingFile,
    PermanentError,
    UncertainError,
)
from comptoir.connectors.zulip.connector import Zulip
from comptoir.connectors.zulip.tests.far_side import BOT, CREDENTIALS, NOW, SITE, Server, success


def reply(text: str = "Bonjour", **more: Any) -> Outgoing:
    kept = {"key": "k1", "queued_at": NOW, "visibility": "private", "recipient": Author(id="12")} | more
    return Outgoing(text=text, **kept)


def public(parent: dict[str, Any], text: str = "Bonjour", **more: Any) -> Outgoing:
    custom = {"channel": "1", "topic": parent["subject"]}
    return reply(
        text, visibility="public", parent_id=str(parent["id"]), parent_visibility="public", parent_custom=custom, **more
    )


def sent_form(server: Server) -> dict[str, str]:
    return dict(parse_qsl(server.calls[-1].content.decode(), keep_blank_values=True))


def test_a_private_reply_goes_to_all_of_the_exchange(server: Server) -> None:
    sent = server.connector().send(reply(parent_visibility="private", parent_custom={"to": ["12", "13", "26"]}))
    assert sent_form(server)["to"] == "[12, 13]"
    assert (sent.external_id, sent.thread_id, sent.sent_at) == ("100", "dm/12,13,26", NOW)


def test_a_public_message_can_be_answered_privately(server: Server) -> None:
    server.connector().send(reply(parent_visibility="public", parent_id="5", thread_id="1/test"))
    assert sent_form(server) == {"type": "direct", "to": "[12]", "content": "Bonjour", "read_by_sender": "true"}


def test_a_thread_alone_says_to_whom(server: Server) -> None:
    server.connector().send(reply(thread_id="dm/12,26", recipient=Author()))
    assert sent_form(server)["to"] == "[12]"
    with pytest.raises(PermanentError):
        server.connector().send(reply(recipient=Author(id="Léa")))


def test_a_public_reply_follows_its_topic(server: Server) -> None:
    said = server.says("où ?")
    outgoing = public(said)
    said["subject"] = "✔ test"
    sent = server.connector().send(outgoing)
    assert {key: sent_form(server)[key] for key in ("type", "to", "topic")} == {
        "type": "stream", "to": "1", "topic": "✔ test"
    }  # fmt: skip
    assert sent.thread_id == "1/test"


def test_a_public_reply_to_what_is_gone_goes_where_it_was(server: Server) -> None:
    said = server.says("où ?", topic="Avant")
    server.stored.clear()
    server.connector().send(public(said))
    assert sent_form(server)["topic"] == "Avant"
    server.connector().send(reply(visibility="public", thread_id="1/avant"))
    assert sent_form(server)["topic"] == "avant"
    with pytest.raises(PermanentError):
        server.connector().send(reply(visibility="public"))


def test_files_are_links_below_the_text(server: Server) -> None:
    file = OutgoingFile("reçu [1].pdf", "application/pdf", b"%PDF")
    sent = server.connector().send(reply("Voici :", files=(file,)))
    assert b"%PDF" in server.calls[0].content
    assert sent_form(server)["content"] == "Voici :\n\n[reçu _1_.pdf](/user_uploads/2/1/recu.pdf)"
    assert sent.custom == {"files": ["[reçu _1_.pdf](/user_uploads/2/1/recu.pdf)"]}


def test_what_zulip_would_cut_is_not_sent(server: Server) -> None:
    with pytest.raises(PermanentError):
        server.connector().send(reply("a" * 9_990, files=(OutgoingFile("a.txt", "text/plain", b"a"),)))
    assert all(call.url.path != "/api/v1/messages" for call in server.calls)


def test_a_cut_connection_is_looked_into(server: Server) -> None:
    outgoing = reply("Voici", files=(OutgoingFile("a.txt", "text/plain", b"a"),))
    assert server.connector().find_sent(outgoing) is None
    link = server.connector().send(outgoing).custom["files"]
    found = server.connector().find_sent(outgoing)
    assert found is not None
    assert (found.external_id, found.custom["files"], found.thread_id) == ("100", link, "dm/12,26")
    assert server.connector().find_sent(reply("Autre")) is None


def test_the_same_words_before_or_by_others_are_not_what_was_sent(server: Server) -> None:
    server.says("Voici", to=[26, 12])["raw"] = "Voici"
    assert server.connector().find_sent(reply("Voici")) is None
    server.connector().send(reply("Voici"))
    assert server.connector().find_sent(reply("Voici", queued_at=NOW + timedelta(hours=1))) is None
    assert server.connector().find_sent(reply("Voici", queued_at=NOW + timedelta(minutes=1))) is not None


def test_the_answer_to_a_sent_message_may_be_lost(server: Server) -> None:
    said = server.says("où ?")
    server.failing, server.takes_before_failing = httpx.ReadTimeout("late"), True
    with pytest.raises(UncertainError):
        server.connector().send(public(said))
    found = server.connector().find_sent(public(said))
    assert found is not None
    assert found.external_id == "101"
    assert server.connector().find_sent(public(said, related_ids=("101",))) is None  # another reply of the same words


def test_too_much_to_look_through_is_said(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.connectors.zulip.connector._LOOKED_THROUGH", 1)
    for text in ("un", "deux"):
        server.connector().send(reply(text))
    with pytest.raises(UncertainError):
        server.connector().find_sent(reply("un"))


def test_an_answer_without_an_id_is_uncertain(server: Server) -> None:
    server.failing, server.takes_before_failing = success(), True
    with pytest.raises(UncertainError):
        server.connector().send(reply())


def test_an_edit_keeps_the_files(server: Server) -> None:
    sent = server.connector().send(reply("Voici", files=(OutgoingFile("a.txt", "text/plain", b"a"),)))
    server.connector().edit(sent.external_id, reply("Voilà"), sent.custom)
    assert server.stored[0]["content"] == f"Voilà\n\n{sent.custom['files'][0]}"


def test_a_message_is_deleted_once(server: Server) -> None:
    sent = server.connector().send(reply())
    server.may_delete = False
    with pytest.raises(PermanentError, match="permission"):
        server.connector().delete(sent.external_id, {})
    server.may_delete = True
    server.connector().delete(sent.external_id, {})
    server.connector().delete(sent.external_id, {})
    assert server.stored == []


def test_likes_are_there_once_or_not(server: Server) -> None:
    said = str(server.says("merci")["id"])
    for _time in range(2):
        server.connector().like(said, {})
    assert server.reactions == {(said, "+1")}
    for _time in range(2):
        server.connector().unlike(said, {})
    assert server.reactions == set()
    with pytest.raises(PermanentError):
        server.connector().like("1", {})


def test_a_file_is_asked_for_by_its_place(server: Server) -> None:
    source = server.connector().locate(f"{SITE}/user_uploads/2/ab/re%C3%A7u.pdf")
    assert source.url.startswith(f"{SITE}/user_uploads/temporary/")
    assert server.calls[0].url.raw_path == b"/api/v1/user_uploads/2/ab/re%C3%A7u.pdf"
    assert server.connector().locate("https://x.fr/a.png").url == "https://x.fr/a.png"
    assert len(server.calls) == 1


def test_check_says_who_we_are_and_what_is_missing(server: Server) -> None:
    health = server.connector().check()
    assert (health.own_id, health.handle, health.name, health.remarks) == ("26", BOT["email"], "Marque", ())
    server.subscriptions = []
    assert len(server.connector().check().remarks) == 1
    server.failing = httpx.Response(200, text="<html>", headers={"content-type": "text/html"})
    with pytest.raises(PermanentError):
        server.connector().check()
    with pytest.raises(PermanentError):
        Zulip(CREDENTIALS | {"site": "http://chat.example.fr"}, server.http).check()
