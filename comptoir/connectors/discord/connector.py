"""Discord: one bot, in the channels of its servers and in private."""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

from comptoir.connectors.base import (
    Answer,
    ApiVersion,
    Author,
    Connector,
    DeletesOthers,
    Delivery,
    EditsMessages,
    Family,
    Figure,
    FindsSent,
    Health,
    HookRequest,
    Lack,
    Likes,
    Limits,
    Measures,
    Moderates,
    NamesPlaces,
    NetworkEvent,
    Outgoing,
    Page,
    Polls,
    ReadsHistory,
    ReceivesWebhooks,
    SendsMessages,
    Sent,
    SignalsTyping,
    Standing,
    Streams,
    SubscribesWebhooks,
)
from comptoir.connectors.discord import sending
from comptoir.connectors.discord.api import Api
from comptoir.connectors.discord.gateway import Gateway
from comptoir.connectors.discord.payloads import read_delivery
from comptoir.connectors.discord.polling import newer_messages, past_messages
from comptoir.connectors.discord.setting_up import ABSENCES, FIELDS, PREPARATIONS, UNVERIFIED
from comptoir.connectors.discord.signing import check_signature
from comptoir.connectors.shared.untrusted import mapping, mappings, name, number, whole
from comptoir.core.reasons import Reason

_LIKE = "👍"
#: Flags of an application that may read what messages say.
_MAY_READ = (1 << 18) | (1 << 19)
#: Kinds of channels that are threads: of announcements, public, private.
_THREADS = (10, 11, 12)
#: Shown to whoever used a command or a button, and to nobody else: it was taken. The answer itself comes as a message.
_TAKEN: dict[str, Any] = {"type": 4, "data": {"content": "✅", "flags": 64}}


class Discord(
    Connector, ReceivesWebhooks, SubscribesWebhooks, Polls, Streams, ReadsHistory, NamesPlaces, SendsMessages,
    FindsSent, EditsMessages, Moderates, DeletesOthers, Likes, SignalsTyping, Measures,
):  # fmt: skip
    """What is said where the bot is, by its gateway; commands and buttons, by webhook."""

    kind, label = "discord", "Discord"
    media_hosts = ("discordapp.com", "discordapp.net", "discord.com")
    offers_publishing = True
    family = Family.PRIVATE
    limits: ClassVar[Limits] = Limits(
        max_text_chars=2000, max_files=10, max_file_bytes=10 * 1024 * 1024, sends_per_minute=60, takes_alt_text=True
    )
    credential_fields, preparations, absences, unverified = FIELDS, PREPARATIONS, ABSENCES, UNVERIFIED
    verified_against = "the published contract of API v10"
    api_version = ApiVersion("v10")
    poll_every = timedelta(seconds=60)
    acknowledgement = Answer(body=json.dumps(_TAKEN).encode(), content_type="application/json")

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_delivery(delivery, self.own_id)

    def check(self) -> Health:
        api = self._api()
        me, application = mapping(api.get("/users/@me")), mapping(api.get("/applications/@me"))
        remarks = []
        if not (whole(application.get("flags")) or 0) & _MAY_READ:
            remarks.append(
                Reason("Discord does not tell the bot what messages say: switch on “Message Content Intent”.")
            )
        handle = name(me.get("username")) or ""
        shown = name(me.get("global_name")) or handle
        return Health(name(me.get("id")) or "", handle, shown, remarks=tuple(remarks))

    # --- listening ---

    def verify(self, request: HookRequest) -> None:
        check_signature(self.credentials.get("public_key", ""), request)

    def challenge(self, request: HookRequest) -> Answer | None:
        """Discord's ping, after its signature was verified."""
        try:
            asked = mapping(json.loads(request.body)) if request.method == "POST" else {}
        except (ValueError, RecursionError):
            return None
        if asked.get("type") == 1 and "token" in asked:
            return Answer(body=b'{"type":1}', content_type="application/json")
        return Answer(204) if asked.get("type") == 0 and "event" not in asked and asked else None

    def subscribe(self, url: str) -> None:
        """Discord asks at once whether we are there, with a signature."""
        self._api().call("PATCH", "/applications/@me", repeatable=True, json={"interactions_endpoint_url": url})

    def is_subscribed(self, url: str) -> bool:
        return mapping(self._api().get("/applications/@me")).get("interactions_endpoint_url") == url

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return newer_messages(self._api(), self._channels, cursor)

    def stream(self, cursor: Mapping[str, Any], stop: threading.Event) -> Iterator[Page]:
        return Gateway(self._api(), cursor).pages(stop)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return past_messages(self._api(), self._channels, since, cursor)

    def completed(self, event: NetworkEvent, lacking: Collection[Lack]) -> NetworkEvent:
        """With what its channel is called; a thread, as whoever began it called it."""
        channel = mapping(self._api().get(f"/channels/{event.thread_id}"))
        called = name(channel.get("name"))
        is_thread = channel.get("type") in _THREADS
        return replace(event, subject=called if is_thread or not called else f"#{called}")

    # --- answering ---

    def send(self, outgoing: Outgoing) -> Sent:
        return sending.send(self._api(), outgoing)

    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        return sending.find_sent(self._api(), self._own_id(), outgoing)

    def edit(self, external_id: str, outgoing: Outgoing, custom: Mapping[str, Any]) -> None:
        sending.edit(self._api(), external_id, outgoing.text, name(custom.get("channel")) or outgoing.thread_id)

    def signal(self, recipient: Author, signal: Literal["typing", "read"], *, thread_id: str | None) -> None:
        """Shown for ten seconds; Discord shows nobody what a bot has read."""
        if signal == "typing" and thread_id:
            self._api().call("POST", f"/channels/{thread_id}/typing", repeatable=True)

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        sending.delete(self._api(), external_id, name(custom.get("channel")))

    def may_remove(self, message: Standing) -> bool:
        """In the channels that the account names, where the bot's role has Manage Messages."""
        return message.thread_id in self._channels

    def remove(self, external_id: str, *, thread_id: str) -> None:
        sending.delete(self._api(), external_id, thread_id)

    def like(self, external_id: str, custom: Mapping[str, Any]) -> None:
        sending.react(self._api(), external_id, name(custom.get("channel")), _LIKE, wanted=True)

    def unlike(self, external_id: str, custom: Mapping[str, Any]) -> None:
        sending.react(self._api(), external_id, name(custom.get("channel")), _LIKE, wanted=False)

    def figures(self, post_ids: Sequence[str]) -> Sequence[Figure]:
        """Members of the bot's servers, together; messages have no figures."""
        guilds = mappings(self._api().get("/users/@me/guilds", with_counts="true"))
        counts = [count for one in guilds if (count := number(one.get("approximate_member_count"))) is not None]
        return [Figure("members", sum(counts))] if counts else []

    @property
    def _channels(self) -> list[str]:
        return [one for one in self.credentials.get("channels", "").replace(",", " ").split() if one.isdigit()]

    def _own_id(self) -> str:
        if not self.own_id:
            self.own_id = name(mapping(self._api().get("/users/@me")).get("id")) or ""
        return self.own_id

    def _api(self) -> Api:
        return Api.of(self.credentials, self.http)
