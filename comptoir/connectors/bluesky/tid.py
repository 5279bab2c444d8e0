"""Record keys of our own choosing, so that a reply that is sent twice is one post."""

from __future__ import annotations

import hashlib
from datetime import datetime

_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"


def tid_for(key: str, at: datetime) -> str:
    """A timestamp identifier (13 characters) that is always the same for one reply.

    Of the instant only the second counts. The microseconds and the clock's number come from the key: replies queued
    together, at one instant, have keys of their own all the same.
    """
    digest = int.from_bytes(hashlib.blake2s(key.encode("utf-8", "surrogatepass"), digest_size=8).digest())
    micros = int(at.timestamp()) * 1_000_000 + digest % 1_000_000
    number = (micros << 10) | (digest // 1_000_000) % 1024
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(60, -5, -5))
