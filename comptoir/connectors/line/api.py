"""The Messaging API: sending with a key that LINE knows again, files, the account, and where events are delivered."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx

from comptoir.connectors.base import (
    Author,
    ConnectorError,
    Figure,
    Health,
    MediaSource,
    Outgoing,
    PermanentError,
    Sent,
    TransientError,
)
from comptoir.connectors.line.messages import PREFIX
from comptoir.connectors.line.saying import said
from comptoir.connectors.shared.calling import Answered, Network, RefusedError, pause_of, quoting, refusal
from comptoir.connectors.shared.untrusted import flag, inside, mapping, mappings, name, number
from comptoir.core.reasons import Reason, template

API = "https://api.line.me/v2/bot"
CONTENT_URL = "https://api-data.line.me/v2/bot/message"
LABEL = "LINE"
_GROUPS = {"C": "group", "R": "room"}  # how the ids of groups and rooms begin; of people, U
_JAPAN = timedelta(hours=9)  # LINE counts days there
_FROM_UUID = uuid.UUID("6f6f2a6e-58c5-5c43-8a3e-0b6a2a2c4f11")


class _TakenBeforeError(ConnectorError):
    """LINE has accepted a message with this key already; ``content`` is what it said of it then."""

    def __init__(self, content: Any) -> None:
        super().__init__(template("%(network)s has this message already."), network=LABEL)
        self.content = content


def judge(response: httpx.Response, content: Any) -> ConnectorError | None:
    """LINE's errors: ``{"message", "details": [{"message", "property"}]}``."""
    if response.is_success:
        return None
    status, words = response.status_code, _words(content)
    if status == 409:
        return _TakenBeforeError(content)
    if status == 429 and "monthly" in words.lower():
        return PermanentError("The monthly number of messages of this LINE account is used up: raise it, or wait.")
    if status == 429:
        slow = Reason("%(network)s asks us to slow down (rate limit).", network=LABEL)
        return TransientError(quoting(slow, words), retry_after=pause_of(response))
    if 400 <= status < 500 and status not in (401, 408, 425) and words:
        refused = refusal(LABEL, status)
        return RefusedError(quoting(refused, words), status=status)
    return None


def _words(content: Any) -> str:
    parts = [name(mapping(content).get("message"))]
    parts += [name(one.get("message")) for one in mappings(mapping(content).get("details"))]
    return " ".join(part for part in parts if part)


class Bot:
    """One LINE Official Account."""

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client) -> None:
        self._headers = {"Authorization": f"Bearer {credentials.get('channel_access_token', '').strip()}"}
        self._network = Network(LABEL, http, judge)

    def call(self, method: str, path: str, **options: Any) -> Answered:
        headers = {**self._headers, **options.pop("headers", {})}
        return self._network.call(method, f"{API}{path}", headers=headers, **options)

    def push(self, outgoing: Outgoing) -> Sent:
        """Send to the person, or into the group where they wrote, quoting what is answered there."""
        to = outgoing.thread_id or outgoing.recipient.id
        if not to:
            raise PermanentError("LINE did not tell who wrote this: there is nobody to answer.")
        messages = said(outgoing, quotes=to != outgoing.recipient.id)
        body, key = {"to": to, "messages": messages}, {"X-Line-Retry-Key": retry_key(outgoing.key)}
        try:
            answered = self.call("POST", "/message/push", json=body, headers=key, repeatable=True)
        except _TakenBeforeError as error:
            return _sent(error.content, outgoing, at=None)
        return _sent(answered.content, outgoing, at=answered)

    def profile(self, person: str, thread_id: str | None) -> Author:
        """What a person shows of themselves: as a friend of the account, or as a member of the group they wrote in.

        Raises RefusedError (404) where they show nothing, as after they blocked the account.
        """
        where = _GROUPS.get((thread_id or "")[:1])
        path = f"/{where}/{quote(str(thread_id), safe='')}/member" if where else "/profile"
        told = mapping(self.call("GET", f"{path}/{quote(person, safe='')}").content)
        return Author(person, name=name(told.get("displayName")), avatar_url=name(told.get("pictureUrl")))

    def group_name(self, group: str) -> str | None:
        """What the people in a group call it."""
        return name(mapping(self.call("GET", f"/group/{quote(group, safe='')}/summary").content).get("groupName"))

    def typing(self, chat_id: str) -> None:
        """The three dots; LINE shows them in exchanges with one person only."""
        self.call("POST", "/chat/loading/start", json={"chatId": chat_id, "loadingSeconds": 10}, repeatable=True)

    def media(self, url: str) -> MediaSource:
        if not url.startswith(PREFIX):
            return MediaSource(url)
        return MediaSource(f"{CONTENT_URL}/{url.removeprefix(PREFIX)}/content", self._headers)

    def health(self) -> Health:
        told = mapping(self.call("GET", "/info").content)
        remarks = [] if self.endpoint() else [Reason("LINE delivers nothing yet: switch “Use webhook” on.")]
        handle = name(told.get("basicId")) or ""
        own_id = name(told.get("userId"))
        if own_id is None:
            raise PermanentError("LINE did not say which account this token opens.")
        return Health(own_id, handle, name(told.get("displayName")) or handle, remarks=tuple(remarks))

    def endpoint(self) -> str | None:
        """Where events are delivered; None where they are not."""
        try:
            told = mapping(self.call("GET", "/channel/webhook/endpoint").content)
        except RefusedError as error:
            if error.status == 404:
                return None
            raise
        return name(told.get("endpoint")) if flag(told.get("active")) else None

    def deliver_to(self, url: str) -> None:
        self.call("PUT", "/channel/webhook/endpoint", json={"endpoint": url})

    def figures(self) -> list[Figure]:
        """Followers as of yesterday, the last day that LINE has counted, by its own clock."""
        info = self.call("GET", "/info")
        if info.at is None:
            return []
        day = (info.at + _JAPAN - timedelta(days=1)).strftime("%Y%m%d")
        told = self.call("GET", "/insight/followers", params={"date": day}).content
        followers = number(inside(told, "followers")) if inside(told, "status") == "ready" else None
        return [] if followers is None else [Figure("followers", followers)]


def retry_key(key: str) -> str:
    """Our own key where it is a UUID, as LINE wants; else one that always follows from it."""
    try:
        return str(uuid.UUID(key))
    except ValueError:
        return str(uuid.uuid5(_FROM_UUID, key))


def _sent(content: Any, outgoing: Outgoing, *, at: Answered | None) -> Sent:
    ids = [one for one in (name(sent.get("id")) for sent in mappings(mapping(content).get("sentMessages"))) if one]
    first, *others = ids or [retry_key(outgoing.key)]
    sent_at = at.at if at is not None else None
    return Sent(first, sent_at, thread_id=outgoing.thread_id, part_ids=tuple(others))
