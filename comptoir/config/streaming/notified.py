"""Agents for whom there is something to hear of, as it is announced."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping

import psycopg

from comptoir.config.streaming.record import conninfo
from comptoir.notifications.hearing import NOTIFIED_CHANNEL

logger = logging.getLogger(__name__)

_AGAIN_AFTER_S = 5


async def notified_agents() -> AsyncIterator[Mapping[int, str]]:
    """Agents by id, and the kind that shall sound, empty for none; across restarts of the database, never ends."""
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**conninfo(), autocommit=True) as listening:
                await listening.execute(f"LISTEN {NOTIFIED_CHANNEL}")
                async for notice in listening.notifies():
                    yield {int(agent): str(sounds) for agent, sounds in json.loads(notice.payload).items()}
        except (psycopg.Error, OSError) as error:
            logger.warning("live updates: notifications cannot be heard (%s)", error)
        await asyncio.sleep(_AGAIN_AFTER_S)
