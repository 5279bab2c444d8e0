"""Asking what is new: notifications, our answers written elsewhere, hashtags; and what became of what was said."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Delivery, Page
from comptoir.connectors.mastodon.position import Position
from comptoir.connectors.mastodon.server import Server
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.untrusted import instant, mapping, mappings, name

_PAGE = 40
_MOST_PAGES = 25
_ROUNDS_BETWEEN_LOOKS = 10
_ROUNDS_BETWEEN_OWN = 2
_MOST_CONTEXT = 12
#: Below every id that a server gives, whether it is a number or a text.
_BEFORE_ALL = "0"


class Poller:
    """One round of asking one server for one account."""

    def __init__(self, server: Server, own_id: str, hashtags: Sequence[str] = ()) -> None:
        self.server = server
        self.own_id = own_id
        self.hashtags = hashtags

    def pages(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """What is new since ``cursor``, the oldest first."""
        position = Position.of(cursor)
        position.round += 1
        yield from self._notifications(position)
        if position.round % _ROUNDS_BETWEEN_OWN == 1:
            yield from self._own_answers(position)
        for tag in self.hashtags:
            yield from self._tagged(position, tag)
        if position.watched and (position.missing or position.round % _ROUNDS_BETWEEN_LOOKS == 0):
            yield Page(self._looked_at_again(position), position.as_cursor())

    def missed(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """What was said since the last round, asked once a stream is open: neither has told of it yet."""
        yield from self._notifications(Position.of(cursor))

    # --- what is said to us ---

    def _notifications(self, position: Position) -> Iterator[Page]:
        for page in self._newer("/api/v1/notifications", position.notification):
            position.notification = name(page[0].get("id"))
            for status in (mapping(entry.get("status")) for entry in page if entry.get("type") in ("mention", "quote")):
                position.watch(status)
            yield Page([self._with_exchange(list(reversed(page)))], position.as_cursor())
        if not position.notification:  # nobody has said anything yet: everything from now on is new
            position.notification = _BEFORE_ALL
            yield Page([], position.as_cursor())

    def _newer(self, path: str, since: str | None, **query: Any) -> Iterator[list[Mapping[str, Any]]]:
        """Pages after ``since``, the page of the oldest first, each the newest first; at the first time one page."""
        if not since:
            first = mappings(self.server.get(path, limit=_PAGE, **query))
            if first:
                yield first
            return
        for _page in range(_MOST_PAGES):
            page = mappings(self.server.get(path, limit=_PAGE, min_id=since, **query))
            newest = name(page[0].get("id")) if page else None
            if newest is None or newest == since:
                return
            yield page
            since = newest

    def _with_exchange(self, notifications: Sequence[Mapping[str, Any]]) -> Delivery:
        """Notifications with what stands above public answers, so that the exchange can be read and has its root."""
        roots: dict[str, str] = {}
        above: dict[str, Mapping[str, Any]] = {}
        for entry in notifications:
            status = mapping(entry.get("status"))
            answered, identifier = name(status.get("in_reply_to_id")), name(status.get("id"))
            if entry.get("type") != "mention" or not answered or not identifier or _is_private(status):
                continue
            ancestors = self._ancestors(identifier)
            if ancestors:
                roots[identifier] = name(ancestors[0].get("id")) or answered
                above |= {name(one.get("id")) or "": one for one in (ancestors[0], *ancestors[-_MOST_CONTEXT:])}
        told = {name(mapping(entry.get("status")).get("id")) for entry in notifications}
        context = [one for identifier, one in above.items() if identifier not in told and not _is_private(one)]
        return delivery_of({"notifications": notifications, "roots": roots, "context": context})

    def _ancestors(self, identifier: str) -> list[Mapping[str, Any]]:
        found = self.server.found(f"/api/v1/statuses/{identifier}/context")
        return mappings(mapping(found).get("ancestors"))

    # --- what we said elsewhere, and what is said under a hashtag ---

    def _own_answers(self, position: Position) -> Iterator[Page]:
        """Answers given with the account in another app: the customer waits for us no more."""
        path = f"/api/v1/accounts/{self.own_id}/statuses"
        for page in self._newer(path, position.own, exclude_reblogs="true"):
            position.own = name(page[0].get("id"))
            answers = [one for one in reversed(page) if _is_answer(one, self.own_id)]
            yield Page([delivery_of({"statuses": answers})] if answers else [], position.as_cursor())

    def _tagged(self, position: Position, tag: str) -> Iterator[Page]:
        for page in self._newer(f"/api/v1/timelines/tag/{tag}", position.tags.get(tag)):
            position.tags[tag] = name(page[0].get("id")) or ""
            others = [one for one in reversed(page) if name(mapping(one.get("account")).get("id")) != self.own_id]
            yield Page([delivery_of({"statuses": others})] if others else [], position.as_cursor())

    # --- what became of it ---

    def _looked_at_again(self, position: Position) -> list[Delivery]:
        """Edits and ends of what was said to us: only what is missing twice counts as gone."""
        there = self._standing(list(position.watched))
        if there is None:
            return []
        edited = [
            status for identifier, status in there.items()
            if (name(status.get("edited_at")) or "") > position.watched.get(identifier, "")
        ]  # fmt: skip
        position.watched |= {name(status.get("id")) or "": name(status.get("edited_at")) or "" for status in edited}
        missing = [identifier for identifier in position.watched if identifier not in there]
        gone = [identifier for identifier in missing if identifier in position.missing]
        position.missing = [identifier for identifier in missing if identifier not in gone]
        for identifier in gone:
            del position.watched[identifier]
        return [delivery_of({"edited": edited, "gone": gone})] if edited or gone else []

    def _standing(self, identifiers: Sequence[str]) -> dict[str, Mapping[str, Any]] | None:
        """What of these still stands, by id; None where the server cannot be asked for several at once."""
        try:
            answer = self.server.get("/api/v1/statuses", **{"id[]": list(identifiers)})
        except RefusedError:
            return None
        return {name(one.get("id")) or "": one for one in mappings(answer)} if isinstance(answer, list) else None


def past_notifications(server: Server, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """Mentions back to ``since``, the newest first."""
    below = name(cursor.get("below"))
    while True:
        asked: dict[str, Any] = {"types[]": ["mention"], "limit": _PAGE} | ({"max_id": below} if below else {})
        page = mappings(server.get("/api/v1/notifications", **asked))
        fresh = [one for one in page if (instant(one.get("created_at")) or since) >= since]
        below = name(page[-1].get("id")) if page else None
        if fresh:
            yield Page([delivery_of({"notifications": fresh})], {"below": below})
        if below is None or len(fresh) < len(page):
            return


def delivery_of(body: Mapping[str, Any]) -> Delivery:
    """A page of ours, in the words that `parse` reads."""
    return Delivery(json.dumps(body, default=str).encode())


def _is_private(status: Mapping[str, Any]) -> bool:
    return status.get("visibility") not in ("public", "unlisted")


def _is_answer(status: Mapping[str, Any], own_id: str) -> bool:
    answered = name(status.get("in_reply_to_account_id"))
    mentioned = any(name(one.get("id")) != own_id for one in mappings(status.get("mentions")))
    return (answered is not None and answered != own_id) or (_is_private(status) and mentioned)
