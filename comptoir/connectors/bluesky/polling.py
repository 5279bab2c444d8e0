"""Asking what is new: notifications and what they answer to, disappeared posts, our own answers, direct messages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from comptoir.connectors.base import AuthError, ConnectorError, Delivery, Page
from comptoir.connectors.bluesky.embeds import quoted_post
from comptoir.connectors.bluesky.payloads import CONTEXT_HEADER
from comptoir.connectors.bluesky.position import Position, mark_of
from comptoir.connectors.bluesky.records import POST, reference
from comptoir.connectors.bluesky.session import Session
from comptoir.connectors.bluesky.untrusted import at_uri_parts, items, mapping, name, repository_of

_PAGE_SIZE = 100
_MAX_PAGES_A_ROUND = 50
_POSTS_A_CALL = 25
_ROUNDS_BETWEEN_LOOKS = 10
_ROUNDS_BETWEEN_OWN = 2
_OWN_PAGE_SIZE = 30
_MAX_NAMED_EXCHANGES = 20


class Poller:
    def __init__(self, session: Session, *, direct_messages: bool) -> None:
        self.session = session
        self.direct_messages = direct_messages

    def pages(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        position = Position.of(cursor)
        position.round += 1
        yield from self._notifications(position)
        if position.missing or position.round % _ROUNDS_BETWEEN_LOOKS == 0:
            yield Page(self._disappeared(position), position.as_cursor())
        if position.round % _ROUNDS_BETWEEN_OWN == 1:
            yield Page(self._own_answers(position), position.as_cursor())
        if self.direct_messages:
            yield from self._direct_messages(position)

    def _notifications(self, position: Position) -> Iterator[Page]:
        """From the youngest page down to what was read before, or on from where a descent was cut short.

        The first round only notes what stands there: the history is read apart.
        """
        first_time = position.seen_at is None and position.round == 1
        for _page in range(_MAX_PAGES_A_ROUND):
            below = {"cursor": position.below} if position.below else {}
            answer = self.session.get("app.bsky.notification.listNotifications", {"limit": _PAGE_SIZE, **below}).content
            page = [mapping(entry) for entry in items(answer.get("notifications"))]
            position.top = position.top or (name(page[0].get("indexedAt")) if page else None)
            fresh = [entry for entry in page if position.is_new(entry)]
            position.below = name(answer.get("cursor"))
            reached = bool(page) and position.is_below_overlap(page[-1])
            finished = reached or not page or position.below is None or first_time
            for entry in reversed(fresh):
                self._note(position, entry)
            if finished:
                position.finish_descent()
            yield Page([] if first_time else self.deliveries(fresh), position.as_cursor())
            if finished:
                return

    def _note(self, position: Position, notification: Mapping[str, Any]) -> None:
        position.remember(notification)
        uri = name(notification.get("uri"))
        if uri and _is_post(uri):
            position.watch(uri)

    def deliveries(self, fresh: Sequence[Mapping[str, Any]]) -> list[Delivery]:
        """The oldest first, as they were said; then the posts they answer to or quote."""
        if not fresh:
            return []
        body = {"notifications": list(reversed(fresh))}
        return [delivery_of(body, f"notifications:{digest_of(map(mark_of, fresh))}"), *self._context(fresh)]

    def _context(self, fresh: Sequence[Mapping[str, Any]]) -> Iterator[Delivery]:
        here = {name(entry.get("uri")) for entry in fresh}
        wanted = dict.fromkeys(
            uri for entry in fresh for uri in _context_of(mapping(entry.get("record"))) if uri not in here
        )
        for uris in _batches(wanted):
            try:
                posts = self._posts(uris)
            except AuthError:
                raise
            except ConnectorError:  # it only helps the reader: what was said to us is not held up for it
                continue
            if posts:
                yield delivery_of({"posts": posts}, f"context:{digest_of(uris)}", {CONTEXT_HEADER: "1"})

    def _posts(self, uris: Sequence[str]) -> list[Any]:
        return items(self.session.get("app.bsky.feed.getPosts", {"uris": uris}).content.get("posts"))

    def _disappeared(self, position: Position) -> list[Delivery]:
        """Posts of others that are no more: no notification tells. Only what is missing twice counts as gone."""
        there: set[str | None] = set()
        for uris in _batches(position.watched):
            there |= {name(mapping(post).get("uri")) for post in self._posts(uris)}
        missing = [uri for uri in position.watched if uri not in there]
        gone = [uri for uri in missing if uri in position.missing]
        position.missing = [uri for uri in missing if uri not in gone]
        position.watched = [uri for uri in position.watched if uri not in gone]
        return [delivery_of({"comptoir": "gone", "uris": gone}, f"gone:{digest_of(gone)}")] if gone else []

    def _own_answers(self, position: Position) -> list[Delivery]:
        """What was answered with this account elsewhere, in Bluesky's own app: the customer waits for us no more."""
        asked: dict[str, str | int | Sequence[str]] = {
            "actor": self.session.did,
            "filter": "posts_with_replies",
            "limit": _OWN_PAGE_SIZE,
        }
        feed = items(self.session.get("app.bsky.feed.getAuthorFeed", asked).content.get("feed"))
        posts = [mapping(mapping(entry).get("post")) for entry in feed]
        answers = {mark_of(post): post for post in reversed(posts) if self._is_answer_of_ours(post)}
        new = position.meet_own(answers)
        fresh = [post for mark, post in answers.items() if mark in new]
        return [delivery_of({"posts": fresh}, f"own:{digest_of(sorted(new))}")] if fresh else []

    def _is_answer_of_ours(self, post: Mapping[str, Any]) -> bool:
        parent = reference(mapping(mapping(post.get("record")).get("reply")).get("parent"))
        ours = mapping(post.get("author")).get("did") == self.session.did
        return ours and parent is not None and repository_of(parent["uri"]) != self.session.did

    def _direct_messages(self, position: Position) -> Iterator[Page]:
        if position.chat is None:
            yield from self._first_exchanges(position)
            return
        for _ in range(_MAX_PAGES_A_ROUND):
            since = position.chat
            answer = self.session.get("chat.bsky.convo.getLog", {"cursor": since} if since else {}, chat=True).content
            logs = [log for log in map(mapping, items(answer.get("logs"))) if (name(log.get("rev")) or "") > since]
            if not logs:
                return
            position.chat = max(name(log.get("rev")) or "" for log in logs)
            body = {"logs": logs, "exchanges": self._exchanges(logs)}
            yield Page([delivery_of(body, f"chat:{position.chat}")], position.as_cursor())

    def _first_exchanges(self, position: Position) -> Iterator[Page]:
        """The log would begin years ago: start after the last message of each exchange.

        Of a new account they are read with the history; where private messages are asked for later, from here.
        """
        convos = items(self.session.get("chat.bsky.convo.listConvos", {"limit": 50}, chat=True).content.get("convos"))
        # Where nobody ever wrote, the log is read from its beginning.
        position.chat = max((name(mapping(convo).get("rev")) or "" for convo in convos), default="")
        is_told = bool(convos) and position.round > 1
        deliveries = [delivery_of({"convos": convos}, f"chat:{position.chat}")] if is_told else []
        yield Page(deliveries, position.as_cursor())

    def _exchanges(self, logs: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Who takes part in what the log speaks of: the log itself names people by their id only."""
        ids = dict.fromkeys(name(log.get("convoId")) for log in logs if "message" in log)
        found = []
        for convo_id in islice(filter(None, ids), _MAX_NAMED_EXCHANGES):
            try:
                answer = self.session.get("chat.bsky.convo.getConvo", {"convoId": convo_id}, chat=True).content
            except AuthError:
                raise
            except ConnectorError:  # names only
                continue
            found.append({key: mapping(answer.get("convo")).get(key) for key in ("id", "members")})
        return found


def _context_of(record: Mapping[str, Any]) -> Iterator[str]:
    reply = mapping(record.get("reply"))
    for referred in (reference(reply.get("root")), reference(reply.get("parent")), quoted_post(record.get("embed"))):
        if referred and _is_post(referred["uri"]):
            yield referred["uri"]


def _is_post(uri: str) -> bool:
    parts = at_uri_parts(uri)
    return parts is not None and parts[1] == POST


def _batches(uris: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(uris)
    while batch := list(islice(remaining, _POSTS_A_CALL)):
        yield batch


def delivery_of(body: Mapping[str, Any], key: str, headers: Mapping[str, str] | None = None) -> Delivery:
    """A page as a delivery; the same page has the same key."""
    return Delivery(json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode(), headers=headers or {}, key=key)


def digest_of(names: Iterable[str]) -> str:
    """A short name for what has all these names."""
    return hashlib.blake2s("\n".join(names).encode(), digest_size=16).hexdigest()
