"""Threads: one account, the replies to its posts and the mentions of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from comptoir.connectors.base import (
    Addressee,
    Answer,
    Connector,
    Delivery,
    Figure,
    FindsSent,
    Health,
    HidesOthers,
    HookRequest,
    Limits,
    Measures,
    Moderates,
    NetworkEvent,
    OAuth,
    OfferedAccount,
    Outgoing,
    Page,
    PayloadError,
    PermanentError,
    ReadsHistory,
    ReceivesWebhooks,
    RenewsCredentials,
    SendsMessages,
    Sent,
    SignsIn,
    Standing,
)
from comptoir.connectors.shared.graph import hooks, long_tokens
from comptoir.connectors.shared.graph.api import Graph
from comptoir.connectors.shared.graph.envelope import Change, parts
from comptoir.connectors.shared.untrusted import load, name
from comptoir.connectors.threads import history, sending, setting_up
from comptoir.connectors.threads.api import AUTHORIZE_URL, LABEL, VERSION, graph_of, tokens
from comptoir.connectors.threads.reading import read_body, root_owner


class Threads(
    Connector, ReceivesWebhooks, ReadsHistory, SendsMessages, FindsSent, Moderates, HidesOthers, SignsIn,
    RenewsCredentials, Measures,
):  # fmt: skip
    """What is said under one account's posts and about it, and its answers."""

    kind, label = "threads", LABEL
    media_hosts = ("cdninstagram.com", "fbcdn.net")
    offers_publishing = True
    limits: ClassVar[Limits] = Limits(max_text_chars=sending.MAX_CHARS, sends_per_minute=30)
    credential_fields = setting_up.FIELDS
    preparations = setting_up.PREPARATIONS
    absences = setting_up.ABSENCES
    unverified = setting_up.UNVERIFIED
    verified_against = "the documentation and its samples only, not verified against the service"
    api_version = VERSION
    writes_privately = False
    oauth = OAuth(AUTHORIZE_URL, setting_up.SCOPES, scope_separator=",", uses_pkce=False)

    # --- in ---

    def verify(self, request: HookRequest) -> None:
        hooks.check_signature(request, [self.credentials.get("client_secret", "")])

    def challenge(self, request: HookRequest) -> Answer | None:
        return hooks.answer_challenge(request, self.credentials.get("verify_token", ""))

    def addressees(self, request: HookRequest) -> Sequence[Addressee]:
        try:
            delivered = parts(load(request.body)) or []
        except PayloadError:
            return ()
        found = [root_owner(part.value) for part in delivered if isinstance(part, Change) and part.field == "replies"]
        return [Addressee(self.kind, owner) for owner in dict.fromkeys(found) if owner]

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_body(delivery.body, self.own_id)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return history.history(self._graph(), since, cursor)

    # --- the account ---

    def check(self) -> Health:
        told = self._graph().get("me", fields="id,username,name")
        own_id, handle = name(told.get("id")), name(told.get("username")) or ""
        if own_id is None:
            raise PermanentError("Threads answered without saying which account this is.")
        ends = long_tokens.expires_at(self.credentials)
        return Health(own_id, handle, name(told.get("name")) or handle, ends)

    def exchange(self, code: str, *, redirect_url: str, verifier: str) -> Sequence[OfferedAccount]:
        kept = tokens(self.http).exchange(self.credentials, code, redirect_url)
        told = graph_of(kept, self.http).get("me", fields="id,username")
        own_id = name(told.get("id"))
        if own_id is None:
            raise PermanentError("Threads answered without saying which account this is.")
        return [OfferedAccount(own_id, name(told.get("username")) or own_id, kept)]

    def renew_at(self) -> datetime | None:
        return long_tokens.renew_at(self.credentials)

    def renew(self) -> Mapping[str, str]:
        return tokens(self.http).renew(self.credentials)

    def figures(self, post_ids: Sequence[str]) -> Sequence[Figure]:
        return history.figures(self._graph(), post_ids)

    # --- out ---

    def send(self, outgoing: Outgoing) -> Sent:
        return sending.Answering(self._graph()).send(outgoing)

    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        return sending.Answering(self._graph()).find_sent(outgoing)

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        sending.Answering(self._graph()).delete(external_id)

    def may_hide(self, message: Standing) -> bool:
        """Threads hides what stands right below a post of ours; what stands deeper goes with it."""
        return self.own_id is not None and message.thread_author_id == self.own_id and message.answers_the_first

    def hide(self, external_id: str, *, thread_id: str) -> None:
        sending.Answering(self._graph()).set_hidden(external_id, True)

    def show(self, external_id: str, *, thread_id: str) -> None:
        sending.Answering(self._graph()).set_hidden(external_id, False)

    def _graph(self) -> Graph:
        return graph_of(self.credentials, self.http)
