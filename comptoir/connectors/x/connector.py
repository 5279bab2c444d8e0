"""X (formerly Twitter): mentions, replies and direct messages of one account."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from comptoir.connectors.base import (
    Addressee,
    Answer,
    AuthError,
    Connector,
    ConnectorError,
    Delivery,
    Figure,
    FindsSent,
    Health,
    HidesOthers,
    HookRequest,
    Likes,
    Limits,
    LocatesMedia,
    Measures,
    MediaSource,
    Moderates,
    NetworkEvent,
    OfferedAccount,
    Outgoing,
    Page,
    Polls,
    ReadsHistory,
    ReceivesWebhooks,
    RenewsCredentials,
    SendsMessages,
    Sent,
    SignsIn,
    Standing,
    Streams,
    SubscribesWebhooks,
    TextUnit,
)
from comptoir.connectors.shared.tokens import missing_scopes
from comptoir.connectors.shared.untrusted import inside, mapping, name
from comptoir.connectors.x import figures, hooks, polling, sending, setting_up, signing_in, streaming
from comptoir.connectors.x.api import API_VERSION, BASE, Api
from comptoir.connectors.x.reading import read_delivery
from comptoir.connectors.x.rules import forget_rules
from comptoir.core.reasons import Reason

#: Where pictures of direct messages are kept; only our own access opens them, at another address.
_PRIVATE_MEDIUM = re.compile(r"https://ton\.(?:twitter|x)\.com/1\.1/ton/data/dm/(\d+)/(\d+)/([\w.:-]+)")


class X(
    Connector, ReceivesWebhooks, SubscribesWebhooks, Polls, Streams, ReadsHistory, SendsMessages, FindsSent, Moderates,
    HidesOthers, Likes, SignsIn, RenewsCredentials, LocatesMedia, Measures,
):  # fmt: skip
    """Mentions, replies and quotes of one account, its answers, and its direct messages."""

    kind, label = "x", "X"
    media_hosts = ("twimg.com", "api.x.com")
    offers_publishing = True
    api_version = API_VERSION
    limits: ClassVar[Limits] = Limits(
        max_text_chars=sending.MAX_WEIGHTED,
        text_unit=TextUnit.WEIGHTED,
        max_files=sending.MAX_IMAGES,
        max_file_bytes=sending.MAX_IMAGE_BYTES,
        file_types=sending.IMAGE_TYPES,
        sends_per_minute=6,  # 100 posts in a quarter of an hour
        takes_alt_text=True,
        private=Limits(
            max_text_chars=sending.MAX_DM_CHARS,
            max_files=1,
            max_file_bytes=sending.MAX_IMAGE_BYTES,
            file_types=sending.IMAGE_TYPES,
            sends_per_minute=1,  # 15 in a quarter of an hour
        ),
    )
    credential_fields = setting_up.CREDENTIAL_FIELDS
    preparations = setting_up.PREPARATIONS
    unverified = setting_up.UNVERIFIED
    absences = setting_up.ABSENCES
    verified_against = "the published contract of API v2 (OpenAPI 2.167); not verified against the service"
    oauth = signing_in.OAUTH
    poll_every = timedelta(minutes=2)

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_delivery(delivery, self.own_id)

    def check(self) -> Health:
        user = mapping(inside(self._api.get("/2/users/me").content, "data"))
        own_id, handle = name(user.get("id")), name(user.get("username")) or ""
        if own_id is None:
            raise AuthError("X opened an access without saying whose it is.")
        remarks: list[str] = [
            Reason("The permission “%(scope)s” was not granted on X: sign in again.", scope=scope.name)
            for scope in missing_scopes(self.oauth, self.credentials)
        ]
        if not self.credentials.get("bearer_token"):
            remarks.append(
                Reason("X is asked every two minutes: without the app’s bearer token it tells nothing by itself.")
            )
        ends_at = signing_in.TOKENS.ends_at(self.credentials)
        return Health(own_id, f"@{handle}" if handle else "", name(user.get("name")) or handle, ends_at, tuple(remarks))

    # --- receiving ----------------------------------------------------------------------------------------------------

    def verify(self, request: HookRequest) -> None:
        hooks.verify(request, self.credentials.get("api_secret", ""))

    def challenge(self, request: HookRequest) -> Answer | None:
        return hooks.challenge(request, self.credentials.get("api_secret", ""))

    def addressees(self, request: HookRequest) -> Sequence[Addressee]:
        return hooks.addressees(request, self.kind)

    def subscribe(self, url: str) -> None:
        hooks.subscribe(self._api, url)

    def is_subscribed(self, url: str) -> bool:
        """Where the app's secrets were left empty nothing is to be delivered, and nothing is missing."""
        return not self._has_webhooks or hooks.is_subscribed(self._api, url)

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return polling.poll(self._api, self._own, cursor)

    def streams_here(self) -> bool:
        """With the app's token alone: where account activity is delivered, it brings the same posts sooner."""
        return bool(self.credentials.get("bearer_token")) and not self._has_webhooks

    def stream(self, cursor: Mapping[str, Any], stop: threading.Event) -> Iterator[Page]:
        every_s = self.poll_every.total_seconds()
        return streaming.Listener(self._api, self._own, every_s).pages(cursor, stop)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return polling.history(self._api, self._own, since, cursor)

    def locate(self, url: str) -> MediaSource:
        private = _PRIVATE_MEDIUM.fullmatch(url)
        if private is None:
            return MediaSource(url)
        message, medium, resource = private.groups()
        return MediaSource(
            f"{BASE}/2/dm_conversations/media/{message}/{medium}/{resource}",
            {"authorization": f"Bearer {self.credentials.get('access_token', '')}"},
        )

    # --- answering ----------------------------------------------------------------------------------------------------

    def send(self, outgoing: Outgoing) -> Sent:
        return sending.send(self._api, outgoing)

    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        return sending.find_sent(self._api, outgoing, self._own)

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        sending.delete(self._api, external_id, custom)

    def may_hide(self, message: Standing) -> bool:
        """X hides what is said in conversations that we began, and what began one is not hidden."""
        if self.own_id is None or message.external_id == message.thread_id:
            return False
        is_below = message.answers_the_first and message.custom.get("answered") == self.own_id
        return is_below or message.thread_author_id == self.own_id

    def hide(self, external_id: str, *, thread_id: str) -> None:
        sending.set_hidden(self._api, external_id, hidden=True)

    def show(self, external_id: str, *, thread_id: str) -> None:
        sending.set_hidden(self._api, external_id, hidden=False)

    def like(self, external_id: str, custom: Mapping[str, Any]) -> None:
        sending.like(self._api, external_id, self._own)

    def unlike(self, external_id: str, custom: Mapping[str, Any]) -> None:
        sending.unlike(self._api, external_id, self._own)

    def figures(self, post_ids: Sequence[str]) -> Sequence[Figure]:
        return figures.figures(self._api, post_ids)

    # --- the account --------------------------------------------------------------------------------------------------

    def exchange(self, code: str, *, redirect_url: str, verifier: str) -> Sequence[OfferedAccount]:
        return signing_in.exchange(self.credentials, self.http, code, redirect_url=redirect_url, verifier=verifier)

    def revoke(self) -> None:
        """The account's access and, where it streamed, our rule among the app's."""
        if self.streams_here() and self.own_id:
            with contextlib.suppress(ConnectorError):
                forget_rules(self._api, self.own_id)
        signing_in.revoke(self.credentials, self.http)

    def renew_at(self) -> datetime | None:
        return signing_in.TOKENS.renew_at(self.credentials)

    def renew(self) -> Mapping[str, str]:
        return signing_in.renew(self.credentials, self.http)

    @property
    def _api(self) -> Api:
        return Api(self.credentials, self.http)

    @property
    def _own(self) -> str:
        if self.own_id is None or not self.own_id.isdigit():
            raise AuthError("Nobody has signed in to %(network)s for this account yet.", network="X")
        return self.own_id

    @property
    def _has_webhooks(self) -> bool:
        return bool(self.credentials.get("api_secret") and self.credentials.get("bearer_token"))
