from __future__ import annotations

import io
from typing import Any

import psycopg
import pytest

from comptoir.config.bodies import WholeBody
from comptoir.connectors.base import HookRequest, SignatureError
from comptoir.intake import endpoint, hooks
from comptoir.intake.models import RawDelivery
from tests.factories import make_account
from tests.fake_network import Fake

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fake_network")]

SIGNED = {"HTTP_X_FAKE_SECRET": "s3cret"}


@pytest.fixture
def account():
    hooks.forget_hooks()
    yield make_account(own_id="us")
    opened = getattr(endpoint._thread, "connection", None)
    if opened is not None:
        opened.close()


def ask(path: str, body: bytes = b"[]", *, method: str = "POST", **environ: Any) -> tuple[int, bytes, dict[str, str]]:
    said: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]]) -> None:
        said.update(status=int(status.split()[0]), headers=dict(headers))

    path, _mark, query = path.partition("?")
    full = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/json",
        "wsgi.input": io.BytesIO(body),
    }
    answered = b"".join(endpoint.application(full | environ, start_response))
    return said["status"], answered, said["headers"]


def test_a_signed_delivery_is_stored_as_it_came(account):
    status, _body, headers = ask(
        f"/hooks/fake/{account.hook_key}", b'[{"\xc3\xa9\x00', HTTP_AUTHORIZATION="Basic x", **SIGNED
    )
    stored = RawDelivery.objects.get()
    assert (status, bytes(stored.body), stored.account, stored.state) == (200, b'[{"\xc3\xa9\x00', account, "new")
    assert stored.headers == {"x-fake-secret": "s3cret", "content-type": "application/json"}
    assert len(headers["X-Request-ID"]) == 32


def test_the_slash_at_the_end_of_the_address_may_be_there(account):
    assert ask(f"/hooks/fake/{account.hook_key}/", **SIGNED)[0] == 200


def test_one_with_a_wrong_signature_is_refused_and_not_stored(account):
    status, body, _headers = ask(f"/hooks/fake/{account.hook_key}", HTTP_X_FAKE_SECRET="guess")
    assert (status, body) == (401, b"The secret does not match.")
    assert not RawDelivery.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "/hooks/fake/nobody",
        "/hooks/fake",
        "/hooks/",
        "/hooks/fake/" + "x" * 5000,
        "/hooks/no/no/no",
        "/hooks/fa\x00ke/x",
        "/hooks/fake/x\x00y",
        "/hooks/fake/\ud800",
        "/hooks/\ud800/x",
    ],
)
def test_an_address_of_nobody_is_not_found(account, path):
    assert ask(path, **SIGNED)[0] == 404


def test_the_key_of_another_kind_is_not_found(account):
    assert ask(f"/hooks/fake_safe/{account.hook_key}", **SIGNED)[0] == 404


def test_a_paused_account_still_stores(account):
    account.status = "paused"
    account.save()
    assert ask(f"/hooks/fake/{account.hook_key}", **SIGNED)[0] == 200


def test_a_body_over_the_limit_is_refused_unread(account):
    status, _body, _headers = ask(
        f"/hooks/fake/{account.hook_key}", CONTENT_LENGTH="5242881", **{"wsgi.input": None}, **SIGNED
    )
    assert status == 413
    assert ask(f"/hooks/fake/{account.hook_key}", b"x" * 5242881, CONTENT_LENGTH="", **SIGNED)[0] == 413
    assert ask(f"/hooks/fake/{account.hook_key}", b"x" * 5242880, **SIGNED)[0] == 200


def test_a_length_that_is_no_number_is_refused(account):
    assert ask(f"/hooks/fake/{account.hook_key}", CONTENT_LENGTH="many", **SIGNED)[0] == 400


def test_a_delivery_that_was_cut_off_is_not_stored(account):
    short = {"wsgi.input": WholeBody(io.BytesIO(b"[]"), 100), "CONTENT_LENGTH": "100"}
    status, body, _headers = ask(f"/hooks/fake/{account.hook_key}", **short, **SIGNED)
    assert (status, body) == (400, b"The delivery was cut off.")
    assert not RawDelivery.objects.exists()


def test_a_length_below_nothing_is_refused_unread(account):
    told = {"wsgi.input": None, "CONTENT_LENGTH": "-1"}
    assert ask(f"/hooks/fake/{account.hook_key}", **told, **SIGNED)[0] == 400


@pytest.mark.parametrize("end", ["", "/", "//", "/more"])
def test_the_key_of_an_address_is_in_no_log(account, monkeypatch, end):
    told = []
    monkeypatch.setattr(endpoint.log, "info", lambda event, **named: told.append(named))
    ask(f"/hooks/fake/{account.hook_key}{end}", HTTP_X_FAKE_SECRET="guess")
    assert told[0]["path"] == "/hooks/fake/…"
    assert account.hook_key not in repr(told)


def test_a_challenge_is_answered(account):
    status, body, _headers = ask(f"/hooks/fake/{account.hook_key}?challenge=42", method="GET")
    assert (status, body) == (200, b"42")
    assert ask(f"/hooks/fake/{account.hook_key}", method="GET")[0] == 405
    assert ask(f"/hooks/fake/{account.hook_key}", method="DELETE")[0] == 405


@pytest.fixture
def by_get(monkeypatch):
    monkeypatch.setattr(Fake, "delivers_by_get", True)


def test_a_query_is_a_delivery_where_the_network_delivers_so(account, by_get):
    query = "token=s3cret&from=%2B33&text=D%E9%20+a&empty="
    status, _body, headers = ask(f"/hooks/fake/{account.hook_key}?{query}", b"", method="GET", **SIGNED)
    stored = RawDelivery.objects.get()
    assert (status, bytes(stored.body)) == (200, b"from=%2B33&text=D%E9%20+a&empty=")
    assert stored.content_type == "application/x-www-form-urlencoded"
    assert headers["Cache-Control"] == "no-store"


def test_a_secret_is_not_kept_however_its_name_is_written(account, by_get):
    ask(f"/hooks/fake/{account.hook_key}?a=1&t%6Fken=x&token=y", b"", method="GET", **SIGNED)
    assert bytes(RawDelivery.objects.get().body) == b"a=1"


def test_a_query_without_proof_is_refused(account, by_get):
    assert ask(f"/hooks/fake/{account.hook_key}?a=1", b"", method="GET")[0] == 401
    assert not RawDelivery.objects.exists()


def test_a_challenge_is_answered_where_deliveries_come_by_get_too(account, by_get):
    path = f"/hooks/fake/{account.hook_key}?challenge=42"
    assert ask(path, b"", method="GET", **SIGNED)[:2] == (200, b"42")
    assert not RawDelivery.objects.exists()


@pytest.mark.parametrize(
    ("method", "query", "header"),
    [
        ("HEAD", "a=1", {}),
        ("OPTIONS", "a=1", {}),
        ("GET", "", {}),
        ("GET", "token=s3cret", {}),
        ("GET", "a=1", {"HTTP_SEC_PURPOSE": "prefetch;prerender"}),
        ("GET", "a=1", {"HTTP_PURPOSE": "prefetch"}),
        ("GET", "a=1", {"HTTP_X_MOZ": "prefetch"}),
    ],
)
def test_what_only_looks_at_the_address_delivers_nothing(account, by_get, method, query, header):
    status, _body, _headers = ask(f"/hooks/fake/{account.hook_key}?{query}", b"", method=method, **SIGNED, **header)
    assert status in (400, 405)
    assert not RawDelivery.objects.exists()


def test_django_s_own_handler_takes_a_query_the_same_way(account, by_get, client):
    url = f"/hooks/fake/{account.hook_key}/?a=%E9&token=x"
    assert client.get(url, headers={"X-Fake-Secret": "s3cret"}).status_code == 200
    assert client.head(url, headers={"X-Fake-Secret": "s3cret"}).status_code == 405
    assert bytes(RawDelivery.objects.get().body) == b"a=%E9"


def test_an_account_removed_while_it_is_remembered_is_not_found(account):
    assert ask(f"/hooks/fake/{account.hook_key}", **SIGNED)[0] == 200
    RawDelivery.objects.all().delete()
    account.delete()
    assert ask(f"/hooks/fake/{account.hook_key}", **SIGNED)[0] == 404


def test_a_connection_that_was_cut_is_replaced(account):
    ask(f"/hooks/fake/{account.hook_key}", **SIGNED)
    pid = endpoint._thread.connection.info.backend_pid
    RawDelivery.objects.raw("SELECT 1")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert ask(f"/hooks/fake/{account.hook_key}", **SIGNED)[0] == 200
    assert RawDelivery.objects.count() == 2


@pytest.mark.parametrize(
    "error", [psycopg.OperationalError("down"), psycopg.errors.DiskFull("No space left on device")]
)
def test_the_network_is_asked_to_come_again_when_nothing_can_be_stored(account, monkeypatch, error):
    def fail(*_anything: object) -> None:
        raise error

    monkeypatch.setattr(endpoint, "_connection", fail)
    status, _body, headers = ask(f"/hooks/fake/{account.hook_key}", **SIGNED)
    assert (status, headers["Retry-After"]) == (503, "10")


def test_what_a_signature_check_trips_over_is_not_stored(account, monkeypatch):
    from tests.fake_network import Fake

    def broken(*_anything: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(Fake, "verify", broken)
    assert ask(f"/hooks/fake/{account.hook_key}", **SIGNED)[0] == 400
    assert not RawDelivery.objects.exists()


def test_django_s_own_handler_stores_the_same_way(account, client):
    url = f"/hooks/fake/{account.hook_key}/"
    assert (
        client.post(url, b"[]", content_type="application/json", headers={"X-Fake-Secret": "s3cret"}).status_code == 200
    )
    assert client.post(url, b"[]", content_type="application/json").status_code == 401
    assert bytes(RawDelivery.objects.get().body) == b"[]"


def test_the_web_application_leads_hooks_around_django(account, monkeypatch):
    from comptoir.config import wsgi

    monkeypatch.setattr(wsgi, "pages", lambda _environ, _start: [b"django"])
    monkeypatch.setattr(endpoint, "application", lambda _environ, _start: [b"hooks"])
    assert wsgi.application({"PATH_INFO": "/hooks/fake/x"}, print) == [b"hooks"]
    assert wsgi.application({"PATH_INFO": "/hooksfake"}, print) == [b"django"]


def test_a_delivery_is_stored_for_each_account_it_is_about(account):
    other = make_account(own_id="them", brand=account.brand, team=account.team)
    status, _body, _headers = ask(f"/hooks/fake/{account.hook_key}", HTTP_X_FAKE_ABOUT="us them nobody us", **SIGNED)
    assert status == 200
    assert sorted(RawDelivery.objects.values_list("account", flat=True)) == sorted([account.pk, other.pk])


def test_a_delivery_about_nobody_we_know_is_stored_for_the_account_of_the_address(account):
    ask(f"/hooks/fake/{account.hook_key}", HTTP_X_FAKE_ABOUT="nobody", **SIGNED)
    assert RawDelivery.objects.get().account == account


def test_an_account_whose_secret_is_another_is_not_given_what_it_did_not_sign(account, monkeypatch):
    make_account(own_id="them", brand=account.brand, team=account.team)
    verify = Fake.verify

    def only_us(self: Fake, request: HookRequest) -> None:
        if self.own_id != "us":
            raise SignatureError("The secret is another.")
        verify(self, request)

    monkeypatch.setattr(Fake, "verify", only_us)
    ask(f"/hooks/fake/{account.hook_key}", HTTP_X_FAKE_ABOUT="us them", **SIGNED)
    assert RawDelivery.objects.get().account == account


def test_a_connector_is_told_the_whole_address_that_was_called(account, monkeypatch, settings):
    settings.BASE_URL = "https://counter.example"
    seen = []
    monkeypatch.setattr(Fake, "verify", lambda self, request: seen.append(request.url))
    ask(f"/hooks/fake/{account.hook_key}?a=1&b=%20", **SIGNED)
    assert seen == [f"https://counter.example/hooks/fake/{account.hook_key}?a=1&b=%20"]
