"""Instagram: one professional account, its comments, mentions and private messages."""

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
    DeletesOthers,
    Delivery,
    Figure,
    FindsSent,
    Health,
    HidesOthers,
    HookRequest,
    Lack,
    Limits,
    Measures,
    Moderates,
    NetworkEvent,
    OAuth,
    OfferedAccount,
    Outgoing,
    Page,
    PermanentError,
    ReadsHistory,
    ReceivesWebhooks,
    RenewsCredentials,
    SendsMessages,
    Sent,
    SharesThreads,
    SignalsTyping,
    SignsIn,
    Standing,
    SubscribesWebhooks,
    TextUnit,
)
from comptoir.connectors.instagram import completing, history, sending, setting_up
from comptoir.connectors.instagram.account import LABEL, Account
from comptoir.connectors.instagram.reading import read_body
from comptoir.connectors.shared.graph import hooks, long_tokens
from comptoir.connectors.shared.graph.api import VERSION
from comptoir.connectors.shared.graph.messaging import handover
from comptoir.connectors.shared.graph.messaging.sending import (
    HUMAN_AGENT_WINDOW,
    MAX_CHOICE_CHARS,
    MAX_CHOICES,
    Sender,
)
from comptoir.core.reasons import template

_PRIVATE = Limits(
    max_text_chars=sending.PRIVATE_BYTES,
    text_unit=TextUnit.BYTES,
    sends_per_minute=100,
    reply_window=HUMAN_AGENT_WINDOW,
    max_choices=MAX_CHOICES,
    max_choice_chars=MAX_CHOICE_CHARS,
)
_WITH_FILES = replace(_PRIVATE, max_files=10, max_file_bytes=sending.MAX_FILE_BYTES, file_types=sending.FILE_TYPES)


class Instagram(
    Connector, ReceivesWebhooks, SubscribesWebhooks, ReadsHistory, CompletesEvents, SendsMessages, FindsSent,
    Moderates, HidesOthers, DeletesOthers, SignalsTyping, SharesThreads, SignsIn, RenewsCredentials, Measures,
):  # fmt: skip
    """What is said under one account's posts, about it, and to it in private."""

    kind, label = "instagram", LABEL
    stays_because = template(
        "Instagram knows this customer by an identifier of this account’s own: no other account can write to them."
    )
    media_hosts = ("cdninstagram.com", "fbcdn.net", "fbsbx.com")
    offers_publishing = True
    writes_privately_once = True
    limits: ClassVar[Limits] = Limits(max_text_chars=sending.PUBLIC_CHARS, sends_per_minute=60, private=_PRIVATE)
    credential_fields = setting_up.FIELDS
    preparations = setting_up.PREPARATIONS
    absences = setting_up.ABSENCES
    unverified = setting_up.UNVERIFIED
    verified_against = "recorded deliveries and the documentation only, not verified against the service"
    api_version = VERSION
    oauth = OAuth("https://www.instagram.com/oauth/authorize", setting_up.SCOPES, scope_separator=",", uses_pkce=False)

    def limits_here(self) -> Limits:
        return replace(self.limits, private=_WITH_FILES) if self._account().is_page_linked else self.limits

    # --- in ---

    def verify(self, request: HookRequest) -> None:
        secrets = (self.credentials.get(name, "") for name in ("client_secret", "app_secret"))
        hooks.check_signature(request, secrets)

    def challenge(self, request: HookRequest) -> Answer | None:
        return hooks.answer_challenge(request, self.credentials.get("verify_token", ""))

    def addressees(self, request: HookRequest) -> Sequence[Addressee]:
        return hooks.addressees(request, (self.kind,))

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_body(delivery.body, self.own_id, self._account().meta_app)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return history.history(self._account(), since, cursor)

    def lacks(self, event: NetworkEvent) -> Collection[Lack]:
        return completing.lacks(event)

    def completed(self, event: NetworkEvent, lacking: Collection[Lack]) -> NetworkEvent:
        return completing.completed(self._account(), event)

    # --- the account ---

    def check(self) -> Health:
        return self._account().health()

    def subscribe(self, url: str) -> None:
        self._account().subscribe(url)

    def is_subscribed(self, url: str) -> bool:
        return self._account().is_subscribed(url)

    def exchange(self, code: str, *, redirect_url: str, verifier: str) -> Sequence[OfferedAccount]:
        return self._account().offered(code, redirect_url)

    def renew_at(self) -> datetime | None:
        return long_tokens.renew_at(self.credentials)

    def renew(self) -> Mapping[str, str]:
        return self._account().tokens().renew(self.credentials)

    def figures(self, post_ids: Sequence[str]) -> Sequence[Figure]:
        return history.figures(self._account(), post_ids)

    # --- out ---

    def send(self, outgoing: Outgoing) -> Sent:
        return sending.Answering(self._account()).send(outgoing)

    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        return sending.Answering(self._account()).find_sent(outgoing, self.own_id)

    def signal(self, recipient: Author, signal: Literal["typing", "read"], *, thread_id: str | None) -> None:
        if recipient.id:
            action: Literal["typing_on", "mark_seen"] = "typing_on" if signal == "typing" else "mark_seen"
            Sender(self._account().graph, "instagram").signal(recipient.id, action)

    def pass_thread(self, recipient: Author, *, asked_by: str = "") -> None:
        sending.pass_thread(self._account(), recipient, handover.app_called(asked_by) or handover.PAGE_INBOX)

    def other_application(self) -> str:
        return handover.app_named(handover.PAGE_INBOX)

    def take_thread(self, recipient: Author) -> None:
        sending.take_thread(self._account(), recipient)

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        if not external_id.isdecimal():
            raise PermanentError("Instagram does not let a private message be taken back.")
        self._moderation().delete(external_id)

    def may_hide(self, message: Standing) -> bool:
        """Under our own pictures: where we were only mentioned, the picture is somebody else's."""
        return message.thread_id.isdecimal() and not message.custom.get("mentioned_in")

    def hide(self, external_id: str, *, thread_id: str) -> None:
        self._moderation().set_hidden(external_id, True)

    def show(self, external_id: str, *, thread_id: str) -> None:
        self._moderation().set_hidden(external_id, False)

    def may_remove(self, message: Standing) -> bool:
        return self.may_hide(message)

    def remove(self, external_id: str, *, thread_id: str) -> None:
        self._moderation().delete(external_id)

    def _moderation(self) -> sending.Moderation:
        return sending.Moderation(self._account().graph)

    def _account(self) -> Account:
        return Account(self.credentials, self.http)
