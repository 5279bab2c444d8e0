"""YouTube: comments under a channel's videos, their replies, and its live chats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from comptoir.connectors.base import (
    Answer,
    AuthError,
    Connector,
    DeletesOthers,
    Delivery,
    EditsMessages,
    Figure,
    FindsSent,
    Health,
    HidesOthers,
    HookRequest,
    Limits,
    Measures,
    Moderates,
    NetworkEvent,
    OfferedAccount,
    Outgoing,
    Page,
    PermanentError,
    Polls,
    ReadsHistory,
    ReceivesWebhooks,
    RenewsCredentials,
    SendsMessages,
    Sent,
    SignsIn,
    Standing,
    SubscribesWebhooks,
)
from comptoir.connectors.shared.untrusted import inside, mappings, name, number
from comptoir.connectors.youtube import hub, polling, sending, setting_up, signing_in
from comptoir.connectors.youtube.api import API_VERSION, DAILY_QUOTA, WRITING, Api
from comptoir.connectors.youtube.live_chat import LIVE_PREFIX
from comptoir.connectors.youtube.reading import read_delivery
from comptoir.core.reasons import Reason

_OF_CHANNEL = {"subscriberCount": "followers", "viewCount": "views", "videoCount": "posts"}
_OF_VIDEO = {"viewCount": "views", "likeCount": "likes", "commentCount": "comments"}
_MOST_VIDEOS = 50


class YouTube(
    Connector, ReceivesWebhooks, SubscribesWebhooks, Polls, ReadsHistory, SendsMessages, FindsSent, EditsMessages,
    Moderates, HidesOthers, DeletesOthers, SignsIn, RenewsCredentials, Measures,
):  # fmt: skip
    """Comments on the channel's videos and replies to them, and what is said in its live chats."""

    kind, label = "youtube", "YouTube"
    media_hosts = ("ytimg.com", "ggpht.com", "googleusercontent.com")
    offers_publishing = True
    api_version = API_VERSION
    limits: ClassVar[Limits] = Limits(max_text_chars=sending.MAX_CHARS, sends_per_minute=6)
    credential_fields = setting_up.CREDENTIAL_FIELDS
    preparations = setting_up.PREPARATIONS
    unverified = setting_up.UNVERIFIED
    absences = setting_up.ABSENCES
    verified_against = "recorded answers of the API; not verified against the service"
    oauth = signing_in.OAUTH
    poll_every = polling.POLL_EVERY
    writes_privately = False

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_delivery(delivery, self.own_id)

    def check(self) -> Health:
        found = self._api.get("channels", part="snippet", mine="true").content
        channel = next(iter(mappings(inside(found, "items"))), {})
        own_id = name(channel.get("id"))
        if own_id is None:
            raise PermanentError("This Google account has no YouTube channel that may comment: merge or create one.")
        listening = polling.daily_units(live_chat=self._reads_live_chat)
        remark = Reason(
            ("Listening costs about %(units)s of the %(quota)s units that YouTube gives a project each day; a "
"reply costs %(reply)s, so that about %(replies)s remain."),
            units=listening, quota=DAILY_QUOTA, reply=WRITING, replies=(DAILY_QUOTA - listening) // WRITING,
        )  # fmt: skip
        return Health(
            own_id,
            name(inside(channel, "snippet", "customUrl")) or "",
            name(inside(channel, "snippet", "title")) or own_id,
            signing_in.TOKENS.ends_at(self.credentials),
            (remark,),
        )

    # --- receiving ----------------------------------------------------------------------------------------------------

    def verify(self, request: HookRequest) -> None:
        hub.verify(request, self.credentials)

    def challenge(self, request: HookRequest) -> Answer | None:
        return hub.challenge(request, self.own_id)

    def subscribe(self, url: str) -> None:
        hub.subscribe(self.http, url, self._own, self.credentials)

    def is_subscribed(self, url: str) -> bool:
        """Never for sure: the hub's lease ends by itself, and it tells no program when. Asking again lengthens it."""
        return False

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return polling.Poller(self._api, self._own, live_chat=self._reads_live_chat).pages(cursor)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return polling.history(self._api, self._own, since, cursor)

    # --- answering and moderating -------------------------------------------------------------------------------------

    def send(self, outgoing: Outgoing) -> Sent:
        return sending.send(self._api, outgoing)

    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        return sending.find_sent(self._api, outgoing, self._own)

    def edit(self, external_id: str, outgoing: Outgoing, custom: Mapping[str, Any]) -> None:
        sending.edit(self._api, external_id, outgoing)

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        sending.delete(self._api, external_id)

    def may_hide(self, message: Standing) -> bool:
        """Every comment that we read stands under a video of ours; in a live chat nothing can be held back."""
        return not message.thread_id.startswith(LIVE_PREFIX) and not message.external_id.startswith(LIVE_PREFIX)

    def hide(self, external_id: str, *, thread_id: str) -> None:
        sending.moderate(self._api, external_id, "heldForReview")

    def show(self, external_id: str, *, thread_id: str) -> None:
        sending.moderate(self._api, external_id, "published")

    def may_remove(self, message: Standing) -> bool:
        return True

    def remove(self, external_id: str, *, thread_id: str) -> None:
        sending.moderate(self._api, external_id, "rejected")

    # --- the account --------------------------------------------------------------------------------------------------

    def figures(self, post_ids: Sequence[str]) -> Sequence[Figure]:
        own = self._api.get("channels", part="statistics", id=self._own).content
        counted = inside(own, "items", 0, "statistics")
        found = [
            Figure(ours, value) for key, ours in _OF_CHANNEL.items() if (value := _count(counted, key)) is not None
        ]
        if post_ids:
            videos = self._api.get("videos", part="statistics", id=",".join(post_ids[:_MOST_VIDEOS])).content
            for video in mappings(inside(videos, "items")):
                for key, ours in _OF_VIDEO.items():
                    value = _count(video.get("statistics"), key)
                    if value is not None:
                        found.append(Figure(ours, value, external_id=name(video.get("id"))))
        return found

    def exchange(self, code: str, *, redirect_url: str, verifier: str) -> Sequence[OfferedAccount]:
        return signing_in.exchange(self.credentials, self.http, code, redirect_url=redirect_url, verifier=verifier)

    def revoke(self) -> None:
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
        if not self.own_id:
            raise AuthError("Nobody has signed in to %(network)s for this account yet.", network="YouTube")
        return self.own_id

    @property
    def _reads_live_chat(self) -> bool:
        return self.credentials.get("live_chat", "").strip().lower() in ("yes", "oui", "true", "1", "on")


def _count(counted: object, key: str) -> float | None:
    return number(inside(counted, key))
