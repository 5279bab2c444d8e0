"""Customers who are typing: told to the streams at once, kept nowhere."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator

import psycopg

from comptoir.config.streaming.audience import Touched
from comptoir.config.streaming.record import conninfo
from comptoir.conversations.typing import TYPING_CHANNEL

logger = logging.getLogger(__name__)

_AGAIN_AFTER_S = 5


async def typing_customers() -> AsyncIterator[Touched]:
    """Conversations whose customer is typing, as it is announced; across restarts of the database, never ends."""
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**conninfo(), autocommit=True) as listening:
                await listening.execute(f"LISTEN {TYPING_CHANNEL}")
                async for notice in listening.notifies():
                    yield _touched(notice.payload)
        except (psycopg.Error, OSError) as error:
            logger.warning("live updates: who is typing cannot be heard (%s)", error)
        await asyncio.sleep(_AGAIN_AFTER_S)


def _touched(payload: str) -> Touched:
    told = json.loads(payload)
    teams, agents = frozenset({told["team"]} - {None}), frozenset({told["agent"]} - {None})
    return Touched(told["id"], teams, agents, frozenset({"customer.typing"}), told["account"])
