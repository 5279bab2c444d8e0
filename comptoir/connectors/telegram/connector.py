"""Telegram: one bot, in private, in groups, in the discussions of channels, and for Business accounts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar, Literal

import httpx

from comptoir.connectors.base import (
    ApiVersion,
    Author,
    Connector,
    DeletesOthers,
    Delivery,
    EditsMessages,
    Family,
    Health,
    HookRequest,
    Lack,
    Likes,
    Limits,
    LocatesMedia,
    MediaSource,
    Moderates,
    NamesPlaces,
    NetworkEvent,
    Outgoing,
    Page,
    PermanentError,
    Polls,
    ReceivesWebhooks,
    SendsMessages,
    Sent,
    SignalsTyping,
    Standing,
    SubscribesWebhooks,
)
from comptoir.connectors.shared.addresses import host_of
from comptoir.connectors.shared.signing import check_token
from comptoir.connectors.shared.untrusted import mapping, name
from comptoir.connectors.telegram import sending
from comptoir.connectors.telegram.attachments import SCHEME
from comptoir.connectors.telegram.bot import Bot, own_id_of, webhook_secret
from comptoir.connectors.telegram.listening import is_delivered_to, remarks_on, set_webhook, waiting_updates
from comptoir.connectors.telegram.setting_up import ABSENCES, FIELDS, PREPARATIONS, UNVERIFIED
from comptoir.connectors.telegram.updates import read_delivery
from comptoir.core.reasons import template

_SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105  # the name of a header
_LIKE = "👍"


class Telegram(
    Connector, ReceivesWebhooks, SubscribesWebhooks, Polls, NamesPlaces, SendsMessages, EditsMessages, Moderates,
    DeletesOthers, Likes, SignalsTyping, LocatesMedia,
):  # fmt: skip
    """What is said to a bot, and what it answers. Delivered by webhook; asked for where there is none."""

    kind, label = "telegram", "Telegram"
    stays_because = template("On Telegram a bot may write to nobody who has not begun a chat with it.")
    media_hosts = ("api.telegram.org",)
    offers_publishing = True
    family = Family.PRIVATE
    limits: ClassVar[Limits] = sending.LIMITS
    credential_fields, preparations, absences, unverified = FIELDS, PREPARATIONS, ABSENCES, UNVERIFIED
    verified_against = "the published description of Bot API 10.1; telegram-test-api 4.2.1, a mock by others"
    api_version = ApiVersion("Bot API 10.1")
    poll_every = timedelta(seconds=10)

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client, *, own_id: str | None = None) -> None:
        super().__init__(credentials, http, own_id=own_id or own_id_of(credentials))

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_delivery(delivery, self.own_id)

    def check(self) -> Health:
        bot = self._bot()
        me = mapping(bot.call("getMe"))
        handle = name(me.get("username")) or ""
        return Health(
            name(me.get("id")) or "", handle, name(me.get("first_name")) or handle, remarks=remarks_on(bot, me)
        )

    # --- listening ---

    def verify(self, request: HookRequest) -> None:
        check_token(webhook_secret(self.credentials), request.headers.get(_SECRET_HEADER, ""))

    def subscribe(self, url: str) -> None:
        set_webhook(self._bot(), url, webhook_secret(self.credentials))

    def is_subscribed(self, url: str) -> bool:
        return is_delivered_to(self._bot(), url)

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return waiting_updates(self._bot(), cursor)

    def completed(self, event: NetworkEvent, lacking: Collection[Lack]) -> NetworkEvent:
        """With what its group or channel is called."""
        chat = mapping(self._bot().call("getChat", chat_id=event.thread_id))
        return replace(event, subject=name(chat.get("title")))

    def media_hosts_here(self) -> Sequence[str]:
        return (*self.media_hosts, host_of(self.credentials.get("api_base", "")))

    def locate(self, url: str) -> MediaSource:
        bot = self._bot()
        found = mapping(bot.call("getFile", file_id=url.removeprefix(SCHEME)))
        path = name(found.get("file_path"))
        if path is None:
            raise PermanentError("Telegram does not say where this file is.")
        return MediaSource(bot.file_url(path))

    # --- answering ---

    def send(self, outgoing: Outgoing) -> Sent:
        return sending.send(self._bot(), outgoing)

    def edit(self, external_id: str, outgoing: Outgoing, custom: Mapping[str, Any]) -> None:
        sending.edit(self._bot(), external_id, outgoing.text, custom)

    def signal(self, recipient: Author, signal: Literal["typing", "read"], *, thread_id: str | None) -> None:
        """Shown for five seconds; that we have read cannot be told without the message's number."""
        chat = thread_id or recipient.id
        if signal == "typing" and chat:
            self._bot().call("sendChatAction", chat_id=chat, action="typing")

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        sending.delete(self._bot(), external_id)

    def may_remove(self, message: Standing) -> bool:
        """In groups, whose ids are negative, where the bot is an administrator."""
        return message.thread_id.startswith("-")

    def remove(self, external_id: str, *, thread_id: str) -> None:
        sending.delete(self._bot(), external_id)

    def like(self, external_id: str, custom: Mapping[str, Any]) -> None:
        sending.react(self._bot(), external_id, _LIKE)

    def unlike(self, external_id: str, custom: Mapping[str, Any]) -> None:
        sending.react(self._bot(), external_id, None)

    def _bot(self) -> Bot:
        return Bot.of(self.credentials, self.http)
