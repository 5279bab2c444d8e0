"""Facebook: one Page, its posts, comments and recommendations. Its private messages are another account, Messenger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from comptoir.connectors.base import (
    Addressee,
    Answer,
    Connector,
    DeletesOthers,
    Delivery,
    EditsMessages,
    Figure,
    FindsSent,
    Health,
    HidesOthers,
    HookRequest,
    Likes,
    Limits,
    Measures,
    Moderates,
    NetworkEvent,
    OfferedAccount,
    Outgoing,
    Page,
    PermanentError,
    ReadsHistory,
    ReceivesWebhooks,
    SendsMessages,
    Sent,
    SignsIn,
    Standing,
    SubscribesWebhooks,
)
from comptoir.connectors.facebook import history, sending, setting_up
from comptoir.connectors.facebook.reading import read_body
from comptoir.connectors.shared.graph import hooks, pages
from comptoir.connectors.shared.graph.api import VERSION, Graph
from comptoir.connectors.shared.graph.page_account import PageAccount


class Facebook(
    Connector, ReceivesWebhooks, SubscribesWebhooks, ReadsHistory, SendsMessages, FindsSent, EditsMessages, Moderates,
    HidesOthers, DeletesOthers, Likes, SignsIn, Measures,
):  # fmt: skip
    """What is said in public on one Page, and its answers."""

    kind, label = "facebook", "Facebook"
    media_hosts = ("fbcdn.net", "fbsbx.com")
    offers_publishing = True
    writes_privately_once = True
    limits: ClassVar[Limits] = Limits(
        max_text_chars=sending.MAX_CHARS,
        max_files=1,
        max_file_bytes=sending.MAX_FILE_BYTES,
        file_types=("image/jpeg", "image/png", "image/gif", "image/webp"),
        sends_per_minute=60,
        private=Limits(max_text_chars=sending.PRIVATE_CHARS, sends_per_minute=60, reply_window=sending.PRIVATE_WINDOW),
    )
    credential_fields = pages.FIELDS
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
        return read_body(delivery.body, self.own_id)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return history.history(self._graph(), since, cursor)

    # --- the account ---

    def check(self) -> Health:
        return self._account().health(setting_up.SCOPES)

    def subscribe(self, url: str) -> None:
        self._account().subscribe(url)

    def is_subscribed(self, url: str) -> bool:
        return self._account().is_subscribed(url)

    def exchange(self, code: str, *, redirect_url: str, verifier: str) -> Sequence[OfferedAccount]:
        return self._account().offered(code, redirect_url)

    def figures(self, post_ids: Sequence[str]) -> Sequence[Figure]:
        return history.figures(self._graph(), post_ids)

    # --- out ---

    def send(self, outgoing: Outgoing) -> Sent:
        return sending.Answering(self._graph()).send(outgoing)

    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        return sending.Answering(self._graph()).find_sent(outgoing, self.own_id)

    def edit(self, external_id: str, outgoing: Outgoing, custom: Mapping[str, Any]) -> None:
        if outgoing.visibility == "private":
            raise PermanentError("A private reply cannot be changed once it is sent.")
        sending.Answering(self._graph()).edit(external_id, outgoing.text)

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        self._moderation().delete(external_id)

    def may_hide(self, message: Standing) -> bool:
        return self.own_id is not None and message.thread_id.startswith(f"{self.own_id}_")

    def hide(self, external_id: str, *, thread_id: str) -> None:
        self._moderation().set_hidden(external_id, True)

    def show(self, external_id: str, *, thread_id: str) -> None:
        self._moderation().set_hidden(external_id, False)

    def may_remove(self, message: Standing) -> bool:
        return self.may_hide(message)

    def remove(self, external_id: str, *, thread_id: str) -> None:
        self._moderation().delete(external_id)

    def like(self, external_id: str, custom: Mapping[str, Any]) -> None:
        self._moderation().like(external_id)

    def unlike(self, external_id: str, custom: Mapping[str, Any]) -> None:
        self._moderation().unlike(external_id)

    def _moderation(self) -> sending.Moderation:
        return sending.Moderation(self._graph())

    def _account(self) -> PageAccount:
        return PageAccount(self._graph(), self.credentials)

    def _graph(self) -> Graph:
        token, secret = self.credentials.get("access_token", ""), self.credentials.get("client_secret", "")
        return Graph(self.label, self.http, token, secret)
