"""The thread of a conversation, as the network knows it and as we do."""

from __future__ import annotations

#: What was split off keeps its thread's name with a mark of its own behind it, so that both can be live.
SPLIT_MARK = "\x1f"


def network_thread(thread_id: str) -> str:
    """The thread as the network names it."""
    return thread_id.partition(SPLIT_MARK)[0]
