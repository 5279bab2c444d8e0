"""LINE: one Official Account, by the Messaging API."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, Literal

import httpx

from comptoir.connectors.base import (
    ANYWHERE,
    Addressee,
    ApiVersion,
    Author,
    CompletesEvents,
    Connector,
    Delivery,
    Family,
    Figure,
    Health,
    HookRequest,
    Lack,
    Limits,
    LocatesMedia,
    Measures,
    MediaSource,
    NetworkEvent,
    Outgoing,
    PayloadError,
    PermanentError,
    ReceivesWebhooks,
    SendsMessages,
    Sent,
    SignalsTyping,
    SubscribesWebhooks,
    TextUnit,
)
from comptoir.connectors.line import saying
from comptoir.connectors.line.api import LABEL, Bot
from comptoir.connectors.line.reading import read_body
from comptoir.connectors.line.setting_up import ABSENCES, FIELDS, PREPARATIONS
from comptoir.connectors.shared.signing import check_hmac
from comptoir.connectors.shared.untrusted import load_object, name
from comptoir.core.reasons import Reason


class Line(
    Connector, ReceivesWebhooks, SubscribesWebhooks, CompletesEvents, SendsMessages, SignalsTyping, LocatesMedia,
    Measures,
):  # fmt: skip
    """Messages to the account, from people and groups, and our answers."""

    kind, label = "line", LABEL
    media_hosts = ANYWHERE  # what other applications share lies where they keep it
    family = Family.PRIVATE
    limits: ClassVar[Limits] = Limits(
        max_text_chars=5000, text_unit=TextUnit.UTF16, max_files=saying.MAX_FILES,
        max_file_bytes=saying.MAX_FILE_BYTES, file_types=(*saying.PICTURES, *saying.FILMS, *saying.SOUNDS),
        fetches_files=True, sends_per_minute=600, max_choices=13, max_choice_chars=20,
    )  # fmt: skip
    credential_fields = FIELDS
    preparations = PREPARATIONS
    absences = ABSENCES
    api_version = ApiVersion("v2")
    unverified = (
        "Écrit d’après la documentation de LINE ; n’a pas été vérifié auprès du service.",
        "Written from LINE’s documentation; not verified against the service.",
    )
    verified_against = "the vendor’s sample payloads and documentation, not verified against the service"
    resends_safely = True

    @classmethod
    def called(cls, external_id: str) -> Reason | None:
        """Who shows LINE no name, as after blocking us, has an id of 33 letters."""
        return Reason("LINE user %(end)s", end=external_id[-4:]) if external_id.startswith("U") else None

    @classmethod
    def others_read(cls, thread_id: str) -> bool:
        """Groups are named C…, rooms R…; people U…."""
        return thread_id.startswith(("C", "R"))

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client, *, own_id: str | None = None) -> None:
        super().__init__(credentials, http, own_id=own_id)
        self._bot = Bot(credentials, http)

    def verify(self, request: HookRequest) -> None:
        signature = request.headers.get("x-line-signature", "")
        check_hmac(self.credentials.get("channel_secret", "").strip(), request.body, signature, encoding="base64")

    def addressees(self, request: HookRequest) -> Sequence[Addressee]:
        try:
            to = name(load_object(request.body).get("destination"))
        except PayloadError:
            return ()
        return (Addressee(self.kind, to),) if to else ()

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_body(delivery.body)

    def lacks(self, event: NetworkEvent) -> Collection[Lack]:
        """People's names, and what a group is called; a chat of several that is no group has no name."""
        lacking: list[Lack] = ["person"] if event.author.id and not event.author.name else []
        return [*lacking, "place"] if (event.thread_id or "").startswith("C") else lacking

    def completed(self, event: NetworkEvent, lacking: Collection[Lack]) -> NetworkEvent:
        if "place" in lacking:
            event = replace(event, subject=self._bot.group_name(event.thread_id or ""))
        if "person" in lacking:
            event = replace(event, author=self._bot.profile(event.author.id or "", event.thread_id))
        return event

    def check(self) -> Health:
        return self._bot.health()

    def subscribe(self, url: str) -> None:
        self._bot.deliver_to(url)

    def is_subscribed(self, url: str) -> bool:
        return self._bot.endpoint() == url

    def send(self, outgoing: Outgoing) -> Sent:
        if outgoing.visibility == "public":
            raise PermanentError("LINE has no public messages here: answer in private.")
        return self._bot.push(outgoing)

    def signal(self, recipient: Author, signal: Literal["typing", "read"], *, thread_id: str | None) -> None:
        """LINE only shows that we type, and only to one person alone."""
        if signal == "typing" and recipient.id and thread_id in (None, recipient.id):
            self._bot.typing(recipient.id)

    def locate(self, url: str) -> MediaSource:
        return self._bot.media(url)

    def figures(self, post_ids: Sequence[str]) -> Sequence[Figure]:
        return self._bot.figures()
