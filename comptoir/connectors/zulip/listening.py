"""Listening to a Zulip server: a queue of events, and what was said while there was none."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Delivery, Page, TransientError
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.untrusted import inside, instant, mappings, name, whole
from comptoir.connectors.zulip.calling import Server

EVENTS = ("message", "update_message", "delete_message", "reaction")
_GONE = "BAD_EVENT_QUEUE_ID"
_MISSED_PAGE = 200
_HISTORY_PAGE = 100


@dataclass(slots=True)
class Ear:
    """Where we are: in which queue and how far, and the newest message we know. None where that is not known yet."""

    server: Server
    queue: str | None = None
    last: int = -1
    newest: int | None = None

    def round(self) -> Iterator[Page]:
        """What is new. A queue that is gone (the server drops it after ten minutes unasked) is replaced by another."""
        if self.queue is not None:
            try:
                yield from self._waiting()
                return
            except RefusedError as error:
                if error.code != _GONE:
                    raise
        yield from self._begin()

    def _waiting(self) -> Iterator[Page]:
        """The events that wait in the queue; asking for those after the last one takes the others away."""
        asked = {"queue_id": self.queue, "last_event_id": self.last, "dont_block": "true"}
        answered = self.server.call("GET", "events", params=asked)
        events = mappings(inside(answered.content, "events"))
        ids = [number for event in events if (number := whole(event.get("id"))) is not None]
        if not ids:
            return
        self.last = max(self.last, *ids)
        self._heard([inside(event, "message") for event in events if event.get("type") == "message"])
        told = any(event.get("type") in EVENTS for event in events)
        yield Page([Delivery(answered.body)] if told else [], self._cursor())

    def _begin(self) -> Iterator[Page]:
        """A new queue first, so that nothing falls between, then the messages since the newest that we know."""
        queue, last = self._registered()
        self.queue = None  # not yet: a cursor that names it says that nothing is missing
        if self.newest is None:
            self.newest = 0
            self._heard(inside(self.server.messages("newest", before=1).content, "messages"))
        else:
            yield from self._missed(self.newest)
        self.queue, self.last = queue, last
        yield Page([], self._cursor())

    def _registered(self) -> tuple[str, int]:
        asked = {
            "event_types": json.dumps(EVENTS),
            "fetch_event_types": json.dumps(["message"]),
            "apply_markdown": "true",
            "client_gravatar": "false",
            "client_capabilities": json.dumps(
                {"notification_settings_null": True, "bulk_message_deletion": True, "empty_topic_name": True}
            ),
        }
        content = self.server.call("POST", "register", repeatable=True, data=asked).content
        queue, last = name(inside(content, "queue_id")), whole(inside(content, "last_event_id"))
        if queue is None:
            raise TransientError("Zulip opened no queue of events.")
        return queue, -1 if last is None else last

    def _missed(self, since: int) -> Iterator[Page]:
        while True:
            answered = self.server.messages(since, after=_MISSED_PAGE)
            self._heard(inside(answered.content, "messages"))
            if self.newest is None or self.newest <= since:
                return
            since = self.newest
            yield Page([Delivery(answered.body)], self._cursor())
            if inside(answered.content, "found_newest") is True:
                return

    def _heard(self, messages: object) -> None:
        ids = [number for one in mappings(messages) if (number := whole(one.get("id"))) is not None]
        if ids:
            self.newest = max(self.newest or 0, *ids)

    def _cursor(self) -> dict[str, Any]:
        queue = {"queue": self.queue, "last": self.last} if self.queue is not None else {}
        return {"newest": self.newest, **queue}


def ear(server: Server, cursor: Mapping[str, Any]) -> Ear:
    """One that goes on where a cursor says."""
    last = whole(cursor.get("last"))
    return Ear(server, name(cursor.get("queue")), -1 if last is None else last, whole(cursor.get("newest")))


def history(server: Server, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """What was said back to an instant, newest page first."""
    before = whole(cursor.get("before"))
    while True:
        answered = server.messages("newest" if before is None else before, before=_HISTORY_PAGE)
        said = mappings(inside(answered.content, "messages"))
        ids = [number for one in said if (number := whole(one.get("id"))) is not None]
        if not ids or (before is not None and min(ids) >= before):
            return
        before = min(ids)
        recent = [one for one in said if (instant(one.get("timestamp")) or since) >= since]
        body = json.dumps({"messages": recent}, default=float).encode()
        yield Page([Delivery(body)] if recent else [], {"before": before})
        if len(recent) < len(said) or inside(answered.content, "found_oldest") is True:
            return
