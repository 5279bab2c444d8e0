"""Reddit: posts and comments in the brand's subreddits, mentions, private messages, moderators' mail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from comptoir.connectors.base import (
    Connector,
    Delivery,
    EditsMessages,
    Family,
    Figure,
    FindsSent,
    Health,
    HidesOthers,
    Limits,
    Measures,
    Moderates,
    NetworkEvent,
    OfferedAccount,
    Outgoing,
    Page,
    Polls,
    ReadsHistory,
    RenewsCredentials,
    SendsMessages,
    Sent,
    SignsIn,
    Standing,
)
from comptoir.connectors.reddit import polling, sending, setting_up, signing_in
from comptoir.connectors.reddit.api import API_VERSION, Api
from comptoir.connectors.reddit.reading import read_delivery
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.tokens import missing_scopes
from comptoir.connectors.shared.untrusted import inside, name, number
from comptoir.core.reasons import Reason

_OF_POST = {"score": "likes", "num_comments": "comments", "num_crossposts": "shares"}


class Reddit(
    Connector, Polls, ReadsHistory, SendsMessages, FindsSent, EditsMessages, Moderates, HidesOthers, SignsIn,
    RenewsCredentials, Measures,
):  # fmt: skip
    """One account: what is said in its subreddits and to it, its answers, its moderation."""

    kind, label = "reddit", "Reddit"
    media_hosts = ("redd.it", "redditmedia.com", "redditstatic.com")
    offers_publishing = True
    family = Family.FORUMS
    api_version = API_VERSION
    limits: ClassVar[Limits] = Limits(max_text_chars=sending.MAX_CHARS, sends_per_minute=6)
    credential_fields = setting_up.CREDENTIAL_FIELDS
    preparations = setting_up.PREPARATIONS
    unverified = setting_up.UNVERIFIED
    absences = setting_up.ABSENCES
    verified_against = "recorded answers of the API; not verified against the service"
    oauth = signing_in.OAUTH
    poll_every = timedelta(minutes=1)

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_delivery(delivery, self.own_id)

    def check(self) -> Health:
        own_id, handle = signing_in.who(self._api)
        remarks: list[str] = [
            Reason("The permission “%(scope)s” was not granted on Reddit: sign in again.", scope=scope.name)
            for scope in missing_scopes(self.oauth, self.credentials)
        ]
        for space in self._spaces:
            remarks += self._remarks_on(space)
        ends_at = signing_in.TOKENS.ends_at(self.credentials)
        return Health(own_id, f"u/{handle}", handle, ends_at, tuple(remarks))

    def _remarks_on(self, space: str) -> list[Reason]:
        try:
            about = self._api.get(f"/r/{space}/about").content
        except RefusedError as error:
            return [Reason("r/%(space)s cannot be read: %(reason)s", space=space, reason=error.reason)]
        if inside(about, "data", "user_is_moderator") is not True:
            return [Reason("The account does not moderate r/%(space)s: it cannot remove anything there.", space=space)]
        return []

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return polling.poll(self._api, self._spaces, cursor)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return polling.history(self._api, self._spaces, since, cursor)

    def send(self, outgoing: Outgoing) -> Sent:
        return sending.send(self._api, outgoing)

    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        handle = self.credentials.get("username") or signing_in.who(self._api)[1]
        return sending.find_sent(self._api, outgoing, handle)

    def edit(self, external_id: str, outgoing: Outgoing, custom: Mapping[str, Any]) -> None:
        sending.edit(self._api, external_id, outgoing)

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        sending.delete(self._api, external_id)

    def may_hide(self, message: Standing) -> bool:
        """Where the account moderates, which Reddit tells of most things; of others, in the subreddits listened to."""
        told, subreddit = message.custom.get("moderates"), name(message.custom.get("subreddit"))
        is_ours = subreddit is not None and subreddit.lower() in {one.lower() for one in self._spaces}
        return message.thread_id.startswith("t3_") and (told is True or (told is None and is_ours))

    def hide(self, external_id: str, *, thread_id: str) -> None:
        sending.remove(self._api, external_id)

    def show(self, external_id: str, *, thread_id: str) -> None:
        sending.approve(self._api, external_id)

    def figures(self, post_ids: Sequence[str]) -> Sequence[Figure]:
        abouts = (self._api.get(f"/r/{space}/about").content for space in self._spaces)
        members = [count for about in abouts if (count := number(inside(about, "data", "subscribers"))) is not None]
        found = [Figure("members", sum(members))] if members else []
        for post in sending.figures_of(self._api, list(post_ids)):
            counted = ((ours, number(post.get(theirs))) for theirs, ours in _OF_POST.items())
            found += [Figure(ours, value, name(post.get("name"))) for ours, value in counted if value is not None]
        return found

    def exchange(self, code: str, *, redirect_url: str, verifier: str) -> Sequence[OfferedAccount]:
        return signing_in.exchange(self.credentials, self.http, code, redirect_url=redirect_url)

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
    def _spaces(self) -> list[str]:
        return polling.subreddits(self.credentials.get("subreddits", ""))
