"""SMS, MMS and RCS: one number of ours, by Twilio or by any gateway that posts and takes JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

import httpx

from comptoir.connectors.base import (
    ANYWHERE,
    Answer,
    ApiVersion,
    Connector,
    Delivery,
    Family,
    FindsSent,
    Health,
    HeedsRefusals,
    HookRequest,
    Limits,
    LocatesMedia,
    MediaSource,
    NetworkEvent,
    Outgoing,
    Page,
    PermanentError,
    ReadsHistory,
    ReceivesWebhooks,
    SendsMessages,
    Sent,
    SubscribesWebhooks,
    TextUnit,
    UncertainError,
)
from comptoir.connectors.shared.opting_out import OPTED_OUT
from comptoir.connectors.shared.signing import check_hmac, check_token
from comptoir.connectors.shared.twilio import MEDIA_HOSTS as TWILIO_MEDIA_HOSTS
from comptoir.connectors.shared.twilio import TwilioAccount, check_signature
from comptoir.connectors.shared.untrusted import name
from comptoir.connectors.sms import choices
from comptoir.connectors.sms.addresses import is_rcs
from comptoir.connectors.sms.numbers import deliver_to, delivers_to, past_messages
from comptoir.connectors.sms.reading import read_delivery
from comptoir.connectors.sms.sending import REFUSED, find_at_twilio, send_by_gateway, send_by_twilio
from comptoir.connectors.sms.setting_up import ABSENCES, FIELDS, PREPARATIONS, UNVERIFIED
from comptoir.core.reasons import Reason

#: The credential that keeps where Twilio is to tell what became of our messages.
_CALLBACK = "callback_url"
_MAX_BODY_CHARS = 1600
#: Twilio reads the answer as what to do next; other gateways would send its words to the customer.
_NO_ANSWER_BY_TWIML = Answer(body=b"<Response/>", content_type="text/xml")


_LIMITS = Limits(
    max_text_chars=10, text_unit=TextUnit.SEGMENTS, max_files=10, max_file_bytes=5 * 1000 * 1000,
    file_types=("image/jpeg", "image/png", "image/gif"), fetches_files=True, sends_per_minute=60,
)  # fmt: skip
_BY_RCS = replace(
    _LIMITS, max_text_chars=_MAX_BODY_CHARS, text_unit=TextUnit.CODE_POINTS, max_choices=choices.MAX_CHOICES,
    max_choice_chars=choices.MAX_CHOICE_CHARS, max_text_chars_above_choices=choices.MAX_TEXT_CHARS,
)  # fmt: skip


class Sms(
    Connector, ReceivesWebhooks, SubscribesWebhooks, ReadsHistory, SendsMessages, FindsSent, HeedsRefusals, LocatesMedia
):  # fmt: skip
    """What customers text to one number, and what it answers."""

    kind, label = "sms", "SMS"
    media_hosts = ANYWHERE  # gateways keep files where they like; Twilio does not
    family = Family.TELEPHONE
    limits: ClassVar[Limits] = _LIMITS
    credential_fields, preparations, absences, unverified = FIELDS, PREPARATIONS, ABSENCES, UNVERIFIED
    verified_against = "Twilio’s published contract"
    api_version = ApiVersion("Twilio 2010-04-01")
    delivers_by_get = True
    writes_from_any_account = True

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client, *, own_id: str | None = None) -> None:
        super().__init__(credentials, http, own_id=own_id or credentials.get("sender") or None)
        self._callback_url = credentials.get(_CALLBACK, "")
        self.acknowledgement = _NO_ANSWER_BY_TWIML if self._is_twilio else Answer()

    def limits_here(self) -> Limits:
        """A gateway takes text alone; RCS counts letters, as many as Twilio takes, and not segments."""
        if not self._is_twilio:
            return replace(self.limits, max_files=0, fetches_files=False)
        if is_rcs(self._sender):
            return _BY_RCS
        return self.limits

    wish: ClassVar[str] = OPTED_OUT

    @classmethod
    def refusal(cls, custom: Mapping[str, Any]) -> Reason | None:
        return REFUSED if custom.get(OPTED_OUT) else None

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_delivery(delivery, self.own_id)

    def sends_here(self) -> bool:
        """By Twilio, or where another provider's address is known."""
        return self._is_twilio or bool(self.credentials.get("send_url", "").strip())

    def check(self) -> Health:
        if not self._is_twilio:
            if not self.sends_here():
                said = Reason("No sending address: this account only receives.")
                return Health(self._sender, self._sender, self._sender, remarks=(said,))
            return Health(self._sender, self._sender, self._sender)
        account = self._twilio()
        described, status = account.described(), ""
        status = name(described.get("status")) or ""
        remarks = () if status in ("active", "") else (Reason("Twilio says that the account is %(s)s.", s=status),)
        return Health(self._sender, self._sender, name(described.get("friendly_name")) or self._sender, remarks=remarks)

    def renewed_credentials(self) -> Mapping[str, str] | None:
        """With the address that Twilio delivers to, once it was set."""
        if self._callback_url == self.credentials.get(_CALLBACK, ""):
            return None
        return {**self.credentials, _CALLBACK: self._callback_url}

    # --- receiving ---

    def verify(self, request: HookRequest) -> None:
        """Twilio's signature, or the secret that was agreed with another gateway, in one of three places."""
        if "x-twilio-signature" in request.headers or self._is_twilio:
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
            raise PermanentError("Enter this address on the gateway’s own pages: %(url)s", url=url)
        deliver_to(self._twilio(), self._sender, url)
        self._callback_url = url

    def is_subscribed(self, url: str) -> bool:
        return self._is_twilio and delivers_to(self._twilio(), self._sender, url)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """Twilio keeps messages; of another gateway nothing is known."""
        return past_messages(self._twilio(), self._sender, since, cursor) if self._is_twilio else iter(())

    def media_hosts_here(self) -> Sequence[str]:
        return TWILIO_MEDIA_HOSTS if self._is_twilio else self.media_hosts

    def locate(self, url: str) -> MediaSource:
        """Twilio's own files want the account's token; no other host is given it."""
        host = urlsplit(url).hostname or ""
        if (
            self._is_twilio
            and url.startswith("https://")
            and (host == "api.twilio.com" or host.endswith(".twilio.com"))
        ):
            return MediaSource(url, {"Authorization": self._twilio().authorization()})
        return MediaSource(url)

    # --- answering ---

    def send(self, outgoing: Outgoing) -> Sent:
        if self._is_twilio:
            return send_by_twilio(self._twilio(), self._sender, self._callback_url, outgoing)
        return send_by_gateway(self.http, self.credentials, outgoing)

    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        if self._is_twilio:
            return find_at_twilio(self._twilio(), self._sender, outgoing)
        raise UncertainError("The SMS gateway cannot be asked whether the message arrived.")

    @property
    def _is_twilio(self) -> bool:
        return bool(self.credentials.get("account_sid", "").strip())

    @property
    def _sender(self) -> str:
        return self.credentials.get("sender", "").strip()

    def _twilio(self) -> TwilioAccount:
        return TwilioAccount.of(self.credentials, self.http)
