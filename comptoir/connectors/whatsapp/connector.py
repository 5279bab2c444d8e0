"""WhatsApp: one business number on Meta's Cloud API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from comptoir.connectors.base import (
    Addressee,
    Answer,
    Connector,
    Delivery,
    Family,
    Health,
    HookRequest,
    Likes,
    Limits,
    LocatesMedia,
    MediaSource,
    MessageTemplate,
    NetworkEvent,
    Outgoing,
    PermanentError,
    ReceivesWebhooks,
    SendsMessages,
    SendsTemplates,
    Sent,
    SubscribesWebhooks,
)
from comptoir.connectors.shared.graph import hooks
from comptoir.connectors.shared.graph.api import VERSION, Graph
from comptoir.connectors.whatsapp import sending, setting_up
from comptoir.connectors.whatsapp.account import Account, addressees
from comptoir.connectors.whatsapp.errors import dialect
from comptoir.connectors.whatsapp.reading import read_body
from comptoir.connectors.whatsapp.templates import Templates
from comptoir.core.reasons import template


class WhatsApp(Connector, ReceivesWebhooks, SubscribesWebhooks, SendsMessages, SendsTemplates, LocatesMedia, Likes):
    """What customers write to one number, and its answers."""

    kind, label = "whatsapp", "WhatsApp"
    stays_because = template(
        "WhatsApp lets only the number that the customer wrote to answer them "
        "freely; another could send no more than a template, in a chat of its own."
    )
    media_hosts = ("fbsbx.com", "fbcdn.net", "whatsapp.net")
    family = Family.PRIVATE
    limits: ClassVar[Limits] = Limits(
        max_text_chars=sending.MAX_CHARS,
        max_files=10,
        max_file_bytes=sending.MAX_FILE_BYTES,
        sends_per_minute=250,
        reply_window=sending.WINDOW,
        max_choices=sending.MAX_CHOICES,
        max_choice_chars=sending.MAX_CHOICE_CHARS,
        max_text_chars_above_choices=sending.MAX_CHARS_ABOVE_CHOICES,
    )
    credential_fields = setting_up.FIELDS
    preparations = setting_up.PREPARATIONS
    absences = setting_up.ABSENCES
    unverified = setting_up.UNVERIFIED
    verified_against = "Meta’s published contract v23.0 and recorded deliveries, not verified against the service"
    api_version = VERSION

    # --- in ---

    def verify(self, request: HookRequest) -> None:
        hooks.check_signature(request, [self.credentials.get("client_secret", "")])

    def challenge(self, request: HookRequest) -> Answer | None:
        return hooks.answer_challenge(request, self.credentials.get("verify_token", ""))

    def addressees(self, request: HookRequest) -> Sequence[Addressee]:
        return addressees(request)

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_body(delivery.body, self.own_id)

    def locate(self, url: str) -> MediaSource:
        return self._account().locate(url)

    # --- the account ---

    def check(self) -> Health:
        return self._account().health()

    def subscribe(self, url: str) -> None:
        self._account().subscribe(url)

    def is_subscribed(self, url: str) -> bool:
        return self._account().is_subscribed(url)

    def templates(self) -> Sequence[MessageTemplate]:
        return Templates(self._graph(), self.credentials.get("waba_id", "")).all()

    # --- out ---

    def send(self, outgoing: Outgoing) -> Sent:
        if outgoing.visibility == "public":
            raise PermanentError("WhatsApp has no public messages.")
        return self._sender().send(outgoing)

    def like(self, external_id: str, custom: Mapping[str, Any]) -> None:
        self._sender().react(external_id, str(custom.get("from") or ""), "👍")

    def unlike(self, external_id: str, custom: Mapping[str, Any]) -> None:
        self._sender().react(external_id, str(custom.get("from") or ""), "")

    def _sender(self) -> sending.Sender:
        return sending.Sender(self._graph(), self._account().phone_number_id, self.credentials.get("waba_id", ""))

    def _account(self) -> Account:
        return Account(self._graph(), self.credentials)

    def _graph(self) -> Graph:
        token, secret = self.credentials.get("access_token", ""), self.credentials.get("client_secret", "")
        return Graph(self.label, self.http, token, secret, dialect=dialect)
