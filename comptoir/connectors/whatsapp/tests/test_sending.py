"""What is sent, as the contract wants it, and what the network answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Author,
    FilledTemplate,
    PermanentError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.whatsapp.tests.far_side import (
    ACCEPTED,
    ANSWER,
    MEDIA,
    MESSAGES,
    QUEUED,
    bodies,
    contract,
    file,
    whatsapp,
)
from tests.connectors.meta import Meta, refusal, sent_json


def test_the_contract_refuses_what_is_not_in_it() -> None:
    body = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": "1", "type": "text"}
    assert list(contract("text").iter_errors({**body, "text": {"body": "x"}, "shout": True}))
    assert list(contract("text").iter_errors({**body, "text": {"body": 1}}))
    assert list(contract("text").iter_errors(body))


def test_a_text_is_sent_as_the_contract_wants_it() -> None:
    meta = Meta({MESSAGES: ACCEPTED})
    sent = whatsapp(meta).send(ANSWER)
    assert (sent.external_id, sent.thread_id) == ("wamid.1", "33600000001")
    assert bodies(meta) == [
        {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "33600000001",
            "type": "text",
            "text": {"body": "Elle part demain.", "preview_url": False},
        }
    ]


@pytest.mark.parametrize(
    ("sent_file", "kind"),
    [
        (file("a.jpg", "image/jpeg"), "image"),
        (file("a.mp4", "video/mp4"), "video"),
        (file("a.pdf", "application/pdf"), "document"),
        (file("a.gif", "image/gif"), "document"),
        (file("a.png", "image/png", 5_000_001), "document"),
    ],
)
def test_one_file_carries_the_text_as_its_caption(sent_file: Any, kind: Any) -> None:
    meta = Meta({MEDIA: {"id": "501"}, MESSAGES: ACCEPTED})
    whatsapp(meta).send(replace(ANSWER, files=(sent_file,)))
    (body,) = bodies(meta)
    assert body["type"] == kind
    named = {"filename": sent_file.name} if kind == "document" else {}
    assert body[kind] == {"id": "501", "caption": "Elle part demain.", **named}
    assert b'name="messaging_product"\r\n\r\nwhatsapp' in meta.asked[0].content


def test_a_sound_and_several_files_follow_the_text() -> None:
    answers = [{**ACCEPTED, "messages": [{"id": f"wamid.{number}"}]} for number in (1, 2, 3)]
    meta = Meta({MEDIA: [{"id": "501"}, {"id": "502"}], MESSAGES: answers})
    sent = whatsapp(meta).send(replace(ANSWER, files=(file("a.ogg", "audio/ogg"), file("a.jpg", "image/jpeg"))))
    assert (sent.external_id, sent.part_ids) == ("wamid.1", ("wamid.2", "wamid.3"))
    assert [body["type"] for body in bodies(meta)] == ["text", "audio", "image"]


def test_a_refused_file_leaves_nothing_half_sent() -> None:
    meta = Meta({MEDIA: refusal(131053, said="Media upload error")})
    with pytest.raises(PermanentError, match="Media upload error"):
        whatsapp(meta).send(replace(ANSWER, files=(file("a.jpg", "image/jpeg"),)))


def test_what_was_cut_after_a_part_is_put_to_a_person() -> None:
    meta = Meta({MEDIA: {"id": "501"}, MESSAGES: [ACCEPTED, refusal(131056)]})
    with pytest.raises(PermanentError, match="Only 1 of the 2 messages"):
        whatsapp(meta).send(replace(ANSWER, files=(file("a.ogg", "audio/ogg"),)))


def test_somebody_without_a_number_is_addressed_by_the_business_s_own_id() -> None:
    meta = Meta({MESSAGES: {"contacts": [{"user_id": "FR.1349120"}], "messages": [{"id": "wamid.1"}]}})
    sent = whatsapp(meta).send(replace(ANSWER, recipient=Author(id="FR.1349120"), thread_id="FR.1349120"))
    body = sent_json(meta.asked[0])
    assert body["recipient"] == "FR.1349120"
    assert "to" not in body
    assert sent.thread_id == "FR.1349120"


def test_after_a_day_only_a_template_is_sent() -> None:
    late = replace(ANSWER, customer_wrote_at=QUEUED - timedelta(hours=25))
    with pytest.raises(PermanentError, match="approved template"):
        whatsapp(Meta({})).send(late)
    meta = Meta({MESSAGES: ACCEPTED})
    whatsapp(meta).send(replace(late, template=FilledTemplate("bonjour", "fr")))
    (body,) = bodies(meta)
    assert body["template"] == {"name": "bonjour", "language": {"policy": "deterministic", "code": "fr"}}


def test_a_like_is_an_emoji_under_the_message() -> None:
    meta = Meta({MESSAGES: ACCEPTED})
    whatsapp(meta).like("wamid.9", {"from": "33600000001"})
    whatsapp(meta).unlike("wamid.9", {"from": "33600000001"})
    assert [body["reaction"] for body in bodies(meta)] == [
        {"message_id": "wamid.9", "emoji": "👍"},
        {"message_id": "wamid.9", "emoji": ""},
    ]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refusal(190, status=401), AuthError),
        (refusal(0, status=401), AuthError),
        (refusal(131005, status=403), AuthError),
        (refusal(130429, status=429), TransientError),
        (refusal(131056), TransientError),
        (refusal(131048), TransientError),
        (refusal(80007), TransientError),
        (refusal(131016, status=503), TransientError),
        (refusal(131057, status=500), TransientError),
        (refusal(131000, status=500), UncertainError),
        (refusal(2, status=503), UncertainError),
        (refusal(131026), PermanentError),
        (refusal(131047), PermanentError),
        (refusal(131051), PermanentError),
        (refusal(132000), PermanentError),
        (refusal(133010), PermanentError),
        (refusal(368), PermanentError),
        (httpx.ReadTimeout("cut"), UncertainError),
        (httpx.ConnectError("away"), TransientError),
        ({"messages": []}, UncertainError),
    ],
)
def test_what_the_network_answers_says_what_may_be_done_next(answer: Any, error: Any) -> None:
    with pytest.raises(error):
        whatsapp(Meta({MESSAGES: answer})).send(ANSWER)


def test_too_many_messages_to_one_customer_wait_seconds_only() -> None:
    with pytest.raises(TransientError) as caught:
        whatsapp(Meta({MESSAGES: refusal(131056)})).send(ANSWER)
    assert caught.value.retry_after == timedelta(seconds=10)


def test_details_are_quoted() -> None:
    answer = refusal(131009, said="(#131009)", error_data={"details": "The text is too long."})
    with pytest.raises(PermanentError, match="The text is too long"):
        whatsapp(Meta({MESSAGES: answer})).send(ANSWER)


def test_up_to_three_short_choices_are_buttons() -> None:
    meta = Meta({MESSAGES: ACCEPTED})
    whatsapp(meta).send(replace(ANSWER, choices=("Oui", "Non")))
    (body,) = bodies(meta)
    assert body["interactive"] == {
        "type": "button",
        "body": {"text": "Elle part demain."},
        "action": {
            "buttons": [
                {"type": "reply", "reply": {"id": "1", "title": "Oui"}},
                {"type": "reply", "reply": {"id": "2", "title": "Non"}},
            ]
        },
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"choices": ("un", "deux", "trois", "quatre")},
        {"choices": ("vingt et une lettres.",)},
    ],
)
def test_more_or_longer_choices_are_a_list(changed: dict[str, Any]) -> None:
    meta = Meta({MESSAGES: ACCEPTED})
    whatsapp(meta).send(replace(ANSWER, language="fr", **changed))
    (body,) = bodies(meta)
    assert (body["interactive"]["type"], body["interactive"]["action"]["button"]) == ("list", "Choisir")
    rows = body["interactive"]["action"]["sections"][0]["rows"]
    assert [row["title"] for row in rows] == list(changed["choices"])


def test_choices_come_after_the_files_and_want_a_text() -> None:
    meta = Meta({MESSAGES: ACCEPTED, MEDIA: {"id": "9"}})
    whatsapp(meta).send(replace(ANSWER, files=(file("a.jpg", "image/jpeg"),), choices=("Oui",)))
    assert [body["type"] for body in bodies(meta)] == ["image", "interactive"]
    with pytest.raises(PermanentError, match="text"):
        whatsapp(Meta({})).send(replace(ANSWER, text="", choices=("Oui",)))
