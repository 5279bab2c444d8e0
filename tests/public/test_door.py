"""Who may ask, from where, how often, and what nonsense comes to."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.test import Client, RequestFactory

from comptoir.channels.actions import keep_error
from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.conversations.models import Attachment, Message
from comptoir.core.clock import now
from comptoir.intake.consumer import consume_once
from comptoir.intake.models import RawDelivery
from comptoir.public.rate import FILES, POSTS, Buckets, Rate, client_address, counted_address
from comptoir.sla.calendars import create_calendar
from tests.factories import make_account
from tests.public.conftest import Browser

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0"
    "000003010100c9fe92ef0000000049454e44ae426082"
)

# --- other sites --------------------------------------------------------------------------------------------------


def test_any_site_may_ask_where_none_is_listed(browser: Browser) -> None:
    response = browser.get("/messages")
    assert response["Access-Control-Allow-Origin"] == "https://shop.example"
    assert "Access-Control-Allow-Credentials" not in response
    assert "Origin" in response["Vary"]
    assert not response.cookies


def test_only_listed_sites_may_ask_where_some_are(browser: Browser) -> None:
    browser.account.credentials = {"allowed_origins": "https://shop.example/ https://www.shop.example"}
    browser.account.save()
    assert browser.get("/messages").status_code == 200
    browser.origin = "https://evil.example"
    response = browser.get("/messages")
    assert (response.status_code, response.json()["code"]) == (403, "origin")
    assert "Access-Control-Allow-Origin" not in response


def test_preflight_allows_what_the_widget_sends(browser: Browser) -> None:
    response = Client().options(
        browser.address("/events"),
        headers={"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"},
    )
    assert response.status_code == 204
    assert response["Access-Control-Allow-Methods"] == "POST"
    assert "X-Comptoir-Identity" in response["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("path", ["", "/messages", "/files/1"])
def test_unknown_key_is_404(db: None, path: str) -> None:
    response = Client().get(f"/chat/nobody{path}", headers={"Authorization": "Bearer " + "a" * 43})
    assert (response.status_code, response.json()["code"]) == (404, "no_counter")
    assert response["Content-Type"] == "application/problem+json"


def test_account_of_another_kind_is_no_counter(db: None) -> None:
    account = make_account(kind="webhook")
    assert Client().get(f"/chat/{account.hook_key}").status_code == 404


def test_paused_account_is_no_counter(browser: Browser) -> None:
    ChannelAccount.objects.update(status="paused")
    assert browser.get("/messages").status_code == 404


# --- what comes in ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"[" * 5000,
        b"{}",
        {"events": []},
        {"events": ["x"]},
        {"events": [{"type": "dance"}]},
        {"events": [{"type": ["message"]}]},
        {"events": [{"type": "message", "id": "a:b", "text": "x"}]},
        {"events": [{"type": "message", "id": 3, "text": "x"}]},
        {"events": [{"type": "message", "text": "x"}]},
        {"events": [{"type": "message", "id": "a", "text": {"a": 1}}]},
        {"events": [{"type": "message", "id": "a", "text": " "}]},
        {"events": [{"type": "message", "id": "a", "text": "x"}] * 21},
    ],
)
def test_nonsense_is_400_and_nothing_is_stored(browser: Browser, body: object) -> None:
    response = browser.post("/events", body)
    assert (response.status_code, response.json()["code"]) == (400, "unreadable")
    assert not RawDelivery.objects.exists()


def test_body_too_large_is_413_and_a_problem(browser: Browser) -> None:
    response = browser.post("/events", b'{"x":"' + b"a" * 10_000_000 + b'"}')
    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == browser.origin


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=\u00e9"])
def test_form_without_a_usable_boundary_is_a_problem(browser: Browser, content_type: str) -> None:
    response = Client().post(
        browser.address("/files"), data=b"garbage", content_type=content_type, headers=browser.headers()
    )
    assert (response.status_code, response.json()["code"]) == (400, "unreadable")
    assert response["Content-Type"] == "application/problem+json"


def test_text_too_long_is_refused(browser: Browser) -> None:
    response = browser.post("/events", {"events": [{"type": "message", "id": "a", "text": "x" * 5001}]})
    assert (response.status_code, response.json()["code"]) == (422, "too_long")


@pytest.mark.parametrize("email", ["lea", "lea@", 3, ["lea@example.org"]])
def test_address_that_is_none_is_refused(browser: Browser, email: object) -> None:
    response = browser.post("/events", {"events": [{"type": "message", "id": "a", "text": "x", "email": email}]})
    assert (response.status_code, response.json()["code"]) == (422, "email")


def test_visitor_cannot_say_who_they_are_without_a_signature(browser: Browser) -> None:
    forged = {"id": "4711", "is_verified": True, "scope": browser.account.hook_key}
    event = {
        "type": "message",
        "id": "a",
        "text": "x",
        "is_verified": True,
        "visitor": forged,
        "custom": {"context": 1},
    }
    assert browser.post("/events", {"visitor": forged, "events": [event]}).status_code == 202
    consume_once()
    message = Message.objects.select_related("identity").get()
    assert message.identity is not None
    assert (message.identity.external_id, message.identity.scope) == (browser.id, "")
    assert message.custom == {"is_verified": False}


def test_hostile_text_comes_back_as_it_was(browser: Browser) -> None:
    text = "<script>alert(1)</script> \u202e {{ 7*7 }} '; DROP TABLE--"
    browser.say(text)
    assert browser.messages()[0]["text"] == text


def test_nul_and_lone_surrogates_are_survived(browser: Browser) -> None:
    body = b'{"events": [{"type": "message", "id": "a", "text": "a\\u0000b\\ud800", "name": "\\u0000"}]}'
    assert browser.post("/events", body).status_code == 202
    consume_once()
    assert browser.messages()[0]["text"] == "ab?"


def test_wrong_clock_of_a_browser_does_not_date_the_message(browser: Browser) -> None:
    event = {"type": "message", "id": "a", "text": "x", "sent_at": 4_000_000_000_000 - 60_000}
    browser.post("/events", {"clock": 4_000_000_000_000, "events": [event]})
    consume_once()
    waited = now() - Message.objects.get().sent_at
    assert timedelta(seconds=59) < waited < timedelta(seconds=90)


@pytest.mark.parametrize("sent_at", [None, "yesterday", 1e300, -1, True, 4_000_000_000_000])
def test_instant_that_cannot_be_is_now(browser: Browser, sent_at: object) -> None:
    event = {"type": "message", "id": "a", "text": "x", "sent_at": sent_at}
    browser.post("/events", {"clock": 1_772_439_300_000, "events": [event]})
    consume_once()
    assert abs(now() - Message.objects.get().sent_at) < timedelta(seconds=30)


# --- files --------------------------------------------------------------------------------------------------------


def post_file(browser: Browser, name: str, content: bytes, declared: str) -> object:
    event = {"type": "message", "id": "a", "text": ""}
    return browser.post_files({"events": [event]}, [SimpleUploadedFile(name, content, declared)])


def test_file_is_kept_and_given_back_to_its_visitor_only(browser: Browser, other_browser: Browser) -> None:
    assert post_file(browser, "carton.png", PNG, "image/png").status_code == 202  # type: ignore[attr-defined]
    consume_once()
    (file,) = browser.messages()[0]["files"]
    assert (file["name"], file["mime_type"], file["state"]) == ("carton.png", "image/png", "stored")
    response = browser.get(f"/files/{file['id']}")
    assert b"".join(response.streaming_content) == PNG
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]
    assert other_browser.get(f"/files/{file['id']}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.png", b"<html><script>alert(1)</script></html>"),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("program.pdf", b"\x7fELF" + b"\x00" * 60),
        ("nothing.png", b""),
    ],
)
def test_file_is_judged_by_its_bytes(browser: Browser, name: str, content: bytes) -> None:
    response = post_file(browser, name, content, "image/png")
    assert response.status_code == 415  # type: ignore[attr-defined]
    assert not RawDelivery.objects.exists()
    assert not Attachment.objects.exists()


def test_files_too_large_together_are_refused(browser: Browser) -> None:
    response = post_file(browser, "big.png", PNG + b"\0" * (10 * 1024 * 1024), "image/png")
    assert response.status_code == 413  # type: ignore[attr-defined]


def test_too_many_files_are_refused(browser: Browser) -> None:
    files = [SimpleUploadedFile(f"{number}.png", PNG, "image/png") for number in range(6)]
    post = {"events": [{"type": "message", "id": "a", "text": "x"}]}
    assert browser.post_files(post, files).status_code == 413


# --- how often ----------------------------------------------------------------------------------------------------


def test_visitor_who_posts_too_often_is_asked_to_wait(browser: Browser, other_browser: Browser) -> None:
    for number in range(POSTS[0].burst):
        event = {"type": "message", "id": str(number), "text": "x"}
        assert browser.post("/events", {"events": [event]}).status_code == 202
    response = browser.post("/events", {"events": [{"type": "message", "id": "more", "text": "x"}]})
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert other_browser.post("/events", {"events": [{"type": "message", "id": "a", "text": "x"}]}).status_code == 202


def test_bucket_refills_with_time() -> None:
    clock = [0.0]
    buckets = Buckets(clock=lambda: clock[0])
    rate = Rate(burst=2, per_minute=6)
    assert [buckets.take("a", rate) for _take in range(3)] == [0, 0, 10]
    clock[0] = 10.0
    assert buckets.take("a", rate) == 0
    assert buckets.take("b", rate) == 0


def test_buckets_that_are_too_many_are_forgotten_oldest_first() -> None:
    buckets = Buckets(clock=lambda: 0.0, max_buckets=2)
    rate = Rate(burst=1, per_minute=1)
    for name in ("a", "b", "c"):
        buckets.take(name, rate)
    assert [buckets.take(name, rate) > 0 for name in ("c", "b", "a")] == [True, True, False]


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("203.0.113.9", "203.0.113.9"),
        ("", ""),
    ],
)
def test_ipv6_is_counted_by_the_network_of_one_customer(address: str, counted: str) -> None:
    assert counted_address(address) == counted


def test_one_customer_with_many_ipv6_addresses_has_one_bucket(chat_account: ChannelAccount) -> None:
    visitors = [Browser(chat_account) for _visitor in range(FILES[1].burst + 1)]
    statuses = [
        Client(REMOTE_ADDR=f"2001:db8:1:2::{number:x}")
        .post(one.address("/files"), data=b"", content_type="application/json", headers=one.headers())
        .status_code
        for number, one in enumerate(visitors)
    ]
    assert (statuses[0], statuses[-1]) == (400, 429)


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("8.8.8.8", "198.51.100.1", "8.8.8.8"),
        ("", "203.0.113.9", "203.0.113.9"),
    ],
)
def test_only_a_proxy_of_ours_says_who_asks(peer: str, forwarded: str, address: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address


# --- the counter --------------------------------------------------------------------------------------------------


def test_counter_that_never_closes_is_open(browser: Browser) -> None:
    answer = browser.get("").json()
    assert (answer["is_open"], answer["next_opening_at"]) == (True, None)
    assert answer["limits"]["max_text_chars"] == 5000


def test_counter_says_whether_a_mailbox_could_answer(browser: Browser) -> None:
    assert browser.get("").json()["answers_by_mail"] is False
    mailbox = make_account(kind="email", brand=browser.account.brand)
    assert browser.get("").json()["answers_by_mail"] is True
    ChannelAccount.objects.filter(pk=mailbox.pk).update(status="disconnected")
    assert browser.get("").json()["answers_by_mail"] is False


def test_a_mailbox_that_is_amiss_or_cannot_be_opened_answers_nobody(browser: Browser) -> None:
    mailbox = make_account(kind="email", brand=browser.account.brand)
    keep_error(mailbox, reason="Le serveur ne répond pas.")
    assert browser.get("").json()["answers_by_mail"] is False
    AccountHealth.objects.update(last_error="")
    assert browser.get("").json()["answers_by_mail"] is True
    ChannelAccount.objects.filter(pk=mailbox.pk).update(encrypted_credentials=b"of another key")
    assert browser.get("").json()["answers_by_mail"] is False


def test_closed_counter_says_when_it_opens(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    saturday_night = datetime(2026, 3, 7, 20, 0, tzinfo=UTC)
    monkeypatch.setattr("comptoir.public.views.now", lambda: saturday_night)
    ChannelAccount.objects.update(weekly_hours={"mon": [["09:00", "18:00"]], "sat": [["09:00", "12:00"]]})
    answer = browser.get("").json()
    assert (answer["is_open"], answer["next_opening_at"]) == (False, "2026-03-09T09:00:00+01:00")


def test_a_counter_closes_by_the_calendar_of_its_brand_and_on_its_holidays(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_calendar(
        name="Boutique", owner=browser.account.brand, time_zone="Europe/Paris", country="FR",
        weekly_hours={"mon": [["09:00", "18:00"]]},
    )  # fmt: skip
    easter_monday = datetime(2026, 4, 6, 10, 0, tzinfo=UTC)
    monkeypatch.setattr("comptoir.public.views.now", lambda: easter_monday)
    answer = browser.get("").json()
    assert (answer["is_open"], answer["next_opening_at"]) == (False, "2026-04-13T09:00:00+02:00")


def test_counter_tells_nothing_of_its_account(browser: Browser) -> None:
    described = json.dumps(browser.get("").json())
    assert browser.account.name not in described
    assert browser.account.team.name not in described
    assert "secret" not in described


def test_an_upload_that_is_too_large_is_refused_before_it_is_read(browser: Browser, settings: Any) -> None:
    settings.STRANGERS_REQUEST_BYTES = 1000
    settings.FILE_UPLOAD_HANDLERS = ["tests.public.test_door.Unread"]
    form = {"post": json.dumps({"events": [{"id": "1", "text": "x"}]}), "file": SimpleUploadedFile("a.png", PNG * 100)}
    headers = {"Origin": "https://shop.example", "Authorization": "Bearer " + "a" * 43}
    response = Client().post(browser.address("/files"), form, headers=headers)
    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    assert response["Access-Control-Allow-Origin"] == "https://shop.example"


class Unread(FileUploadHandler):
    """Fails the test where anything of an upload is read."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        raise AssertionError("read")

    def file_complete(self, file_size: int) -> None:
        raise AssertionError("read")
