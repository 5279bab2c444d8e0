from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from comptoir.connectors.base import (
    Addressee,
    AuthError,
    Author,
    Call,
    Delivery,
    EventKind,
    FilledTemplate,
    HookRequest,
    MessageTemplate,
    Outgoing,
    OutgoingFile,
    PermanentError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.whatsapp.connector import WhatsApp
from tests.connectors.meta import Meta, challenge, delivered, refusal, sent_json

FIXTURES = Path(__file__).parent / "fixtures"
NUMBER, ACCOUNT = "106540352242922", "102290129340398"
CREDENTIALS = {
    "access_token": "EAAG",
    "phone_number_id": NUMBER,
    "waba_id": ACCOUNT,
    "client_secret": "s3cret",
    "verify_token": "phrase",
}
QUEUED = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
ANSWER = Outgoing(
    key="k-1",
    queued_at=QUEUED,
    text="Elle part demain.",
    visibility="private",
    recipient=Author(id="33600000001"),
    thread_id="33600000001",
    customer_wrote_at=QUEUED - timedelta(hours=1),
)
MESSAGES, MEDIA = f"POST /{NUMBER}/messages", f"POST /{NUMBER}/media"
ACCEPTED = {
    "messaging_product": "whatsapp",
    "contacts": [{"input": "33600000001", "wa_id": "33600000001"}],
    "messages": [{"id": "wamid.1"}],
}


def whatsapp(meta: Meta, **credentials: str) -> WhatsApp:
    return WhatsApp({**CREDENTIALS, **credentials}, meta.client(), own_id=NUMBER)


def file(name: str, mime_type: str, size: int = 3) -> OutgoingFile:
    return OutgoingFile(name, mime_type, bytes(size))


# --- Meta's contract ----------------------------------------------------------------------------------------------


def contract(message_type: str) -> Draft202012Validator:
    """The published schema of one type of message.

    It joins common and own properties by allOf and forbids any others within the latter alone, which nothing could
    fulfil; read as meant, nothing beyond both is allowed.
    """
    document = json.loads((FIXTURES / "contract_v23.json").read_text())
    schemas = document["components"]["schemas"]
    name = f"{message_type.capitalize()}Message"
    own = schemas[name]["allOf"][1]
    own.pop("additionalProperties", None)
    schemas[name]["unevaluatedProperties"] = False
    return Draft202012Validator({**document, "$ref": f"#/components/schemas/{name}"})


def bodies(meta: Meta) -> list[dict[str, Any]]:
    """What was sent, each checked against the contract."""
    found = [sent_json(one) for one in meta.asked if one.url.path.endswith("/messages")]
    for body in found:
        assert list(contract(body["type"]).iter_errors(body)) == []
    return found


def test_the_contract_refuses_what_is_not_in_it():
    body = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": "1", "type": "text"}
    assert list(contract("text").iter_errors({**body, "text": {"body": "x"}, "shout": True}))
    assert list(contract("text").iter_errors({**body, "text": {"body": 1}}))
    assert list(contract("text").iter_errors(body))


def test_a_text_is_sent_as_the_contract_wants_it():
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
def test_one_file_carries_the_text_as_its_caption(sent_file, kind):
    meta = Meta({MEDIA: {"id": "501"}, MESSAGES: ACCEPTED})
    whatsapp(meta).send(replace(ANSWER, files=(sent_file,)))
    (body,) = bodies(meta)
    assert body["type"] == kind
    named = {"filename": sent_file.name} if kind == "document" else {}
    assert body[kind] == {"id": "501", "caption": "Elle part demain.", **named}
    assert b'name="messaging_product"\r\n\r\nwhatsapp' in meta.asked[0].content


def test_a_sound_and_several_files_follow_the_text():
    answers = [{**ACCEPTED, "messages": [{"id": f"wamid.{number}"}]} for number in (1, 2, 3)]
    meta = Meta({MEDIA: [{"id": "501"}, {"id": "502"}], MESSAGES: answers})
    sent = whatsapp(meta).send(replace(ANSWER, files=(file("a.ogg", "audio/ogg"), file("a.jpg", "image/jpeg"))))
    assert (sent.external_id, sent.part_ids) == ("wamid.1", ("wamid.2", "wamid.3"))
    assert [body["type"] for body in bodies(meta)] == ["text", "audio", "image"]


def test_a_refused_file_leaves_nothing_half_sent():
    meta = Meta({MEDIA: refusal(131053, said="Media upload error")})
    with pytest.raises(PermanentError, match="Media upload error"):
        whatsapp(meta).send(replace(ANSWER, files=(file("a.jpg", "image/jpeg"),)))


def test_what_was_cut_after_a_part_is_put_to_a_person():
    meta = Meta({MEDIA: {"id": "501"}, MESSAGES: [ACCEPTED, refusal(131056)]})
    with pytest.raises(PermanentError, match="Only 1 of the 2 messages"):
        whatsapp(meta).send(replace(ANSWER, files=(file("a.ogg", "audio/ogg"),)))


def test_somebody_without_a_number_is_addressed_by_the_business_s_own_id():
    meta = Meta({MESSAGES: {"contacts": [{"user_id": "FR.1349120"}], "messages": [{"id": "wamid.1"}]}})
    sent = whatsapp(meta).send(replace(ANSWER, recipient=Author(id="FR.1349120"), thread_id="FR.1349120"))
    body = sent_json(meta.asked[0])
    assert body["recipient"] == "FR.1349120"
    assert "to" not in body
    assert sent.thread_id == "FR.1349120"


def test_after_a_day_only_a_template_is_sent():
    late = replace(ANSWER, customer_wrote_at=QUEUED - timedelta(hours=25))
    with pytest.raises(PermanentError, match="approved template"):
        whatsapp(Meta({})).send(late)
    meta = Meta({MESSAGES: ACCEPTED})
    whatsapp(meta).send(replace(late, template=FilledTemplate("bonjour", "fr")))
    (body,) = bodies(meta)
    assert body["template"] == {"name": "bonjour", "language": {"policy": "deterministic", "code": "fr"}}


def test_a_like_is_an_emoji_under_the_message():
    meta = Meta({MESSAGES: ACCEPTED})
    whatsapp(meta).like("wamid.9", {"from": "33600000001"})
    whatsapp(meta).unlike("wamid.9", {"from": "33600000001"})
    assert [body["reaction"] for body in bodies(meta)] == [
        {"message_id": "wamid.9", "emoji": "👍"},
        {"message_id": "wamid.9", "emoji": ""},
    ]


# --- templates ----------------------------------------------------------------------------------------------------


def template(name: str, body: str, *others: dict[str, Any], **more: Any) -> dict[str, Any]:
    components = [{"type": "BODY", "text": body}, *others]
    return {"name": name, "language": "fr", "status": "APPROVED", "components": components, **more}


TEMPLATES = f"GET /{ACCOUNT}/message_templates"


def test_templates_are_listed_page_by_page_with_their_blanks():
    following = f"https://graph.facebook.com/v23.0/{ACCOUNT}/message_templates?after=x"
    suivi = template("suivi", "Bonjour {{1}}, {{2}} part demain.", {"type": "FOOTER", "text": "La Maison"})
    unsendable = [
        template("image", "x", {"type": "HEADER", "format": "IMAGE"}),
        template("titre", "x", {"type": "HEADER", "format": "TEXT", "text": "{{1}}"}),
        template("lien", "x", {"type": "BUTTONS", "buttons": [{"type": "URL", "url": "https://x.example/{{1}}"}]}),
        template("code", "x", {"type": "BUTTONS", "buttons": [{"type": "COPY_CODE"}]}),
    ]
    pages = [{"data": [suivi], "paging": {"next": following}}, {"data": [*unsendable, template("bonjour", "Bonjour")]}]
    assert whatsapp(Meta({TEMPLATES: pages})).templates() == [
        MessageTemplate("bonjour", "fr", "Bonjour", 0, "APPROVED"),
        MessageTemplate("suivi", "fr", "Bonjour {{1}}, {{2}} part demain.\n\nLa Maison", 2, "APPROVED"),
    ]


def test_numbered_blanks_are_filled_in_their_order():
    meta = Meta({TEMPLATES: {"data": [template("suivi", "{{2}} pour {{1}}")]}, MESSAGES: ACCEPTED})
    whatsapp(meta).send(replace(ANSWER, template=FilledTemplate("suivi", "fr", ("Léa", "Lampe"))))
    (body,) = bodies(meta)
    assert body["template"]["components"] == [
        {"type": "body", "parameters": [{"type": "text", "text": "Léa"}, {"type": "text", "text": "Lampe"}]}
    ]


def test_named_blanks_are_filled_by_name():
    named = template("suivi", "Bonjour {{prenom}}, {{objet}}", parameter_format="NAMED")
    meta = Meta({TEMPLATES: {"data": [named]}, MESSAGES: ACCEPTED})
    whatsapp(meta).send(replace(ANSWER, template=FilledTemplate("suivi", "fr", ("Léa", "Lampe"))))
    (parameters,) = [one["parameters"] for one in sent_json(meta.asked[1])["template"]["components"]]
    assert [one["parameter_name"] for one in parameters] == ["prenom", "objet"]


@pytest.mark.parametrize(("language", "values"), [("fr", ("Léa",)), ("en", ("Léa", "Lampe"))])
def test_blanks_that_do_not_fit_are_refused_before_anything_is_sent(language, values):
    meta = Meta({TEMPLATES: {"data": [template("suivi", "{{1}} {{2}}")]}})
    with pytest.raises(PermanentError):
        whatsapp(meta).send(replace(ANSWER, template=FilledTemplate("suivi", language, values)))


# --- errors -------------------------------------------------------------------------------------------------------


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
def test_what_the_network_answers_says_what_may_be_done_next(answer, error):
    with pytest.raises(error):
        whatsapp(Meta({MESSAGES: answer})).send(ANSWER)


def test_too_many_messages_to_one_customer_wait_seconds_only():
    with pytest.raises(TransientError) as caught:
        whatsapp(Meta({MESSAGES: refusal(131056)})).send(ANSWER)
    assert caught.value.retry_after == timedelta(seconds=10)


def test_details_are_quoted():
    answer = refusal(131009, said="(#131009)", error_data={"details": "The text is too long."})
    with pytest.raises(PermanentError, match="The text is too long"):
        whatsapp(Meta({MESSAGES: answer})).send(ANSWER)


# --- the account --------------------------------------------------------------------------------------------------


def test_check_says_who_we_are_and_what_is_not_in_order():
    meta = Meta(
        {
            f"GET /{NUMBER}": {
                "id": NUMBER,
                "display_phone_number": "+33 1 23 45 67 89",
                "verified_name": "La Maison",
                "quality_rating": "RED",
                "account_mode": "SANDBOX",
            },
            "GET /debug_token": {"data": {"scopes": ["whatsapp_business_messaging"]}},
            f"GET /{ACCOUNT}/subscribed_apps": {"data": []},
        }
    )
    health = whatsapp(meta).check()
    assert (health.own_id, health.handle, health.name) == (NUMBER, "+33 1 23 45 67 89", "La Maison")
    assert len(health.remarks) == 4


@pytest.mark.parametrize("missing", ["phone_number_id", "waba_id"])
def test_an_id_that_was_not_filled_in_is_named(missing):
    meta = Meta({f"GET /{NUMBER}": {"id": NUMBER}, "GET /debug_token": {}})
    with pytest.raises(PermanentError, match="ID is missing"):
        whatsapp(meta, **{missing: "+33"}).check()


def test_the_business_account_is_told_where_to_deliver():
    path = f"/{ACCOUNT}/subscribed_apps"
    known = {"data": [{"override_callback_uri": "https://counter.example/hooks/whatsapp/other/"}]}
    meta = Meta({f"POST {path}": {"success": True}, f"GET {path}": [known, {"data": [{}]}]})
    account = whatsapp(meta)
    account.subscribe("https://counter.example/hooks/whatsapp/k/")
    assert sent_json(meta.asked[0]) == {
        "override_callback_uri": "https://counter.example/hooks/whatsapp/k/",
        "verify_token": "phrase",
    }
    assert account.is_subscribed("https://counter.example/hooks/whatsapp/k/")
    assert not account.is_subscribed("https://counter.example/hooks/whatsapp/k/")


def test_a_file_is_located_with_our_token():
    meta = Meta({"GET /501": {"url": "https://lookaside.fbsbx.com/whatsapp/x", "mime_type": "image/jpeg"}})
    found = whatsapp(meta).locate("whatsapp:501")
    assert found.url == "https://lookaside.fbsbx.com/whatsapp/x"
    assert found.headers == {"Authorization": "Bearer EAAG"}


@pytest.mark.parametrize("url", ["https://elsewhere.example/x", "whatsapp:../me", "whatsapp:"])
def test_nothing_else_is_located(url):
    with pytest.raises(PermanentError):
        whatsapp(Meta({})).locate(url)


def test_a_delivery_is_handed_to_every_number_it_is_about():
    body = (FIXTURES / "several_changes.json").read_bytes()
    request = HookRequest("POST", "", {}, {}, body)
    assert whatsapp(Meta({})).addressees(request) == [Addressee("whatsapp", "1093849293")]
    assert whatsapp(Meta({})).addressees(HookRequest("POST", "", {}, {}, b"no json")) == []


def test_a_delivery_is_verified_and_a_challenge_answered():
    account = whatsapp(Meta({}))
    account.verify(delivered(b"{}"))
    answer = account.challenge(challenge("phrase"))
    assert answer is not None
    assert answer.body == b"1158201444"


# --- reading ------------------------------------------------------------------------------------------------------


def events(name: str, own_id: str | None = NUMBER) -> list[Any]:
    account = WhatsApp(CREDENTIALS, Meta({}).client(), own_id=own_id)
    return account.parse(Delivery((FIXTURES / name).read_bytes()))


def test_what_another_number_got_is_not_ours():
    assert {event.event for event in events("everything.json", own_id="1")} == {EventKind.IGNORED}


def test_an_emoji_taken_back_comes_without_it():
    (taken,) = [event for event in events("everything.json") if event.event is EventKind.REACTION]
    assert (taken.reaction, taken.reaction_removed) == (None, True)


def test_a_forms_answers_are_a_file_to_read():
    (form,) = [event for event in events("everything.json") if event.external_id == "wamid.10"]
    assert form.attachments[0].content == b"taille: M\njours: lundi, mardi"


def test_calls_ring_end_and_are_missed():
    calls = [event.call for event in events("statuses_and_calls.json") if event.event is EventKind.CALL]
    assert calls == [Call("ringing"), Call("ended", timedelta(seconds=33)), Call("missed")]


def test_what_is_needed_to_answer_is_kept():
    (first, *_others) = events("everything.json")
    assert first.custom == {"from": "33600000001", "user_id": "FR.1349120"}
    (button,) = [event for event in events("everything.json") if event.external_id == "wamid.8"]
    assert button.custom["payload"] == "cancel"
