"""Telephone: the calls of one number of ours, by Twilio, by Asterisk, or as any switchboard tells of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from comptoir.connectors.base import (
    ANYWHERE,
    Answer,
    ApiVersion,
    Connector,
    Delivery,
    Family,
    Health,
    HookRequest,
    LocatesMedia,
    MediaSource,
    NetworkEvent,
    Page,
    PermanentError,
    PlacesCalls,
    ReadsHistory,
    ReceivesWebhooks,
    Streams,
    SubscribesWebhooks,
)
from comptoir.connectors.phone.payloads import read_delivery
from comptoir.connectors.phone.placing import check_number, past_calls, report_to, reports_to, ring_by_twilio
from comptoir.connectors.phone.setting_up import ABSENCES, FIELDS, PREPARATIONS, UNVERIFIED
from comptoir.connectors.phone.switchboard import Switchboard
from comptoir.connectors.shared.signing import check_hmac, check_token
from comptoir.connectors.shared.twilio import MEDIA_HOSTS as TWILIO_MEDIA_HOSTS
from comptoir.connectors.shared.twilio import TwilioAccount, check_signature
from comptoir.connectors.shared.untrusted import name
from comptoir.core.reasons import Reason

#: The credential that keeps where Twilio is to tell how our calls go.
_CALLBACK = "callback_url"


class Phone(Connector, ReceivesWebhooks, SubscribesWebhooks, Streams, ReadsHistory, LocatesMedia, PlacesCalls):
    """Calls as they ring, are answered, missed or ended, with their voice messages; and calls at a click."""

    kind, label = "phone", "Telephone"
    mark = "Tp"
    media_hosts = ANYWHERE  # switchboards keep recordings where they like; Twilio does not
    family = Family.TELEPHONE
    credential_fields, preparations, absences, unverified = FIELDS, PREPARATIONS, ABSENCES, UNVERIFIED
    verified_against = "a real Kamailio 5.6; recordings of Asterisk 20; Twilio’s published contract"
    api_version = ApiVersion("Twilio 2010-04-01, Asterisk 20")
    acknowledgement = Answer(body=b"<Response/>", content_type="text/xml")
    delivers_by_get = True

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client, *, own_id: str | None = None) -> None:
        super().__init__(credentials, http, own_id=own_id or credentials.get("number") or None)
        self._callback_url = credentials.get(_CALLBACK, "")

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_delivery(delivery, self.own_id)

    def check(self) -> Health:
        remarks: list[str] = []
        called = self._number
        if self._is_twilio:
            described = self._twilio().described()
            called, status = name(described.get("friendly_name")) or called, name(described.get("status")) or "active"
            if status != "active":
                remarks.append(Reason("Twilio says that the account is %(s)s.", s=status))
        if self._is_asterisk:
            called = f"Asterisk {self._switchboard().version()}".strip()
        if not (self._is_twilio or self._is_asterisk):
            remarks.append(Reason("Neither Twilio nor Asterisk: this account is only told of calls."))
        return Health(self._number, self._number, called, remarks=tuple(remarks))

    def renewed_credentials(self) -> Mapping[str, str] | None:
        """With the address that Twilio tells, once it was set."""
        if self._callback_url == self.credentials.get(_CALLBACK, ""):
            return None
        return {**self.credentials, _CALLBACK: self._callback_url}

    # --- being told ---

    def verify(self, request: HookRequest) -> None:
        """Twilio's signature, or the secret that was agreed with another switchboard, in one of three places."""
        if self._is_twilio:
            check_signature(self.credentials.get("auth_token", "").strip(), request)
            return
        secret = self.credentials.get("webhook_secret", "")
        signed = request.headers.get("x-signature", "")
        if signed:
            check_hmac(secret, request.sent, signed.removeprefix("sha256="))
            return
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        check_token(secret, bearer or request.query.get("token", ""))

    def subscribes_here(self) -> bool:
        return self._is_twilio

    def subscribe(self, url: str) -> None:
        if not self._is_twilio:
            raise PermanentError("Enter this address on the switchboard’s own pages: %(url)s", url=url)
        report_to(self._twilio(), self._number, url)
        self._callback_url = url

    def is_subscribed(self, url: str) -> bool:
        return self._is_twilio and reports_to(self._twilio(), self._number, url)

    def streams_here(self) -> bool:
        """Asterisk's events; whoever else tells of calls does so by webhook."""
        return self._is_asterisk

    def stream(self, cursor: Mapping[str, Any], stop: threading.Event) -> Iterator[Page]:
        return self._switchboard().listen(cursor, stop)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """Twilio keeps a list of calls; of another switchboard nothing is known."""
        return past_calls(self._twilio(), self._number, since, cursor) if self._is_twilio else iter(())

    def media_hosts_here(self) -> Sequence[str]:
        return TWILIO_MEDIA_HOSTS if self._is_twilio else self.media_hosts

    def locate(self, url: str) -> MediaSource:
        """Twilio's recordings want the account's token; no other host is given it."""
        host = urlsplit(url).hostname or ""
        if self._is_twilio and url.startswith("https://") and (host == "twilio.com" or host.endswith(".twilio.com")):
            return MediaSource(url, {"Authorization": self._twilio().authorization()})
        return MediaSource(url)

    # --- calling ---

    def calls_here(self) -> bool:
        return self._is_twilio or self._is_asterisk

    def place_call(self, to: str, *, agent: str, key: str) -> str:
        """Ring the agent, then the customer. Asterisk rings once for one key; Twilio would ring again."""
        check_number(to)
        if self._is_twilio:
            return ring_by_twilio(self._twilio(), self._number, self._callback_url, to=to, agent=agent)
        if self._is_asterisk:
            board = self._switchboard()
            return board.ring(to, agent=agent, own_number=self._number, dialing=self.credentials, key=key)
        raise PermanentError("This switchboard only tells of calls: dial from your telephone.")

    @property
    def _is_twilio(self) -> bool:
        return bool(self.credentials.get("account_sid", "").strip())

    @property
    def _is_asterisk(self) -> bool:
        return bool(self.credentials.get("ari_url", "").strip())

    @property
    def _number(self) -> str:
        return self.credentials.get("number", "").strip()

    def _twilio(self) -> TwilioAccount:
        return TwilioAccount.of(self.credentials, self.http)

    def _switchboard(self) -> Switchboard:
        return Switchboard.of(self.credentials, self.http)
