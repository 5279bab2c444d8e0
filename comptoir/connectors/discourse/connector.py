"""Discourse: posts and private messages of one forum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from comptoir.connectors.base import (
    ANYWHERE,
    AuthError,
    Connector,
    Delivery,
    EditsMessages,
    Family,
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
    Outgoing,
    Page,
    PermanentError,
    Polls,
    ReadsHistory,
    ReceivesWebhooks,
    SendsMessages,
    Sent,
    SignatureError,
    Standing,
)
from comptoir.connectors.discourse import polling, sending, setting_up
from comptoir.connectors.discourse.api import Api
from comptoir.connectors.discourse.reading import read_delivery
from comptoir.connectors.shared.addresses import place_of, site_address
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.signing import check_hmac
from comptoir.connectors.shared.untrusted import inside, mapping, mappings, name, number
from comptoir.core.reasons import Reason

_OF_FORUM = {"members": ("users_count", "user_count"), "posts": ("posts_count", "post_count")}
_OF_POST = {"reads": "views", "reply_count": "comments"}
_MOST_POSTS = 20


class Discourse(
    Connector, ReceivesWebhooks, Polls, ReadsHistory, SendsMessages, FindsSent, EditsMessages, Moderates, HidesOthers,
    Likes, Measures,
):  # fmt: skip
    """One forum: its public posts, the private messages of the brand's account, and its answers."""

    kind, label = "discourse", "Discourse"
    mark = "Dc"
    media_hosts = ANYWHERE  # a forum may keep its files at any CDN
    offers_publishing = True
    family = Family.FORUMS
    limits: ClassVar[Limits] = Limits(
        max_text_chars=sending.MAX_CHARS,
        max_files=sending.MAX_FILES,
        max_file_bytes=sending.MAX_FILE_BYTES,
        sends_per_minute=10,
        takes_alt_text=True,
    )
    credential_fields = setting_up.CREDENTIAL_FIELDS
    preparations = setting_up.PREPARATIONS
    unverified = setting_up.UNVERIFIED
    absences = setting_up.ABSENCES
    verified_against = "the published contract of Discourse’s API; not verified against a forum"
    poll_every = timedelta(minutes=1)

    def people_scope(self) -> str:
        return place_of(self.credentials.get("site", ""))

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        try:
            site = site_address(self.credentials.get("site", ""))
        except PermanentError:
            site = ""
        return read_delivery(delivery, self.own_id, site)

    def check(self) -> Health:
        username = self._username
        user = mapping(inside(self._api.get(f"/u/{username}.json"), "user"))
        own_id = name(user.get("id"))
        if own_id is None:
            raise AuthError("The forum does not know this user.")
        remarks: list[str] = []
        if not (user.get("moderator") is True or user.get("admin") is True):
            remarks.append(Reason("The account does not moderate this forum: it cannot hide what others write."))
        if not self.credentials.get("webhook_secret"):
            remarks.append(Reason("The forum is asked every minute: with a webhook it would tell at once."))
        handle = name(user.get("username")) or username
        return Health(own_id, f"@{handle}", name(user.get("name")) or handle, remarks=tuple(remarks))

    def verify(self, request: HookRequest) -> None:
        given = request.headers.get("x-discourse-event-signature", "")
        if not given.startswith("sha256="):
            raise SignatureError("The delivery carries no signature of Discourse.")
        check_hmac(self.credentials.get("webhook_secret", ""), request.body, given.removeprefix("sha256="))

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return polling.poll(self._api, cursor, reads_all=self._reads_all)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return polling.history(self._api, since, cursor, reads_all=self._reads_all)

    def send(self, outgoing: Outgoing) -> Sent:
        return sending.send(self._api, outgoing)

    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        return sending.find_sent(self._api, outgoing, self._username)

    def edit(self, external_id: str, outgoing: Outgoing, custom: Mapping[str, Any]) -> None:
        sending.edit(self._api, external_id, outgoing)

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        sending.delete(self._api, external_id)

    def may_hide(self, message: Standing) -> bool:
        """In every topic of the forum, where the account moderates; not in its chat."""
        return message.thread_id.isascii() and message.thread_id.isdigit()

    def hide(self, external_id: str, *, thread_id: str) -> None:
        sending.delete(self._api, external_id)

    def show(self, external_id: str, *, thread_id: str) -> None:
        sending.recover(self._api, external_id)

    def like(self, external_id: str, custom: Mapping[str, Any]) -> None:
        sending.like(self._api, external_id)

    def unlike(self, external_id: str, custom: Mapping[str, Any]) -> None:
        sending.unlike(self._api, external_id)

    def figures(self, post_ids: Sequence[str]) -> Sequence[Figure]:
        counted = inside(self._api.get("/about.json"), "about", "stats")
        found = []
        for ours, theirs in _OF_FORUM.items():
            values = (number(inside(counted, key)) for key in theirs)
            found += [Figure(ours, value) for value in values if value is not None][:1]
        for post_id in [one for one in post_ids if one.isascii() and one.isdigit()][:_MOST_POSTS]:
            try:
                found += _figures_of(mapping(self._api.get(f"/posts/{post_id}.json")), post_id)
            except RefusedError:  # deleted meanwhile
                continue
        return found

    @property
    def _api(self) -> Api:
        return Api(self.credentials, self.http)

    @property
    def _username(self) -> str:
        username = self.credentials.get("username", "").strip().removeprefix("@")
        if not username or any(sign in username for sign in "/?#\\") or username in (".", ".."):
            raise AuthError("The forum’s API key or the name of its user is missing.")
        return username

    @property
    def _reads_all(self) -> bool:
        return self.credentials.get("listen", "all").strip().lower() != "mentions"


def _figures_of(post: Mapping[str, Any], post_id: str) -> list[Figure]:
    counted = [(ours, number(post.get(theirs))) for theirs, ours in _OF_POST.items()]
    likes = next((one for one in mappings(post.get("actions_summary")) if one.get("id") == 2), None)
    counted += [("likes", number(likes.get("count")))] if likes else []
    return [Figure(ours, value, external_id=post_id) for ours, value in counted if value is not None]
