"""From the record to every open stream of this process."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Sequence

from comptoir.config.streaming.audience import Audience, Batch, Listener, Touched, audiences_now, looked_up
from comptoir.config.streaming.notified import notified_agents
from comptoir.config.streaming.presence import Presence, Told
from comptoir.config.streaming.record import MOST_CAUGHT_UP, Record, Seen
from comptoir.config.streaming.telling import Telling
from comptoir.config.streaming.typing import typing_customers

logger = logging.getLogger(__name__)

BEAT_S = 15
RECHECK_S = 30
#: A browser that takes nothing for so long that this much waits is let go; it comes back and catches up.
_MOST_WAITING = 500


class Stream:
    """One open connection: what waits to be written to it."""

    def __init__(self, listener: Listener) -> None:
        self.id = secrets.token_urlsafe(12)
        self.listener = listener
        self.audience: Audience = listener.audience
        self.waiting: list[bytes] = []
        self.has_news = asyncio.Event()
        self.is_closed = False

    def push(self, words: bytes) -> None:
        """Have ``words`` written soon."""
        if len(self.waiting) >= _MOST_WAITING:
            self.close()
            return
        self.waiting.append(words)
        self.has_news.set()

    def close(self) -> None:
        """End it; the browser opens another one, if it may."""
        self.is_closed = True
        self.has_news.set()

    def take(self) -> bytes:
        """All that waits."""
        words = b"".join(self.waiting)
        self.waiting.clear()
        self.has_news.clear()
        return words


class Hub:
    """All streams of this process, and the tasks that feed them."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self.record = Record()
        self.presence = Presence()
        self.telling = Telling()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin, in the running loop; calling it again does nothing."""
        if not self._tasks:
            always = (
                self._follow(),
                self._follow_typing(),
                self._follow_notifications(),
                self._follow_presence(),
                self._forget_absent(),
                self._recheck(),
            )
            self._tasks = [asyncio.create_task(one) for one in always]

    def stop(self) -> None:
        """End every stream and task."""
        for task in self._tasks:
            task.cancel()
        self._tasks = []
        for stream in self.streams:
            stream.close()

    async def welcome(self, stream: Stream, seen: Seen | None) -> None:
        """Count a new stream in, then tell it what it missed: in this order, nothing falls in between."""
        self.streams.add(stream)
        stream.push(f'event: stream\ndata: {{"id":"{stream.id}"}}\n\n'.encode())
        if seen is None:
            return
        missed = await self.record.since(seen)
        if len(missed) >= MOST_CAUGHT_UP:
            stream.push(b"event: resync\ndata: {}\n\n")
            return
        words = _spoken(self.record.last_id, Batch(missed).seen_by(stream.audience))
        if words:
            stream.push(words)

    async def leave(self, stream: Stream) -> None:
        """Count a stream out; whoever looks at the same conversation sees its agent go."""
        self.streams.discard(stream)
        if stream.id in self.telling.own:
            await self.telling.say(Told(stream.id, None, 0, "", "away"))

    async def _follow_presence(self) -> None:
        async for told in self.telling.heard():
            is_new = told.conversation is not None and told.stream not in self.presence.streams_at(told.conversation)
            changed = self.presence.tell(told, time.monotonic())
            self._show_present(changed | ({told.conversation} if is_new and told.conversation else set()))

    async def _forget_absent(self) -> None:
        while True:
            await asyncio.sleep(1)
            self._show_present(self.presence.expire(time.monotonic()))

    def _show_present(self, conversations: set[int]) -> None:
        """Tell those who look at them who is there."""
        by_id = {stream.id: stream for stream in self.streams} if conversations else {}
        for conversation in conversations:
            for name in self.presence.streams_at(conversation):
                stream = by_id.get(name)
                if stream is not None:
                    stream.push(_present(conversation, self.presence, stream.listener.audience.agent_id))

    async def _follow(self) -> None:
        async for last_id, news in self.record.batches():
            self._tell(last_id, Batch(news.touched))
            if news.colleagues_changed:
                self._tell_watchers()

    async def _follow_typing(self) -> None:
        async for typing in typing_customers():
            batch, words = Batch([typing]), f'event: typing\ndata: {{"id":{typing.conversation_id}}}\n\n'.encode()
            for stream in self.streams:
                if batch.seen_by(stream.audience):
                    stream.push(words)

    async def _follow_notifications(self) -> None:
        async for sounding in notified_agents():
            for stream in self.streams:
                sounds = sounding.get(stream.listener.audience.agent_id)
                if sounds is not None:
                    stream.push(f'event: notified\ndata: {{"sounds":{json.dumps(sounds)}}}\n\n'.encode())

    def _tell(self, last_id: int, batch: Batch) -> None:
        spoken: dict[Audience | None, bytes] = {}
        for stream in self.streams:
            audience = None if stream.audience.sees_all and not stream.audience.hidden else stream.audience
            words = spoken.get(audience)
            if words is None:
                words = spoken[audience] = _spoken(last_id, batch.seen_by(stream.audience))
            if words:
                stream.push(words)

    def _tell_watchers(self) -> None:
        """Whoever sees every team looks after who is there."""
        for stream in self.streams:
            if stream.audience.sees_all:
                stream.push(b"event: colleagues\ndata: {}\n\n")

    async def _recheck(self) -> None:
        """Whoever signed out, was closed, or changed teams hears only what they may now."""
        while True:
            await asyncio.sleep(RECHECK_S)
            listeners = {stream.listener for stream in self.streams}
            if not listeners:
                continue
            try:
                present = await looked_up(audiences_now, listeners)
            except Exception:
                logger.warning("live updates: rights could not be looked up again", exc_info=True)
                continue
            for stream in list(self.streams):
                audience = present.get(stream.listener, stream.audience)
                if audience is None:
                    stream.close()
                else:
                    stream.audience = audience


def _present(conversation: int, presence: Presence, agent: int) -> bytes:
    told = {"id": conversation, "others": presence.others(conversation, agent)}
    return f"event: here\ndata: {json.dumps(told, separators=(',', ':'))}\n\n".encode()


def _spoken(last_id: int, seen: Sequence[Touched]) -> bytes:
    """A server-sent event; nothing where there is nothing to say."""
    if not seen:
        return b""
    ids = [one.conversation_id for one in seen]
    names = sorted({name for one in seen for name in one.names})
    told = json.dumps({"ids": ids, "names": names}, separators=(",", ":"))
    return f"id: {last_id}\nevent: conversations\ndata: {told}\n\n".encode()
