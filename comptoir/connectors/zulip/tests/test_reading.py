"""What messages say, and who wrote them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from comptoir.connectors.base import (
    Delivery,
    EventKind,
    PayloadError,
)
from comptoir.connectors.zulip.connector import Zulip
from comptoir.connectors.zulip.content import emoji_of, read_content, upload_path
from comptoir.connectors.zulip.tests.far_side import BOT, SITE, Server, event

LEA = {"id": 12, "email": "user12@chat.example.fr", "full_name": "Léa"}


def channel_message(**more: Any) -> dict[str, Any]:
    message = {"id": 7, "type": "stream", "stream_id": 1, "subject": "Où est v1.2 ?", "sender_id": 12, "timestamp": 1,
               "content": "<p>Ici</p>"}  # fmt: skip
    return {"type": "message", "id": 0, "flags": [], "message": message | more}


def test_a_message_knows_its_page_and_what_an_answer_needs() -> None:
    read = event(channel_message(avatar_url="/user_avatars/2/a.png"))
    assert read.url == f"{SITE}/#narrow/stream/1/topic/O.C3.B9.20est.20v1.2E2.20.3F/near/7"
    assert read.custom == {"channel": "1", "topic": "Où est v1.2 ?"}
    assert read.author.avatar_url == f"{SITE}/user_avatars/2/a.png"
    assert not read.automatic


def test_people_are_numbered_by_each_server() -> None:
    assert Server().connector().people_scope() == SITE
    assert Zulip({}, httpx.Client()).people_scope() == ""


def test_an_echo_of_a_private_reply_names_the_other_one() -> None:
    people = [LEA, {"id": 26, "email": BOT["email"], "full_name": "Marque"}]
    read = event(channel_message(type="private", stream_id=None, display_recipient=people, sender_id=26, subject=""))
    assert (read.direction, read.counterpart.id, read.counterpart.name) == ("outgoing", "12", "Léa")
    assert read.custom == {"to": ["12", "26"]}


def test_only_mentions_are_heard_where_that_is_wanted() -> None:
    said = channel_message()
    assert event(said, listen="Mentions").event is EventKind.IGNORED
    assert event(said | {"flags": ["mentioned"]}, listen="mentions").event is EventKind.MESSAGE
    assert event(channel_message(sender_id=26), listen="mentions").direction == "outgoing"


def test_the_servers_own_bots_are_no_persons() -> None:
    assert event(channel_message(client="Internal")).automatic


def test_reactions_are_signs_or_names() -> None:
    of = {"type": "reaction", "op": "add", "message_id": 7, "user_id": 12, "emoji_name": "tada"}
    assert event(of | {"reaction_type": "unicode_emoji", "emoji_code": "1f389"}).reaction == "🎉"
    gone = event(of | {"op": "remove", "reaction_type": "realm_emoji", "emoji_code": "3"})
    assert (gone.reaction, gone.reaction_removed) == (":tada:", True)


@pytest.mark.parametrize("body", [b'{"result": "error", "msg": "x"}', b"[1]", b"{}", b"no"])
def test_what_is_not_zulips_is_refused(body: bytes) -> None:
    with pytest.raises(PayloadError):
        Server().connector().parse(Delivery(body))


def test_nothing_new_is_nothing() -> None:
    assert Server().connector().parse(Delivery(b'{"result": "success", "events": []}')) == []


def test_a_quotation_is_folded_away_and_names_what_it_answers() -> None:
    said = (
        '<p><span class="user-mention silent" data-user-id="3">Ana</span> <a href="/#narrow/dm/3/near/88">said</a>:</p>'
        "<blockquote><p>Alors ?</p></blockquote>"
    )
    read = read_content(f"{said}<p>Voilà.</p>", SITE)
    assert (read.text, read.quoted, read.answered) == ("Voilà.", "Alors ?", "88")
    assert read_content(said, SITE).text == "Ana said:\n\nAlors ?"
    assert read_content("<blockquote><p>Alors ?</p></blockquote><p>Non</p>", SITE).answered is None


def test_previews_are_not_what_somebody_said() -> None:
    said = '<p><a href="https://x.fr">x</a></p><div class="message_embed"><div>Titre</div></div>'
    assert read_content(said, SITE).text == "x"


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/user_uploads/2/ab/a.png", "2/ab/a.png"),
        ("user_uploads/2/ab/a.png", "2/ab/a.png"),
        (f"{SITE}/user_uploads/2/ab/a.png", "2/ab/a.png"),
        ("https://elsewhere.fr/user_uploads/2/ab/a.png", None),
        ("/user_uploads/2/../../api/v1/users", None),
        ("/user_uploads/thumbnail/2/a.png", None),
        ("/user_uploads/2/a.png?x=1", None),
    ],
)
def test_only_the_servers_own_uploads_are_files(address: str, path: str | None) -> None:
    assert upload_path(address, SITE) == path


@pytest.mark.parametrize(("code", "sign"), [("1f44d", "👍"), ("1f1eb-1f1f7", "🇫🇷"), ("d800", None), ("zulip", None)])
def test_emoji_are_named_by_their_numbers(code: str, sign: str | None) -> None:
    assert emoji_of(code) == sign
