"""Answering, looking up, changing, liking."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Author,
    OutgoingFile,
    PermanentError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.mastodon.tests.far_side import OUTGOING, POSTED, Far, mastodon, own


def test_an_answer_names_its_customer_and_keeps_visibility_and_warning() -> None:
    far = Far(statuses=POSTED)
    sent = mastodon(far).send(OUTGOING)
    request = far.asked[0]
    assert (str(request.url), request.method) == ("https://example.org/api/v1/statuses", "POST")
    assert request.headers["authorization"] == "Bearer t0ken"
    assert request.headers["idempotency-key"] == OUTGOING.key
    assert json.loads(request.content) == {
        "status": "@lea@ailleurs.example Bonjour Léa", "visibility": "unlisted", "in_reply_to_id": "20",
        "spoiler_text": "colis", "sensitive": False, "language": "fr",
    }  # fmt: skip
    assert (sent.external_id, sent.url) == ("77", "https://example.org/@marque/77")
    assert sent.sent_at == datetime(2026, 3, 2, 8, 15, 2, tzinfo=UTC)


@pytest.mark.parametrize("said", ["direct", "private", "public"])
def test_a_private_answer_goes_to_the_named_alone(said: str) -> None:
    far = Far(statuses=POSTED)
    mastodon(far).send(dataclasses.replace(OUTGOING, visibility="private", parent_custom={"visibility": said}))
    assert json.loads(far.asked[0].content)["visibility"] == "direct"
    assert json.loads(far.asked[0].content)["status"].startswith("@lea@ailleurs.example ")


def test_a_name_that_is_there_already_is_not_said_twice() -> None:
    far = Far(statuses=POSTED)
    mastodon(far).send(dataclasses.replace(OUTGOING, text="Bonjour @Lea@ailleurs.example."))
    assert json.loads(far.asked[0].content)["status"] == "Bonjour @Lea@ailleurs.example."


def test_a_private_message_to_nobody_is_refused_here() -> None:
    nobody = dataclasses.replace(OUTGOING, visibility="private", recipient=Author(id="2"), parent_custom={})
    with pytest.raises(PermanentError, match="Nobody is named"):
        mastodon(Far()).send(nobody)


def test_images_are_uploaded_with_what_they_show() -> None:
    far = Far(v2__media={"id": "m1"}, statuses=POSTED)
    file = OutgoingFile("colis.png", "image/png", b"\x89PNG", alt_text="un colis")
    mastodon(far).send(dataclasses.replace(OUTGOING, files=(file,)))
    assert b'name="description"' in far.asked[0].content
    assert b"un colis" in far.asked[0].content
    assert json.loads(far.asked[1].content)["media_ids"] == ["m1"]


def test_links_count_23_and_hosts_of_mentions_nothing() -> None:
    far = Far(statuses=POSTED)
    most = "x" * (500 - len("@lea ") - 24) + " https://exemple.fr/" + "a" * 200
    mastodon(far).send(dataclasses.replace(OUTGOING, text=most))
    with pytest.raises(PermanentError, match="501"):
        mastodon(far).send(dataclasses.replace(OUTGOING, text="x" + most))
    assert len(far.asked) == 1


@pytest.mark.parametrize(
    ("status", "error", "wanted"),
    [
        (401, "The access token is invalid", AuthError),
        (403, "Your login is currently disabled", AuthError),
        (403, "This action is outside the authorized scopes", PermanentError),
        (404, "Record not found", PermanentError),
        (422, "Validation failed: Text character limit of 500 exceeded", PermanentError),
        (429, "Too many requests", TransientError),
        (503, "Service Unavailable", UncertainError),
    ],
)
def test_refusals_are_told_apart(status: int, error: str, wanted: type[Exception]) -> None:
    with pytest.raises(wanted):
        mastodon(Far(statuses=httpx.Response(status, json={"error": error}))).send(OUTGOING)


def test_the_instant_of_the_next_try_is_read() -> None:
    headers = {"X-RateLimit-Reset": "2026-03-02T08:20:00.123456Z", "Date": "Mon, 02 Mar 2026 08:15:00 GMT"}
    with pytest.raises(TransientError) as raised:
        mastodon(Far(statuses=httpx.Response(429, headers=headers))).send(OUTGOING)
    assert raised.value.retry_after is not None
    assert raised.value.retry_after // timedelta(seconds=1) == 300


def test_a_cut_connection_leaves_it_uncertain() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("cut")

    with pytest.raises(UncertainError):
        mastodon(answer).send(OUTGOING)


def test_an_interrupted_answer_is_found_by_its_place_and_its_very_text() -> None:
    far = Far(
        **{
            "accounts__1__statuses": [own("79", in_reply_to_id=None), own("78"), own("77")],
            "78__source": {"id": "78", "text": "autre chose"},
            "77__source": {"id": "77", "text": "@lea@ailleurs.example Bonjour Léa"},
        }
    )
    found = mastodon(far).find_sent(OUTGOING)
    assert found is not None
    assert found.external_id == "77"


def test_an_answer_that_never_arrived_is_not_found() -> None:
    older = own("60", created_at="2026-03-02T07:00:00.000Z")
    assert mastodon(Far(accounts__1__statuses=[older])).find_sent(OUTGOING) is None
    assert mastodon(Far(accounts__1__statuses=[])).find_sent(OUTGOING) is None


def test_a_search_that_does_not_reach_far_enough_is_uncertain() -> None:
    with pytest.raises(UncertainError):
        mastodon(Far(accounts__1__statuses=[own("79", in_reply_to_id=None)])).find_sent(OUTGOING)


def test_an_edit_keeps_files_and_warning() -> None:
    standing = {**POSTED, "spoiler_text": "colis", "media_attachments": [{"id": "m1"}], "language": "fr"}
    far = Far(statuses__77=standing)
    mastodon(far).edit("77", dataclasses.replace(OUTGOING, text="Corrigé"), {"mention": "lea@ailleurs.example"})
    assert far.asked[1].method == "PUT"
    assert json.loads(far.asked[1].content) == {
        "status": "@lea@ailleurs.example Corrigé", "spoiler_text": "colis", "sensitive": False, "media_ids": ["m1"],
        "language": "fr",
    }  # fmt: skip


def test_deleting_what_is_gone_is_a_success() -> None:
    far = Far()
    mastodon(far).delete("77", {})
    assert (far.asked[0].method, far.asked[0].url.path) == ("DELETE", "/api/v1/statuses/77")


def test_likes_are_given_and_taken_back() -> None:
    far = Far(favourite=POSTED, unfavourite=POSTED)
    mastodon(far).like("20", {})
    mastodon(far).unlike("20", {})
    assert [request.url.path for request in far.asked] == [
        "/api/v1/statuses/20/favourite", "/api/v1/statuses/20/unfavourite",
    ]  # fmt: skip
