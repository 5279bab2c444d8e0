"""The e-mail channel: one mailbox, read over IMAP, answered over SMTP."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from comptoir.connectors.base import (
    Connector,
    ConnectorError,
    CredentialField,
    Delivery,
    Family,
    Health,
    Limits,
    NetworkEvent,
    Outgoing,
    Page,
    PermanentError,
    Polls,
    SendsMessages,
    Sent,
    Streams,
)
from comptoir.connectors.email import imap, smtp
from comptoir.connectors.email.compose import composed, own_addresses, recipient_address, reserved_id
from comptoir.connectors.email.credentials import FIELDS
from comptoir.connectors.email.reading import read_delivery
from comptoir.core.reasons import Reason


class Email(Connector, Polls, Streams, SendsMessages):
    """One mailbox. Sending twice makes two mails: an attempt that was cut in the dark is put to a person."""

    kind, label = "email", "E-mail"
    media_hosts = ()
    family = Family.OWN
    preparations = (
        (
            "Chez votre hébergeur de messagerie, activez l’accès IMAP de la boîte s’il ne l’est pas.",
            "With your mail provider, switch on IMAP for the mailbox unless it is on.",
        ),
        (
            "Si la boîte est protégée par un second facteur, créez-y un mot de passe d’application pour Comptoir.",
            "If a second factor protects the mailbox, make an app password for Comptoir there.",
        ),
        (
            "Notez les serveurs IMAP (lecture) et SMTP (envoi) que l’aide de l’hébergeur indique.",
            "Note the IMAP (reading) and SMTP (sending) servers that the provider’s help names.",
        ),
    )
    limits = Limits(max_files=20, max_file_bytes=20 * 1024 * 1024, sends_per_minute=30)
    credential_fields: ClassVar[tuple[CredentialField, ...]] = FIELDS
    poll_every = timedelta(seconds=30)
    resends_safely = False
    writes_from_any_account = True

    @classmethod
    def own_id_in(cls, credentials: Mapping[str, str]) -> str:
        return (credentials.get("address") or "").strip().lower()

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_delivery(delivery, own_addresses(self.own_id, self.credentials))

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        state = _state(cursor)
        with imap.mailbox(self.credentials) as client:
            yield from imap.read_folders(client, imap.folder_names(self.credentials), state, self._history_days())

    def stream(self, cursor: Mapping[str, Any], stop: threading.Event) -> Iterator[Page]:
        state = _state(cursor)
        with imap.mailbox(self.credentials) as client:
            yield from imap.watch(client, imap.folder_names(self.credentials), state, self._history_days(), stop)

    def reserve_external_id(self, outgoing: Outgoing) -> str | None:
        """A mailbox that is not connected has no credentials, and takes replies for when it is."""
        return reserved_id(outgoing, self.credentials.get("address") or self.own_id or "")

    def send(self, outgoing: Outgoing) -> Sent:
        address = self.credentials["address"]
        message_id = outgoing.external_id or reserved_id(outgoing, address)
        recipient = recipient_address(outgoing, own_addresses(self.own_id, self.credentials))
        raw = composed(
            outgoing,
            address=address,
            sender_name=self.credentials.get("sender_name") or "",
            message_id=message_id,
            recipient=recipient,
            plus_addressing=(self.credentials.get("plus_addressing") or "").lower() in ("yes", "oui", "true", "1"),
        )
        with smtp.mail_server(self.credentials) as server:
            refused = smtp.hand_over(server, address, [recipient], raw)
        self._keep_copy(raw)
        return Sent(message_id, custom={"refused": dict(refused)} if refused else {})

    def check(self) -> Health:
        remarks = []
        with imap.mailbox(self.credentials) as client:
            for folder in imap.folder_names(self.credentials):
                if not client.folder_exists(folder):
                    raise PermanentError(
                        "The mailbox has no folder “%(folder)s”. Choose one that exists, or create it.", folder=folder
                    )
            if not client.has_capability("IDLE"):
                remarks.append(Reason("The server does not announce new mail: it is looked for every 20 seconds."))
        with smtp.mail_server(self.credentials):
            pass
        address = self.credentials["address"]
        return Health(
            own_id=self.own_id_in(self.credentials),
            handle=address,
            name=self.credentials.get("sender_name") or "",
            remarks=tuple(remarks),
        )

    def _history_days(self) -> int:
        value = (self.credentials.get("history_days") or "0").strip()
        return int(value) if value.isdigit() else 0

    def _keep_copy(self, raw: bytes) -> None:
        """The mail is gone already: a copy that cannot be kept must not look like a failure."""
        if (self.credentials.get("sent_folder") or "").strip():
            with contextlib.suppress(ConnectorError):
                imap.append_sent(self.credentials, raw)


def _state(cursor: Mapping[str, Any]) -> imap.Cursor:
    return {folder: dict(reached) for folder, reached in cursor.items()}
