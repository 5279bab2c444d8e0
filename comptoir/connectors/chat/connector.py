"""Live chat: the other side is our own widget; nothing is called, it fetches what is stored. docs/chat.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from comptoir.connectors.base import (
    Author,
    Connector,
    CredentialField,
    Delivery,
    Family,
    Health,
    Limits,
    Moderates,
    NetworkEvent,
    Outgoing,
    SendsMessages,
    Sent,
    SignalsTyping,
)
from comptoir.connectors.chat.reading import read_body
from comptoir.core.reasons import Reason, template


class Chat(Connector, SendsMessages, SignalsTyping, Moderates):
    """The widget on a company's own site."""

    kind: ClassVar[str] = "chat"
    label: ClassVar[str] = "Live chat"
    mark: ClassVar[str] = "Ch"
    stays_because = template(
        "The customer has this chat open on one site: what another account says would not reach them there."
    )
    media_hosts = ()
    family = Family.OWN
    preparations = (
        (
            (
                "Rien à préparer : le chat est le nôtre. Après l’enregistrement, une ligne à copier dans votre site "
                "s’affiche sur la page du compte."
            ),
            (
                "Nothing to prepare: the chat is ours. Once it is saved, the account’s page shows a line to copy into "
                "your site."
            ),
        ),
    )
    limits: ClassVar[Limits] = Limits(
        max_text_chars=5000, max_files=5, file_types=("image/*", "application/pdf"), sends_per_minute=600
    )
    resends_safely: ClassVar[bool] = True
    embedding: ClassVar[str] = '<script src="{base}/chat.js" data-key="{key}" async></script>'
    credential_fields: ClassVar[tuple[CredentialField, ...]] = (
        CredentialField(
            "identity_secret",
            ("Secret d’identité", "Identity secret"),
            (
                "Pour reconnaître les clients connectés à votre site. Vide : tous les visiteurs sont anonymes.",
                "To recognise customers who are signed in to your site. Empty: every visitor is anonymous.",
            ),
            secret=True,
            required=False,
        ),
        CredentialField(
            "allowed_origins",
            ("Sites autorisés", "Allowed sites"),
            (
                "Par exemple https://www.exemple.fr, séparés par des espaces. Vide : tous.",
                "For example https://www.example.com, separated by spaces. Empty: any.",
            ),
            required=False,
        ),
        CredentialField(
            "greeting",
            ("Phrase d’accueil", "Greeting"),
            ("Affichée en haut de la fenêtre.", "Shown at the top of the window."),
            required=False,
        ),
    )

    @classmethod
    def called(cls, external_id: str) -> Reason | None:
        """A browser is known by a digest; a customer whom the site signed in, by the site's own id of them."""
        return Reason("Visitor %(end)s", end=external_id[-4:]) if external_id.startswith("v-") else None

    @classmethod
    def vouched(cls, scope: str) -> Reason | None:
        """Only a customer whom the site signed in has a scope; a browser's own are visitors of any of our chats."""
        return Reason("signed in on your site") if scope else None

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_body(delivery.body)

    def check(self) -> Health:
        """There is nobody to ask: the widget is ours."""
        return Health(own_id="")

    def reserve_external_id(self, outgoing: Outgoing) -> str:
        return outgoing.key

    def send(self, outgoing: Outgoing) -> Sent:
        """Acknowledge: the reply is stored already, and from now on the widget is given it."""
        return Sent(external_id=outgoing.external_id or outgoing.key)

    def signal(self, recipient: Author, signal: Literal["typing", "read"], *, thread_id: str | None) -> None:
        """Nothing to tell: the widget sees the agent's draft grow and the message marked as read in our own rows."""

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        """Nothing to call: the widget is not given what is deleted."""
