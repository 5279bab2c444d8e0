"""What somebody would try who means harm, from inside or from a page elsewhere."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.core.cache.backends.db import DatabaseCache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from comptoir.conversations.models import Conversation
from comptoir.desk.merging import merge_conversations
from comptoir.notifications.models import PushSubscription
from tests.factories import make_agent, make_conversation, make_incoming, make_team
from tests.web.conftest import Counter, client_of

_KEYS = {"p256dh": "B" * 87, "auth": "A" * 22}


@pytest.mark.parametrize("came_from", ["http://testserver//elsewhere.example/", "https://elsewhere.example/inbox/"])
def test_nobody_is_sent_elsewhere_by_the_page_they_came_from(counter: Counter, came_from: str) -> None:
    client = client_of(counter.people["agent"])
    answer = client.post(reverse("availability"), {"availability": "busy"}, headers={"Referer": came_from})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


@pytest.mark.parametrize("wanted", ["//elsewhere.example/", "https://elsewhere.example/", "/\\elsewhere.example"])
def test_nobody_is_sent_elsewhere_by_the_look(counter: Counter, wanted: str) -> None:
    answer = client_of(counter.people["agent"]).post(reverse("look"), {"theme": "dark", "next": wanted})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


@pytest.mark.parametrize(
    "endpoint",
    ["https://[", "https://a\x00b/", "https://a\ud800b/", "http://push.example/", "https:///x", "https://é.fr"],
)
@pytest.mark.parametrize("name", ["subscribe_push", "unsubscribe_push"])
def test_a_push_address_that_is_none_is_refused(counter: Counter, name: str, endpoint: str) -> None:
    client = client_of(counter.people["agent"])
    said = json.dumps({"endpoint": endpoint, "keys": _KEYS})
    assert client.post(reverse(name), said, content_type="application/json").status_code in (204, 400)
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize("name", ["inbox", "me", "commands", "record", "account_login"])
def test_browsers_keep_no_page_of_ours(counter: Counter, name: str) -> None:
    answer = client_of(counter.people["supervisor"]).get(reverse(name), follow=True)
    assert "no-store" in answer.headers["Cache-Control"]


def test_static_files_are_kept_all_the_same(client: Client) -> None:
    assert "no-store" not in client.get("/manifest.webmanifest").headers["Cache-Control"]


def test_what_one_does_not_see_is_not_taken_apart(counter: Counter) -> None:
    gone = make_conversation(account=counter.account, identity=counter.conversation.identity, thread_id="autre")
    make_incoming(gone)
    supervisor = counter.people["supervisor"]
    merge_conversations(counter.conversation.pk, gone_id=gone.pk, by=supervisor)
    elsewhere = make_team(name="Ailleurs")
    Conversation.objects.filter(pk=gone.pk).update(team=elsewhere)
    client = client_of(make_agent(role="agent", teams=[elsewhere]))
    assert client.post(reverse("unmerge", args=[gone.pk])).status_code == 404
    gone.refresh_from_db()
    assert gone.merged_into_id == counter.conversation.pk


def test_what_is_remembered_of_tries_at_signing_in_is_shared_by_all_processes(db: None) -> None:
    assert isinstance(caches["default"], DatabaseCache)
    assert cache.add("used-code", "y", timeout=30)
    assert not cache.add("used-code", "y", timeout=30)


@pytest.mark.parametrize("until", ["9999-12-31T23:59:59-12:00", "9999-12-31T23:59", "0001-01-01T00:00+12:00"])
def test_a_moment_beyond_all_calendars_is_refused_and_lists_go_on(counter: Counter, until: str) -> None:
    client = client_of(counter.people["agent"])
    address = reverse("snooze", args=[counter.conversation.pk])
    answer = client.post(address, {"end": "until", "until": until}, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert client.get("/inbox/all/").status_code == 200


@pytest.mark.parametrize("asked", ["until=9999-12-31", "since=0001-01-01", "conversation=999999999999999999999"])
def test_the_record_can_be_asked_for_any_day(counter: Counter, asked: str) -> None:
    client = client_of(counter.people["administrator"])
    assert client.get(f"/record/?{asked}").status_code in (200, 422)
    assert client.get(f"/record/export.csv?{asked}").status_code == 200


@pytest.mark.parametrize("cookies", [{}, {"comptoir_session": "forged"}])
def test_a_stranger_uploads_nothing_large(settings: Any, db: None, cookies: dict[str, str]) -> None:
    settings.STRANGERS_REQUEST_BYTES = 1000
    stranger = Client(enforce_csrf_checks=True)
    stranger.cookies.load({"csrftoken": "a" * 32} | cookies)
    large = {"login": "a@b.example", "file": SimpleUploadedFile("a.bin", b"x" * 2000)}
    assert stranger.post(reverse("account_login"), large).status_code == 413
    assert stranger.post(reverse("account_login"), {"login": "a@b.example"}).status_code != 413


@pytest.mark.parametrize("address", ["/api/nothing", "/api/v1/nothing", "/chat/nothing/here"])
def test_what_a_stranger_sends_to_an_address_that_leads_nowhere_is_not_read(
    settings: Any, db: None, address: str
) -> None:
    settings.STRANGERS_REQUEST_BYTES = 1000
    stranger = Client(enforce_csrf_checks=True)
    stranger.cookies.load({"csrftoken": "a" * 32})
    answer = stranger.post(address, {"file": SimpleUploadedFile("a.bin", b"x" * 2000)})
    assert answer.status_code in (404, 413)
    assert "_files" not in vars(answer.wsgi_request)


def test_a_program_that_writes_to_a_wrong_address_is_told_so(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/api/v1/nothing", {"text": "x"}, content_type="application/json")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")


def test_colleagues_upload_what_is_large(counter: Counter, settings: Any) -> None:
    settings.STRANGERS_REQUEST_BYTES = 1000
    large = {"file": SimpleUploadedFile("a.txt", b"x" * 2000)}
    answer = client_of(counter.people["agent"]).post(reverse("lay_files", args=[counter.conversation.pk]), large)
    assert answer.status_code != 413


def test_colleagues_upload_nothing_without_end(counter: Counter, settings: Any) -> None:
    settings.STRANGERS_REQUEST_BYTES, settings.COLLEAGUES_REQUEST_BYTES = 1000, 3000
    answer = client_of(counter.people["agent"]).post("/nowhere/", {"file": SimpleUploadedFile("a.txt", b"x" * 4000)})
    assert answer.status_code == 413
    assert "_files" not in vars(answer.wsgi_request)
