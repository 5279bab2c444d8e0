"""Bluesky: one account of the AT Protocol's social network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

import httpx

from comptoir.connectors.base import (
    YES_OR_NO,
    Connector,
    ConnectorError,
    CredentialField,
    Delivery,
    FindsSent,
    Health,
    HidesOthers,
    Limits,
    Moderates,
    NetworkEvent,
    Outgoing,
    Page,
    PermanentError,
    Polls,
    ReadsHistory,
    SendsMessages,
    Sent,
    Standing,
    TextUnit,
)
from comptoir.connectors.bluesky.answers import RefusedError
from comptoir.connectors.bluesky.direct_messages import find_direct_message, send_direct_message
from comptoir.connectors.bluesky.gates import hide_reply, is_post_of, show_reply
from comptoir.connectors.bluesky.history import history
from comptoir.connectors.bluesky.payloads import read_delivery
from comptoir.connectors.bluesky.polling import Poller
from comptoir.connectors.bluesky.posting import (
    MAX_GRAPHEMES,
    MAX_IMAGE_BYTES,
    MAX_IMAGES,
    address_of,
    delete_post,
    find_post,
    send_post,
)
from comptoir.connectors.bluesky.session import DEFAULT_SERVICE, Session
from comptoir.connectors.bluesky.untrusted import name
from comptoir.connectors.shared.addresses import host_of
from comptoir.core.reasons import Reason

_FIELDS = (
    CredentialField(
        "identifier",
        ("Nom d’utilisateur", "Handle"),
        ("Comme dans marque.bsky.social, sans @.", "As in brand.bsky.social, without the @."),
    ),
    CredentialField(
        "app_password",
        ("Mot de passe d’application", "App password"),
        (
            "À créer dans Bluesky, Paramètres, Confidentialité et sécurité. Jamais le mot de passe du compte.",
            "Made in Bluesky, Settings, Privacy and security. Never the account’s own password.",
        ),
        secret=True,
    ),
    CredentialField(
        "direct_messages",
        ("Messages privés", "Direct messages"),
        (
            "Les lire et y répondre ; le mot de passe d’application doit l’autoriser.",
            "Read and answer them; the app password must allow it.",
        ),
        required=False,
        default="no",
        choices=YES_OR_NO,
    ),
    CredentialField(
        "service",
        ("Adresse du service", "Address of the service"),
        (
            "À changer seulement si le compte est hébergé ailleurs que chez Bluesky.",
            "To be changed only where the account is not hosted by Bluesky.",
        ),
        required=False,
        default=DEFAULT_SERVICE,
    ),
)


class Bluesky(Connector, Polls, ReadsHistory, SendsMessages, FindsSent, Moderates, HidesOthers):
    """Mentions, replies and quotes of one account, its answers, and its direct messages where asked for."""

    kind, label = "bluesky", "Bluesky"
    media_hosts = ("bsky.app", "bsky.network")
    offers_publishing = True
    preparations = (
        (
            (
                "Ouvrez bsky.app avec le compte de la marque, puis Paramètres, Confidentialité et sécurité, "
                "Mots de passe d’application."
            ),
            "Open bsky.app with the brand’s account, then Settings, Privacy and security, App passwords.",
        ),
        (
            (
                "Ajoutez un mot de passe d’application nommé « Comptoir ». Cochez l’accès aux messages privés si "
                "vous voulez y répondre ici."
            ),
            "Add an app password named “Comptoir”. Allow access to direct messages if you want to answer them here.",
        ),
        (
            (
                "Copiez-le tout de suite : Bluesky ne le montre qu’une fois. Votre mot de passe habituel n’est pas "
                "demandé."
            ),
            "Copy it at once: Bluesky shows it only once. Your usual password is not asked for.",
        ),
    )
    limits: ClassVar[Limits] = Limits(
        max_text_chars=MAX_GRAPHEMES,
        text_unit=TextUnit.GRAPHEMES,
        max_files=MAX_IMAGES,
        max_file_bytes=MAX_IMAGE_BYTES,
        file_types=("image/*",),
        sends_per_minute=27,
        takes_alt_text=True,
    )
    credential_fields = _FIELDS
    unverified = (
        "Les messages privés suivent la documentation de Bluesky ; ils n’ont pas été vérifiés auprès du service.",
        "Direct messages follow Bluesky’s documentation; they were not verified against the service.",
    )
    poll_every = timedelta(seconds=30)
    resends_safely = True

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client, *, own_id: str | None = None) -> None:
        super().__init__(credentials, http, own_id=own_id)
        self._opened: Session | None = None

    def media_hosts_here(self) -> Sequence[str]:
        return (*self.media_hosts, host_of(self.credentials.get("service", "")))

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_delivery(delivery, self.own_id)

    def check(self) -> Health:
        session = self._session()
        found = session.get("com.atproto.server.getSession").content
        handle = name(found.get("handle")) or ""
        remarks: list[str] = []
        if found.get("active") is False:
            status = name(found.get("status")) or "?"
            remarks.append(Reason("Bluesky says that this account is not active (%(status)s).", status=status))
        try:
            profile = session.get("app.bsky.actor.getProfile", {"actor": session.did}).content
        except RefusedError as error:
            profile = {}
            remarks.append(Reason("The account’s profile could not be read: %(reason)s", reason=error.reason))
        if self._reads_direct_messages:
            remarks += self._remarks_on_direct_messages(session)
        return Health(session.did, handle, name(profile.get("displayName")) or handle, remarks=tuple(remarks))

    def renewed_credentials(self) -> Mapping[str, str] | None:
        if self._opened is None or not self._opened.renewed:
            return None
        return {**self.credentials, **self._opened.renewed}

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return self._poller().pages(cursor)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return history(self._poller(), since, cursor)

    def reserve_external_id(self, outgoing: Outgoing) -> str | None:
        if outgoing.visibility == "private" or self.own_id is None:
            return None
        return address_of(outgoing, self.own_id)

    def send(self, outgoing: Outgoing) -> Sent:
        if outgoing.visibility == "private":
            return send_direct_message(self._session(), outgoing)
        return send_post(self._session(), outgoing)

    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        if outgoing.visibility == "private":
            return find_direct_message(self._session(), outgoing)
        return find_post(self._session(), outgoing)

    def writes_privately_here(self) -> bool:
        return self._reads_direct_messages or "direct_messages" not in self.credentials

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        if not external_id.startswith("at://"):
            raise PermanentError("Bluesky cannot take back a direct message: it could only be hidden from us.")
        delete_post(self._session(), external_id)

    def may_hide(self, message: Standing) -> bool:
        return self.own_id is not None and is_post_of(message.thread_id, self.own_id)

    def hide(self, external_id: str, *, thread_id: str) -> None:
        hide_reply(self._session(), external_id, thread_id)

    def show(self, external_id: str, *, thread_id: str) -> None:
        show_reply(self._session(), external_id, thread_id)

    def _poller(self) -> Poller:
        return Poller(self._session(), direct_messages=self._reads_direct_messages)

    @property
    def _reads_direct_messages(self) -> bool:
        return _is_yes(self.credentials.get("direct_messages"))

    def _remarks_on_direct_messages(self, session: Session) -> list[Reason]:
        try:
            session.get("chat.bsky.convo.listConvos", {"limit": 1}, chat=True)
        except ConnectorError as error:
            return [Reason("Direct messages cannot be read: %(reason)s", reason=error.reason)]
        return []

    def _session(self) -> Session:
        if self._opened is None:
            self._opened = Session(self.credentials, self.http, own_id=self.own_id)
        return self._opened


def _is_yes(value: str | None) -> bool:
    return (value or "").strip().lower() in ("yes", "oui", "true", "1", "on")
