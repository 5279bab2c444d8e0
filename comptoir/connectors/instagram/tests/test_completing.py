from __future__ import annotations

import json
from pathlib import Path

import pytest

from comptoir.connectors.base import Author, EventKind, NetworkEvent
from comptoir.connectors.instagram.tests.far_side import BY_PAGE, OURS, instagram
from tests.connectors.meta import Meta

FIXTURES = Path(__file__).parent.parent / "fixtures"
MENTION = NetworkEvent(
    EventKind.COMMENT, "incoming", "public", external_id="17967008497439572", custom={"mentioned_in": "179001"}
)


def recorded(name: str) -> object:
    return json.loads((FIXTURES / name).read_text("utf-8"))


@pytest.mark.parametrize(("credentials", "path"), [(None, "/me"), (BY_PAGE, f"/{OURS}")])
def test_a_mention_in_a_comment_gets_its_words_and_its_author(credentials: dict[str, str] | None, path: str) -> None:
    meta = Meta({f"GET {path}": recorded("mentioned_comment.json")})
    ours = instagram(meta, credentials)
    assert ours.lacks(MENTION) == ["words"]
    completed = ours.completed(MENTION, ["words"])
    assert (completed.text, completed.author.handle) == ("@lamaison merci", "lea.martin")
    assert meta.asked[0].url.params["fields"].startswith("mentioned_comment.comment_id(17967008497439572){id,text")


def test_a_mention_under_a_picture_gets_its_words_and_the_picture() -> None:
    meta = Meta({"GET /me": recorded("mentioned_media.json")})
    event = NetworkEvent(
        EventKind.POST, "incoming", "public", external_id="17889114512354744", custom={"mentioned_in": "x"}
    )
    completed = instagram(meta).completed(event, ["words"])
    assert (completed.text, len(completed.attachments)) == ("Chez @lamaison", 1)


def test_who_writes_in_private_is_named() -> None:
    meta = Meta({"GET /901": {"name": "Léa Martin", "username": "lea.martin", "id": "901"}})
    event = NetworkEvent(EventKind.MESSAGE, "incoming", "private", author=Author(id="901"))
    assert instagram(meta).lacks(event) == ["person"]
    assert instagram(meta).completed(event, ["person"]).author == Author("901", "lea.martin", "Léa Martin")


def test_a_comment_lacks_nothing() -> None:
    event = NetworkEvent(EventKind.COMMENT, "incoming", "public", text="Bonjour", author=Author("901", "lea.martin"))
    assert not instagram(Meta({})).lacks(event)
