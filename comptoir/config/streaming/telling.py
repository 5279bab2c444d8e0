"""Passing on who looks at what, from the process that hears it to all that have streams: by NOTIFY, kept nowhere."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import asdict

import psycopg
from django.core.signing import BadSignature, Signer

from comptoir.config.streaming.presence import DOINGS, Told
from comptoir.config.streaming.record import conninfo
from comptoir.web.presenting.exchange import PRESENCE_SALT

logger = logging.getLogger(__name__)

CHANNEL = "comptoir_presence"
MOST_BYTES = 2000
_AGAIN_AFTER_S = 5
_ASKING = "?"


def word_of(body: bytes) -> Told | None:
    """What a browser says, where it proves with the word its page was given that it may look; None for anything else.

    The page's server has looked up whether the agent may read the conversation: nothing is asked of the database.
    """
    try:
        said = json.loads(body)
        stream, doing, word = str(said["stream"])[:40], said["doing"], said["word"]
    except (ValueError, KeyError, TypeError):
        return None
    if doing not in DOINGS or not isinstance(word, str):
        return None
    if not word or doing == "away":
        return Told(stream, None, 0, "", "away")
    try:
        conversation, agent, name = Signer(salt=PRESENCE_SALT).unsign_object(word)
    except (BadSignature, ValueError):
        return None
    return Told(stream, conversation, agent, name, doing)


class Telling:
    """What this process has to say, and what it hears from all, itself among them."""

    def __init__(self) -> None:
        self.own: dict[str, Told] = {}
        self._speaking: psycopg.AsyncConnection[object] | None = None
        self._turn = asyncio.Lock()

    async def say(self, told: Told) -> None:
        """Tell every process; losing a word is harmless, it is said again."""
        if told.conversation is None:
            self.own.pop(told.stream, None)
        else:
            self.own[told.stream] = told
        await self._notify(json.dumps(asdict(told), ensure_ascii=False))

    async def heard(self) -> AsyncIterator[Told]:
        """All that is said, across restarts of the database; never ends. Whoever comes late asks what was said."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**conninfo(), autocommit=True) as listening:
                    await listening.execute(f"LISTEN {CHANNEL}")
                    await self._notify(_ASKING)
                    async for notice in listening.notifies():
                        if notice.payload == _ASKING:
                            await self._repeat()
                        else:
                            yield Told(**json.loads(notice.payload))
            except (psycopg.Error, OSError) as error:
                logger.warning("live updates: who is here cannot be heard (%s)", error)
            await asyncio.sleep(_AGAIN_AFTER_S)

    async def _repeat(self) -> None:
        for told in list(self.own.values()):
            await self._notify(json.dumps(asdict(told), ensure_ascii=False))

    async def _notify(self, payload: str) -> None:
        async with self._turn:
            try:
                if self._speaking is None or self._speaking.closed or self._speaking.broken:
                    self._speaking = await psycopg.AsyncConnection.connect(**conninfo(), autocommit=True)
                await self._speaking.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
            except (psycopg.Error, OSError) as error:
                logger.warning("live updates: who is here cannot be told (%s)", error)
