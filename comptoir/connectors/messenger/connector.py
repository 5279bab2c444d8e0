"""Messenger: the private messages of one Facebook Page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, Literal

from comptoir.connectors.base import (
    Addressee,
    Answer,
    Author,
    CompletesEvents,
    Connector,
    Delivery,
    Family,
    FindsSent,
    Health,
    HookRequest,
    Lack,
    Limits,
    NetworkEvent,
    OfferedAccount,
    Outgoing,
    Page,
    PermanentError,
    ReadsHistory,
    ReceivesWebhooks,
    SendsMessages,
    Sent,
    SharesThreads,
    SignalsTyping,
    SignsIn,
    SubscribesWebhooks,
)
from comptoir.connectors.messenger import setting_up
from comptoir.connectors.messenger.reading import read_body
from comptoir.connectors.shared.graph import hooks, pages
from comptoir.connectors.shared.graph.api import VERSION, Graph
from comptoir.connectors.shared.graph.messaging import handover
from comptoir.connectors.shared.graph.messaging.conversations import Conversations
from comptoir.connectors.shared.graph.messaging.profiles import profile
from comptoir.connectors.shared.graph.messaging.sending import (
    HUMAN_AGENT_WINDOW,
    MAX_CHOICE_CHARS,
    MAX_CHOICES,
    Sender,
)
from comptoir.connectors.shared.graph.page_account import PageAccount
from comptoir.core.reasons import template


class Messenger(
    Connector, ReceivesWebhooks, SubscribesWebhooks, ReadsHistory, CompletesEvents, SendsMessages, FindsSent,
    SignalsTyping, SharesThreads, SignsIn,
):  # fmt: skip
    """What customers write to one Page in private, and its answers."""

    kind, label = "messenger", "Messenger"
    stays_because = template(
        "Messenger knows this customer by an identifier of this Page’s own: no other Page can write to them."
    )
    media_hosts = ("fbcdn.net", "fbsbx.com")
    family = Family.PRIVATE
    limits: ClassVar[Limits] = Limits(
        max_text_chars=2000,
        max_files=10,
        max_file_bytes=25 * 1000 * 1000,
        sends_per_minute=250,
        reply_window=HUMAN_AGENT_WINDOW,
        max_choices=MAX_CHOICES,
        max_choice_chars=MAX_CHOICE_CHARS,
    )
    credential_fields = (*pages.FIELDS, setting_up.OTHER_APP)
    preparations = setting_up.PREPARATIONS
    absences = setting_up.ABSENCES
    unverified = setting_up.UNVERIFIED
    verified_against = "recorded deliveries and the documentation only, not verified against the service"
    api_version = VERSION
    oauth = pages.oauth(*setting_up.SCOPES)

    # --- in ---

    def verify(self, request: HookRequest) -> None:
        hooks.check_signature(request, [self.credentials.get("client_secret", "")])

    def challenge(self, request: HookRequest) -> Answer | None:
        return hooks.answer_challenge(request, self.credentials.get("verify_token", ""))

    def addressees(self, request: HookRequest) -> Sequence[Addressee]:
        return hooks.addressees(request, ("facebook", "messenger"))

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_body(delivery.body, self.own_id, self.credentials.get("client_id", "").strip())

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return self._conversations().history(since, cursor)

    def lacks(self, event: NetworkEvent) -> Collection[Lack]:
        return ["person"] if (event.author.id or "").isdecimal() and not event.author.name else []

    def completed(self, event: NetworkEvent, lacking: Collection[Lack]) -> NetworkEvent:
        return replace(event, author=profile(self._graph(), "messenger", event.author.id or ""))

    # --- the account ---

    def check(self) -> Health:
        return self._account().health(setting_up.SCOPES)

    def subscribe(self, url: str) -> None:
        self._account().subscribe(url)

    def is_subscribed(self, url: str) -> bool:
        return self._account().is_subscribed(url)

    def exchange(self, code: str, *, redirect_url: str, verifier: str) -> Sequence[OfferedAccount]:
        return self._account().offered(code, redirect_url)

    # --- out ---

    def send(self, outgoing: Outgoing) -> Sent:
        return self._sender().send(outgoing, {"id": _person(outgoing)})

    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        return self._conversations().find_sent(outgoing, _person(outgoing), self.own_id)

    def signal(self, recipient: Author, signal: Literal["typing", "read"], *, thread_id: str | None) -> None:
        if recipient.id:
            self._sender().signal(recipient.id, "typing_on" if signal == "typing" else "mark_seen")

    def pass_thread(self, recipient: Author, *, asked_by: str = "") -> None:
        app = handover.app_called(asked_by) or self._other_app()
        handover.pass_thread(self._graph(), _known(recipient), app)

    def other_application(self) -> str:
        return handover.app_named(self._other_app())

    def _other_app(self) -> str:
        return self.credentials.get("other_app", "").strip() or handover.PAGE_INBOX

    def take_thread(self, recipient: Author) -> None:
        handover.take_thread(self._graph(), _known(recipient))

    def _sender(self) -> Sender:
        return Sender(self._graph(), "messenger")

    def _conversations(self) -> Conversations:
        return Conversations(self._graph(), "messenger")

    def _account(self) -> PageAccount:
        return PageAccount(self._graph(), self.credentials)

    def _graph(self) -> Graph:
        token, secret = self.credentials.get("access_token", ""), self.credentials.get("client_secret", "")
        return Graph(self.label, self.http, token, secret)


def _known(person: Author) -> str:
    """Raises PermanentError where the Page does not know them."""
    if not person.id:
        raise PermanentError("It is not known to whom this reply goes.")
    return person.id


def _person(outgoing: Outgoing) -> str:
    """Whom a reply goes to, as the Page knows them. Raises PermanentError where that is not known."""
    person = outgoing.recipient.id or outgoing.thread_id
    if not person:
        raise PermanentError("It is not known to whom this reply goes.")
    return person
