"""Viber: one bot, by the Bot API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import httpx

from comptoir.connectors.base import (
    Connector,
    Delivery,
    Family,
    Figure,
    Health,
    HookRequest,
    Limits,
    Measures,
    NetworkEvent,
    Outgoing,
    PermanentError,
    ReceivesWebhooks,
    SendsMessages,
    Sent,
    SubscribesWebhooks,
)
from comptoir.connectors.shared.signing import check_hmac
from comptoir.connectors.viber import saying
from comptoir.connectors.viber.api import LABEL, Bot
from comptoir.connectors.viber.reading import read_body
from comptoir.connectors.viber.setting_up import ABSENCES, FIELDS, PREPARATIONS


class Viber(Connector, ReceivesWebhooks, SubscribesWebhooks, SendsMessages, Measures):
    """Messages to the bot, and our answers with what became of them."""

    kind, label = "viber", LABEL
    media_hosts = ("viber.com",)
    family = Family.PRIVATE
    limits: ClassVar[Limits] = Limits(
        max_text_chars=7000, max_files=saying.MAX_FILES, max_file_bytes=saying.MAX_FILE_BYTES, fetches_files=True,
        sends_per_minute=300, max_choices=24, max_choice_chars=100,
    )  # fmt: skip
    credential_fields = FIELDS
    preparations = PREPARATIONS
    absences = ABSENCES
    unverified = (
        "Écrit d’après la documentation de Viber ; n’a pas été vérifié auprès du service.",
        "Written from Viber’s documentation; not verified against the service.",
    )
    verified_against = "documentation only, not verified against the service"

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client, *, own_id: str | None = None) -> None:
        super().__init__(credentials, http, own_id=own_id)
        self._bot = Bot(credentials, http)

    def verify(self, request: HookRequest) -> None:
        """Viber signs with the bot's own token."""
        signature = request.headers.get("x-viber-content-signature", "")
        check_hmac(self.credentials.get("auth_token", "").strip(), request.body, signature)

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_body(delivery.body)

    def check(self) -> Health:
        return self._bot.health()

    def subscribe(self, url: str) -> None:
        self._bot.deliver_to(url)

    def is_subscribed(self, url: str) -> bool:
        return self._bot.account().get("webhook") == url

    def send(self, outgoing: Outgoing) -> Sent:
        if outgoing.visibility == "public":
            raise PermanentError("Viber has no public messages here: answer in private.")
        return self._bot.send(outgoing)

    def figures(self, post_ids: Sequence[str]) -> Sequence[Figure]:
        return self._bot.figures()
