"""RCS: one agent on Google's RCS Business Messaging (RCS for Business)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import httpx

from comptoir.connectors.base import (
    Addressee,
    Answer,
    ApiVersion,
    Author,
    Connector,
    Delivery,
    Family,
    Health,
    HeedsRefusals,
    HookRequest,
    Limits,
    NetworkEvent,
    Outgoing,
    PayloadError,
    PermanentError,
    ReceivesWebhooks,
    SendsMessages,
    Sent,
    SignalsTyping,
    SignatureError,
)
from comptoir.connectors.rcs.api import LABEL, Agent
from comptoir.connectors.rcs.payloads import told_in, wrapped
from comptoir.connectors.rcs.reading import read_body
from comptoir.connectors.rcs.setting_up import ABSENCES, FIELDS, PREPARATIONS
from comptoir.connectors.shared.opting_out import OPTED_OUT
from comptoir.connectors.shared.signing import check_hmac, check_token
from comptoir.connectors.shared.untrusted import load_object, name
from comptoir.core.reasons import Reason

_FILE_TYPES = (
    "image/jpeg", "image/png", "image/gif", "video/mp4", "video/mpeg", "video/webm", "audio/mpeg", "audio/mp4",
    "audio/x-m4a", "audio/aac", "audio/ogg", "audio/3gpp", "application/pdf",
)  # fmt: skip
_REFUSED = Reason("The customer has asked not to be written to by RCS any more (STOP, or the telephone’s own menu).")


class Rcs(Connector, ReceivesWebhooks, SendsMessages, HeedsRefusals, SignalsTyping):
    """What customers write to the brand's agent from their telephones, and its answers."""

    kind, label = "rcs", LABEL
    media_hosts = ("googleapis.com", "googleusercontent.com")
    family = Family.TELEPHONE
    limits: ClassVar[Limits] = Limits(
        max_text_chars=3072, max_files=5, max_file_bytes=100 * 1000 * 1000, file_types=_FILE_TYPES, fetches_files=True,
        sends_per_minute=300, max_choices=11, max_choice_chars=25,
    )  # fmt: skip
    credential_fields = FIELDS
    preparations = PREPARATIONS
    absences = ABSENCES
    api_version = ApiVersion("v1")
    unverified = (
        "Écrit d’après la documentation de Google ; n’a pas été vérifié auprès du service.",
        "Written from Google’s documentation; not verified against the service.",
    )
    verified_against = "documentation only, not verified against the service"
    resends_safely = True
    wish: ClassVar[str] = OPTED_OUT

    @classmethod
    def refusal(cls, custom: Mapping[str, Any]) -> Reason | None:
        return _REFUSED if custom.get(OPTED_OUT) else None

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client, *, own_id: str | None = None) -> None:
        super().__init__(credentials, http, own_id=own_id)
        self._agent = Agent(credentials, http)

    def verify(self, request: HookRequest) -> None:
        """What is wrapped up is signed with the token; the question whether we are there carries the token itself."""
        token = self.credentials.get("client_token", "").strip()
        try:
            signed, asked = wrapped(request.body), load_object(request.body)
        except PayloadError as error:
            raise SignatureError("The signature does not fit the body and this account's secret.") from error
        if signed is None:
            check_token(token, name(asked.get("clientToken")) or "")
        else:
            given = request.headers.get("x-goog-signature", "")
            check_hmac(token, signed, given, algorithm="sha512", encoding="base64")

    def challenge(self, request: HookRequest) -> Answer | None:
        """Google's question carries a secret, which it wants to hear again."""
        try:
            asked = load_object(request.body) if request.method == "POST" else {}
        except PayloadError:
            return None
        secret = name(asked.get("secret"))
        return Answer(body=secret.encode()) if secret and "clientToken" in asked else None

    def addressees(self, request: HookRequest) -> Sequence[Addressee]:
        """A partner's webhook serves all of its agents."""
        try:
            agent = name(told_in(request.body).get("agentId"))
        except PayloadError:
            return ()
        return (Addressee(self.kind, agent),) if agent else ()

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_body(delivery.body)

    def check(self) -> Health:
        return self._agent.health()

    def send(self, outgoing: Outgoing) -> Sent:
        if outgoing.visibility == "public":
            raise PermanentError("RCS has no public messages: answer in private.")
        if outgoing.parent_custom.get(OPTED_OUT):
            raise PermanentError(_REFUSED)
        return self._agent.send(outgoing)

    def signal(self, recipient: Author, signal: Literal["typing", "read"], *, thread_id: str | None) -> None:
        """Google shows that we type; that we have read it wants to be told for each message by its id."""
        if signal == "typing" and recipient.id:
            self._agent.typing(recipient.id)

    def renewed_credentials(self) -> Mapping[str, str] | None:
        renewed = self._agent.session.renewed
        return {**self.credentials, **renewed} if renewed else None
