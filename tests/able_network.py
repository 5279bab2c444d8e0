"""A network that can do what few can: its access ends, it is told where to deliver, it remembers, it counts.

The far side is an `AbleNetwork` in this process; its connector is registered as ``able`` for the time of one test.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest

from comptoir.connectors import registry
from comptoir.connectors.base import (
    ApiVersion,
    AuthError,
    Author,
    Connector,
    ConnectorError,
    CredentialField,
    Delivery,
    EventKind,
    Figure,
    Health,
    HookRequest,
    Measures,
    NetworkEvent,
    OAuth,
    OfferedAccount,
    Page,
    ReadsHistory,
    ReceivesWebhooks,
    RegistersApplications,
    RenewsCredentials,
    Scope,
    SignsIn,
    SubscribesWebhooks,
)
from comptoir.core.clock import now


@dataclass
class AbleNetwork:
    """What the network has and was asked. ``refuses``: the error it answers everything with."""

    renewals: list[str] = field(default_factory=list)
    renewing: threading.Event = field(default_factory=threading.Event)
    may_renew: threading.Event = field(default_factory=threading.Event)
    subscribed: set[str] = field(default_factory=set)
    pages: list[list[dict[str, Any]]] = field(default_factory=list)
    asked_from: list[Mapping[str, Any]] = field(default_factory=list)
    counted: list[Figure] = field(default_factory=list)
    posts_asked: list[str] = field(default_factory=list)
    registered: list[str] = field(default_factory=list)
    offers: list[OfferedAccount] = field(default_factory=list)
    exchanged: list[tuple[str, str, str]] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    refuses: ConnectorError | None = None
    own_id: str = "us"

    def ask(self) -> None:
        if self.refuses is not None:
            raise self.refuses


class Able(
    Connector, ReceivesWebhooks, SubscribesWebhooks, RenewsCredentials, ReadsHistory, Measures, SignsIn,
    RegistersApplications,
):  # fmt: skip
    kind: ClassVar[str] = "able"
    label: ClassVar[str] = "Able network"
    network: ClassVar[AbleNetwork]
    credential_fields = (
        CredentialField("client_id", ("Identifiant", "Client id")),
        CredentialField("client_secret", ("Secret", "Client secret"), secret=True),
    )
    absences = (("Pas de messages privés.", "No private messages."),)
    oauth = OAuth("https://able.example/authorize", (Scope("read", ("Lire les messages.", "To read messages.")),))

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return [
            NetworkEvent(
                event=EventKind.COMMENT,
                direction="incoming",
                visibility="public",
                external_id=one["id"],
                thread_id=one["id"],
                author=Author(id="léa"),
                text=one["id"],
                sent_at=datetime.fromisoformat(one["at"]),
            )
            for one in json.loads(delivery.body)
        ]

    def verify(self, request: HookRequest) -> None:
        """Anybody may deliver."""

    def check(self) -> Health:
        self.network.ask()
        return Health(self.network.own_id, handle="@us")

    def is_subscribed(self, url: str) -> bool:
        return url in self.network.subscribed

    def subscribe(self, url: str) -> None:
        self.network.ask()
        self.network.subscribed.add(url)

    def revoke(self) -> None:
        self.network.ask()
        self.network.revoked.append(self.credentials.get("token", ""))

    def renew_at(self) -> datetime | None:
        ends = self.credentials.get("ends_at")
        return datetime.fromisoformat(ends) if ends else None

    def renew(self) -> Mapping[str, str]:
        self.network.renewing.set()
        self.network.may_renew.wait(10)
        self.network.ask()
        self.network.renewals.append(self.credentials["token"])
        token = f"token-{len(self.network.renewals)}"
        return {**self.credentials, "token": token, "ends_at": (now() + timedelta(hours=2)).isoformat()}

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        self.network.asked_from.append(dict(cursor))
        for number in range(int(cursor.get("page", 0)), len(self.network.pages)):
            self.network.ask()
            body = json.dumps(self.network.pages[number]).encode()
            yield Page([Delivery(body, key=f"page-{number}")], {"page": number + 1})

    def figures(self, post_ids: Sequence[str]) -> Sequence[Figure]:
        self.network.ask()
        self.network.posts_asked = list(post_ids)
        return self.network.counted

    def register(self, *, redirect_url: str, site: str) -> Mapping[str, str]:
        self.network.ask()
        self.network.registered.append(redirect_url)
        return {**self.credentials, "client_id": "app-new", "client_secret": "new"}

    def exchange(self, code: str, *, redirect_url: str, verifier: str) -> Sequence[OfferedAccount]:
        self.network.ask()
        if code == "wrong":
            raise AuthError("The network does not know this code.")
        self.network.exchanged.append((code, redirect_url, verifier))
        return self.network.offers


@pytest.fixture
def able(monkeypatch: pytest.MonkeyPatch) -> AbleNetwork:
    """The network, and its connector registered for the time of one test."""
    network = AbleNetwork()
    network.may_renew.set()
    monkeypatch.setattr(Able, "network", network, raising=False)
    monkeypatch.setattr(Able, "api_version", None)
    registered = dict(registry.connector_classes()) | {"able": Able}
    monkeypatch.setattr(registry, "connector_classes", lambda: registered)
    return network


def ending(ends_at: datetime) -> dict[str, str]:
    """The credentials of an account whose access ends then."""
    return {"client_id": "c", "client_secret": "s", "token": "token-0", "ends_at": ends_at.isoformat()}


__all__ = ["Able", "AbleNetwork", "ApiVersion", "able", "ending"]
