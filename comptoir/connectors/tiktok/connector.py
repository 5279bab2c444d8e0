"""TikTok: one business account, by the Business API."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

import httpx

from comptoir.connectors.base import (
    Addressee,
    ApiVersion,
    Connector,
    Delivery,
    Figure,
    FindsSent,
    Health,
    HidesOthers,
    HookRequest,
    Limits,
    LocatesMedia,
    Measures,
    MediaSource,
    Moderates,
    NetworkEvent,
    OfferedAccount,
    Outgoing,
    Page,
    PayloadError,
    Polls,
    ReadsHistory,
    ReceivesWebhooks,
    RenewsCredentials,
    SendsMessages,
    Sent,
    SignatureError,
    SignsIn,
    Standing,
    SubscribesWebhooks,
    UncertainError,
)
from comptoir.connectors.shared.signing import same
from comptoir.connectors.shared.untrusted import load_object, name
from comptoir.connectors.tiktok import account, api, listening
from comptoir.connectors.tiktok.reading import read_body
from comptoir.connectors.tiktok.setting_up import ABSENCES, FIELDS, OAUTH, PREPARATIONS

_WEBHOOKS = ("DIRECT_MESSAGE", "COMMENT")


class TikTok(
    Connector, ReceivesWebhooks, SubscribesWebhooks, Polls, ReadsHistory, SendsMessages, FindsSent, Moderates,
    HidesOthers, LocatesMedia, Measures, SignsIn, RenewsCredentials,
):  # fmt: skip
    """Comments under the account's videos, its direct messages where TikTok gives them, and our answers."""

    kind, label = "tiktok", api.LABEL
    media_hosts = (
        "tiktok.com",
        "tiktokcdn.com",
        "tiktokcdn-eu.com",
        "tiktokcdn-us.com",
        "tiktokv.com",
        "tiktokv.eu",
        "ibyteimg.com",
        "byteoversea.com",
    )
    offers_publishing = True
    limits: ClassVar[Limits] = Limits(
        max_text_chars=150,
        sends_per_minute=30,
        private=Limits(
            max_text_chars=6000,
            max_files=3,
            max_file_bytes=3 * 1024 * 1024,
            file_types=("image/jpeg", "image/png"),
            sends_per_minute=30,
            reply_window=timedelta(hours=48),
        ),
    )
    credential_fields = FIELDS
    preparations = PREPARATIONS
    absences = ABSENCES
    oauth = OAUTH
    api_version = ApiVersion(api.VERSION)
    unverified = (
        (
            "Écrit d’après la documentation de TikTok et ce que d’autres ont relevé ; n’a pas été vérifié auprès du "
            "service."
        ),
        "Written from TikTok’s documentation and what others recorded; not verified against the service.",
    )
    verified_against = "payloads recorded by others and documentation, not verified against the service"
    poll_every = timedelta(minutes=5)
    writes_privately = False

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client, *, own_id: str | None = None) -> None:
        super().__init__(credentials, http, own_id=own_id)
        self._business = api.Business(credentials, http)

    # --- listening ---

    def verify(self, request: HookRequest) -> None:
        """``t=<seconds>,s=<hex>``: the stamp is signed but its age is not judged, a repetition changes nothing."""
        secret = self.credentials.get("client_secret", "").strip()
        if not secret:
            raise SignatureError("This account has no signing secret: nothing can be verified.")
        parts = dict(
            part.strip().partition("=")[::2] for part in request.headers.get("tiktok-signature", "").split(",")
        )
        signed = parts.get("t", "").encode("utf-8", "replace") + b"." + request.body
        expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        if not same(expected, parts.get("s", "").lower()):
            raise SignatureError("The signature does not fit the body and this account's secret.")

    def addressees(self, request: HookRequest) -> Sequence[Addressee]:
        """TikTok posts for all accounts of an application to one address."""
        try:
            to = name(load_object(request.body).get("user_openid"))
        except PayloadError:
            return ()
        return (Addressee(self.kind, to),) if to else ()

    def subscribe(self, url: str) -> None:
        for kind in _WEBHOOKS:
            self._business.app("POST", "/business/webhook/update/", event_type=kind, callback_url=url)

    def is_subscribed(self, url: str) -> bool:
        told = [self._business.app("GET", "/business/webhook/list/", event_type=kind) for kind in _WEBHOOKS]
        return all(one.get("callback_url") == url for one in told)

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_body(delivery.body, self.own_id or self.credentials.get("business_id") or None)

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return listening.poll(self._business, cursor)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return listening.history(self._business, since, cursor)

    def locate(self, url: str) -> MediaSource:
        return account.media(self._business, url)

    # --- answering and moderating ---

    def send(self, outgoing: Outgoing) -> Sent:
        if outgoing.visibility == "private":
            return account.answer_message(self._business, outgoing)
        return account.answer_comment(self._business, outgoing)

    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        if outgoing.visibility == "private":
            raise UncertainError("TikTok does not let direct messages be looked for: see there whether it arrived.")
        return account.find_comment(self._business, outgoing)

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        account.delete(self._business, external_id, custom)

    def may_hide(self, message: Standing) -> bool:
        """Under videos, whose ids have digits only; not in direct messages."""
        return message.thread_id.isdecimal()

    def hide(self, external_id: str, *, thread_id: str) -> None:
        account.hide(self._business, external_id, thread_id, hidden=True)

    def show(self, external_id: str, *, thread_id: str) -> None:
        account.hide(self._business, external_id, thread_id, hidden=False)

    # --- the account ---

    def check(self) -> Health:
        return account.health(self._business)

    def figures(self, post_ids: Sequence[str]) -> Sequence[Figure]:
        return account.figures(self._business, post_ids)

    def exchange(self, code: str, *, redirect_url: str, verifier: str) -> Sequence[OfferedAccount]:
        asked = {"grant_type": "authorization_code", "auth_code": code, "redirect_uri": redirect_url}
        opened = {**self.credentials, **api.tokens(self._business.network, self.credentials, "/token/", asked)}
        found = account.health(api.Business(opened, self.http))
        return [OfferedAccount(found.own_id, found.name, opened)]

    def revoke(self) -> None:
        ours = {key: self.credentials.get(key, "") for key in ("client_id", "client_secret", "access_token")}
        api.called(self._business.network, "POST", "/tt_user/oauth2/revoke/", repeatable=True, json=ours)

    def renew_at(self) -> datetime | None:
        return api.TOKENS.renew_at(self.credentials)

    def renew(self) -> Mapping[str, str]:
        asked = api.TOKENS.refresh_form(self.credentials)
        return {**self.credentials, **api.tokens(self._business.network, self.credentials, "/refresh_token/", asked)}
