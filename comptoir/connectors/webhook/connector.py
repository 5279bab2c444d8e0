"""The generic channel: events come in and replies go out as signed JSON over HTTP. docs/webhook-channel.md."""

from __future__ import annotations

from typing import ClassVar

from comptoir.connectors.base import (
    ANYWHERE,
    Connector,
    CredentialField,
    Delivery,
    Family,
    Health,
    HookRequest,
    Limits,
    NetworkEvent,
    Outgoing,
    PermanentError,
    ReceivesWebhooks,
    SendsMessages,
    Sent,
)
from comptoir.connectors.webhook.reading import read_body
from comptoir.connectors.webhook.sending import outgoing_body, post, sent
from comptoir.connectors.webhook.signing import HEADER, check_signature, signature
from comptoir.core.reasons import Reason

_PING = b'{"event": "ping"}'


class Webhook(Connector, ReceivesWebhooks, SendsMessages):
    """Whatever can post and answer signed JSON."""

    kind: ClassVar[str] = "webhook"
    label: ClassVar[str] = "Webhook"
    media_hosts = ANYWHERE  # the company's own system says where its files are
    family = Family.OWN
    preparations = (
        (
            "De l’autre côté, choisissez une phrase d’au moins 16 caractères : elle signe ce qui entre et ce qui sort.",
            "On the other side, choose a secret of at least 16 characters: it signs what comes in and what goes out.",
        ),
        (
            "Après l’enregistrement, la page du compte donne l’adresse où poster les messages.",
            "Once it is saved, the account’s page gives the address to post messages to.",
        ),
        (
            'Il y poste du JSON, par exemple {"external_id": "1", "author": {"id": "lea"}, "text": "Bonjour"}.',
            'It posts JSON there, for example {"external_id": "1", "author": {"id": "lea"}, "text": "Hello"}.',
        ),
        (
            "Chaque envoi porte un en-tête X-Comptoir-Signature ; comment signer est dans docs/webhook-channel.md.",
            "Each delivery has a header X-Comptoir-Signature; how to sign is told in docs/webhook-channel.md.",
        ),
    )
    limits: ClassVar[Limits] = Limits(max_text_chars=100_000, max_files=10, takes_alt_text=True)
    resends_safely: ClassVar[bool] = True
    credential_fields: ClassVar[tuple[CredentialField, ...]] = (
        CredentialField(
            "secret",
            ("Secret de signature", "Signing secret"),
            (
                "Partagé avec l’autre côté ; signe ce qui entre et ce qui sort.",
                "Shared with the other side; signs what comes in and what goes out.",
            ),
            secret=True,
            least_chars=16,
        ),
        CredentialField(
            "outgoing_url",
            ("Adresse d’envoi", "Outgoing address"),
            (
                "Où nos réponses sont postées. Vide : ce compte ne fait que recevoir.",
                "Where our replies are posted. Empty: this account only receives.",
            ),
            required=False,
        ),
        CredentialField(
            "own_id",
            ("Notre identifiant", "Our own id"),
            (
                "L’identifiant d’auteur de nos propres messages chez l’autre côté, s’il les renvoie.",
                "The author id of our own messages on the other side, if it sends them back.",
            ),
            required=False,
        ),
    )

    def verify(self, request: HookRequest) -> None:
        check_signature(self.credentials.get("secret", ""), request.headers.get(HEADER.lower(), ""), request.body)

    def people_scope(self) -> None:
        """Each system behind a webhook has customers 1, 2 and 3 of its own."""

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_body(delivery.body, own_id=self.own_id or self.credentials.get("own_id") or None)

    def check(self) -> Health:
        """Post a ping, where there is somewhere to post it."""
        url = self.credentials.get("outgoing_url", "")
        if not url:
            return Health(own_id="", remarks=(Reason("No outgoing address: this account only receives."),))
        post(self.http, url, headers=self._headers("0", _PING, key="ping"), body=_PING)
        return Health(own_id="")

    def sends_here(self) -> bool:
        """Where there is somewhere to post."""
        return bool(self.credentials.get("outgoing_url"))

    def reserve_external_id(self, outgoing: Outgoing) -> str:
        """Our key, until the other side's answer names another: an echo that comes first is recognised by it."""
        return outgoing.key

    def send(self, outgoing: Outgoing) -> Sent:
        url = self.credentials.get("outgoing_url", "")
        if not url:
            raise PermanentError("This account has no outgoing address: it only receives.")
        body = outgoing_body(outgoing)
        stamp = str(int(outgoing.queued_at.timestamp()))
        return sent(post(self.http, url, headers=self._headers(stamp, body, key=outgoing.key), body=body), outgoing)

    def _headers(self, stamp: str, body: bytes, *, key: str) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            HEADER: signature(self.credentials.get("secret", ""), stamp=stamp, body=body),
        }
