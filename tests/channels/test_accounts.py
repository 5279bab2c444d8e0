"""Connecting an account, checking it, and losing it."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db import IntegrityError, transaction

from comptoir.channels.actions import (
    MissingCredentialError,
    ShortCredentialError,
    check_account,
    connect_account,
    disconnect_account,
    reconnect_account,
)
from comptoir.channels.arranging import rest_or_wake
from comptoir.channels.connecting import opened
from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.connectors.base import AuthError, CredentialField, Health, PermanentError, TransientError
from comptoir.connectors.registry import UnknownKindError
from comptoir.core import crypto
from comptoir.events.models import Event
from tests.factories import make_account, make_brand, make_team
from tests.fake_network import Fake, FakeNetwork

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]


def connect(**fields: Any) -> ChannelAccount:
    return connect_account(
        **{"brand": make_brand(), "team": make_team(), "kind": "fake", "name": "Compte", "credentials": {}} | fields
    )


def answer_check(monkeypatch: pytest.MonkeyPatch, answer: Health | Exception) -> None:
    def check(_connector: Fake) -> Health:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(Fake, "check", check)


def test_an_account_keeps_who_we_are_on_the_network() -> None:
    account = connect()
    assert check_account(account).own_id == "us"
    assert ChannelAccount.objects.get(pk=account.pk).own_id == "us"


def test_credentials_are_not_readable_in_the_database() -> None:
    account = connect(credentials={"password": "très secret"})
    stored = ChannelAccount.objects.values_list("encrypted_credentials", flat=True).get()
    assert b"secret" not in bytes(stored)
    assert ChannelAccount.objects.get(pk=account.pk).credentials == {"password": "très secret"}


def test_credentials_outlive_a_change_of_keys(settings: Any) -> None:
    account = connect(credentials={"password": "p"})
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]
    account.encrypted_credentials = crypto.rotate(bytes(account.encrypted_credentials))
    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
    assert account.credentials == {"password": "p"}


def test_a_lost_key_is_said_in_words(settings: Any) -> None:
    account = connect(credentials={"password": "p"})
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(crypto.UnreadableSecretError):
        _ = account.credentials


def test_a_missing_credential_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Fake, "credential_fields", (CredentialField("token", ("Jeton", "Token"), secret=True),))
    with pytest.raises(MissingCredentialError) as caught:
        connect()
    assert caught.value.field == "token"
    assert not ChannelAccount.objects.exists()


def test_a_kind_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownKindError):
        connect(kind="minitel")


def test_one_identity_of_a_network_is_connected_once() -> None:
    connect(own_id="@maison")
    with pytest.raises(IntegrityError):
        connect(own_id="@maison")


def test_an_account_that_is_found_to_be_connected_already_is_used_no_more() -> None:
    check_account(connect(name="Courriel"))
    again = connect(name="Encore")
    with pytest.raises(IntegrityError):
        check_account(again)
    again.refresh_from_db()
    assert (again.status, again.own_id) == (ChannelAccount.Status.DISCONNECTED, "")
    assert "as “Courriel”" in AccountHealth.objects.get(account=again).last_error
    assert ChannelAccount.objects.get(name="Courriel").status == ChannelAccount.Status.ACTIVE


def test_one_mailbox_is_connected_once_also_while_it_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Fake, "own_id_in", classmethod(lambda _cls, credentials: credentials.get("address", "")))
    answer_check(monkeypatch, TransientError("nobody there"))
    with pytest.raises(TransientError):
        check_account(connect(credentials={"address": "sav@maison.example"}))
    with pytest.raises(IntegrityError), transaction.atomic():
        connect(credentials={"address": "sav@maison.example"})
    assert ChannelAccount.objects.count() == 1


def test_an_address_that_was_mistyped_is_corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Fake, "own_id_in", classmethod(lambda _cls, credentials: credentials.get("address", "")))
    account = connect(credentials={"address": "svc@maison.example"})
    answer_check(monkeypatch, Health(own_id="sav@maison.example"))
    reconnect_account(account, credentials={"address": "sav@maison.example"})
    account.refresh_from_db()
    assert account.own_id == "sav@maison.example"


def test_why_an_account_stays_idle_that_was_signed_in_to_twice_is_kept_with_it() -> None:
    check_account(connect(name="Courriel"))
    again = connect(name="Encore")
    with pytest.raises(IntegrityError):
        reconnect_account(again, credentials={"token": "new"})
    again.refresh_from_db()
    assert again.own_id == ""
    assert "as “Courriel”" in AccountHealth.objects.get(account=again).last_error


def test_a_short_secret_is_refused_where_it_is_typed_and_stays_in_use_where_it_is_stored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    long = CredentialField("secret", ("Secret", "Secret"), secret=True, least_chars=16)
    monkeypatch.setattr(Fake, "credential_fields", (long,))
    with pytest.raises(ShortCredentialError):
        connect(credentials={"secret": "short"})
    account = make_account(kind="fake", own_id="us", credentials={"secret": "short"})
    reconnect_account(account, credentials={"secret": ""})
    assert ChannelAccount.objects.get().credentials == {"secret": "short"}
    with pytest.raises(ShortCredentialError):
        reconnect_account(account, credentials={"secret": "other"})


def test_an_expired_token_disconnects_and_is_recorded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    answer_check(monkeypatch, AuthError("The token expired."))
    account = connect()
    for _again in range(2):
        with pytest.raises(AuthError):
            check_account(account)
    assert ChannelAccount.objects.get().status == ChannelAccount.Status.DISCONNECTED
    assert AccountHealth.objects.get().last_error == "The token expired."
    assert Event.objects.filter(name="account.disconnected").count() == 1


def test_a_network_that_is_down_leaves_the_account_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    answer_check(monkeypatch, TransientError("The network does not answer."))
    account = connect()
    with pytest.raises(TransientError):
        check_account(account)
    assert ChannelAccount.objects.get().status == ChannelAccount.Status.ACTIVE
    assert AccountHealth.objects.get().last_error == "The network does not answer."


def test_new_credentials_that_work_reconnect_the_account() -> None:
    account = make_account(kind="fake", own_id="us", credentials={"token": "old", "server": "s"})
    disconnect_account(account, reason="The token expired.")
    reconnect_account(account, credentials={"token": "new", "server": ""})
    fresh = ChannelAccount.objects.get()
    assert (fresh.status, fresh.credentials) == (ChannelAccount.Status.ACTIVE, {"token": "new", "server": "s"})
    assert Event.objects.filter(name="account.reconnected").count() == 1


def test_new_credentials_that_fail_leave_the_old_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    account = make_account(kind="fake", credentials={"token": "old"})
    answer_check(monkeypatch, AuthError("Wrong password."))
    with pytest.raises(AuthError):
        reconnect_account(account, credentials={"token": "wrong"})
    assert ChannelAccount.objects.get().credentials == {"token": "old"}


def test_credentials_of_somebody_else_do_not_replace_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    account = make_account(kind="fake", own_id="us", credentials={"token": "ours"})
    answer_check(monkeypatch, Health(own_id="them", handle="@them"))
    with pytest.raises(PermanentError):
        reconnect_account(account, credentials={"token": "theirs"})
    fresh = ChannelAccount.objects.get()
    assert (fresh.own_id, fresh.credentials) == ("us", {"token": "ours"})


def test_tokens_that_the_network_rotated_are_stored(monkeypatch: pytest.MonkeyPatch, fake_network: FakeNetwork) -> None:
    monkeypatch.setattr(Fake, "renewed_credentials", lambda _connector: {"token": "rotated"})
    account = connect(credentials={"token": "first"})
    check_account(account)
    assert ChannelAccount.objects.get().credentials == {"token": "rotated"}


def test_an_account_without_credentials_says_so_instead_of_breaking(monkeypatch: pytest.MonkeyPatch) -> None:
    account = connect()
    monkeypatch.setattr(Fake, "credential_fields", (CredentialField("token", ("Jeton", "Token"), secret=True),))
    with pytest.raises(AuthError, match=r"lacks credentials \(token\)"):
        check_account(account)


def test_a_refusal_of_credentials_that_were_renewed_meanwhile_disconnects_nothing() -> None:
    account = make_account(kind="fake", own_id="us", credentials={"token": "old"})
    slow = ChannelAccount.objects.get(pk=account.pk)
    reconnect_account(account, credentials={"token": "new"})
    disconnect_account(slow, reason="The token expired.")
    assert ChannelAccount.objects.get().status == ChannelAccount.Status.ACTIVE
    assert not Event.objects.filter(name="account.disconnected").exists()


def test_an_account_that_is_removed_meanwhile_is_not_disconnected() -> None:
    account = make_account(kind="fake")
    gone = ChannelAccount.objects.get(pk=account.pk)
    account.delete()
    disconnect_account(gone, reason="The token expired.")
    assert not Event.objects.filter(name="account.disconnected").exists()


def test_rotated_tokens_do_not_overwrite_what_was_entered_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    account = make_account(kind="fake", own_id="us", credentials={"token": "old"})
    with opened(ChannelAccount.objects.get(pk=account.pk)):
        reconnect_account(account, credentials={"token": "new"})
        monkeypatch.setattr(Fake, "renewed_credentials", lambda _connector: {"token": "old, rotated"})
    assert ChannelAccount.objects.get().credentials == {"token": "new"}


def test_credentials_that_were_renewed_meanwhile_are_not_overwritten_by_older_ones() -> None:
    account = make_account(kind="fake", own_id="us", credentials={"token": "old", "server": "s"})
    seen_before = ChannelAccount.objects.get(pk=account.pk)
    account.credentials = {"token": "renewed", "server": "s"}
    account.save()
    reconnect_account(seen_before, credentials={"server": "t"})
    assert ChannelAccount.objects.get().credentials == {"token": "renewed", "server": "t"}


def test_an_account_put_to_rest_while_it_is_checked_goes_on_resting(monkeypatch: pytest.MonkeyPatch) -> None:
    account = make_account(kind="fake", own_id="us")

    def check(_connector: Fake) -> Health:
        rest_or_wake(account.pk)
        return Health(own_id="us")

    monkeypatch.setattr(Fake, "check", check)
    check_account(ChannelAccount.objects.get(pk=account.pk))
    assert ChannelAccount.objects.get().status == ChannelAccount.Status.PAUSED


def test_the_same_id_on_another_server_is_another_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Fake, "people_scope", lambda connector: connector.credentials["site"])
    here, there, again = (connect(credentials={"site": site}) for site in ("a.example", "b.example", "a.example"))
    check_account(here)
    check_account(there)
    assert (here.own_id, there.own_id, there.network_id) == ("us @ a.example", "us @ b.example", "us")
    with opened(there) as connector:
        assert connector.own_id == "us"
    with pytest.raises(IntegrityError), transaction.atomic():
        check_account(again)


def test_whoever_connects_anew_what_was_disconnected_is_sent_back_to_it() -> None:
    old = connect()
    check_account(old)
    disconnect_account(old, reason="The token expired.")
    with pytest.raises(IntegrityError):
        check_account(again := connect())
    assert "reconnect that one" in str(AccountHealth.objects.get(account=again).last_error)


def test_an_account_from_before_servers_were_told_apart_is_known_again(monkeypatch: pytest.MonkeyPatch) -> None:
    account = make_account(kind="fake", own_id="us", credentials={"site": "a.example"})
    monkeypatch.setattr(Fake, "people_scope", lambda connector: connector.credentials["site"])
    check_account(account)
    assert ChannelAccount.objects.get().own_id == "us @ a.example"


def test_an_id_that_is_too_long_is_kept_by_its_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    answer_check(monkeypatch, Health(own_id="https://" + "x" * 300))
    account = connect()
    check_account(account)
    check_account(ChannelAccount.objects.get(pk=account.pk))
    assert len(ChannelAccount.objects.get().own_id) == 255
