"""How often one visitor, and one address, may ask: token buckets in this process's memory.

Several web processes count apart, so together they allow that many times more: enough against a flood, and no write to
the database for a request that is refused.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

MAX_BUCKETS = 50_000


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, refilled at so many a minute."""

    burst: int
    per_minute: int


#: What a person does is far below; an office of a hundred behind one address is still below the second.
POSTS = (Rate(burst=15, per_minute=30), Rate(burst=150, per_minute=300))
READS = (Rate(burst=60, per_minute=120), Rate(burst=900, per_minute=3600))
TYPING = (Rate(burst=10, per_minute=30), Rate(burst=200, per_minute=600))
FILES = (Rate(burst=5, per_minute=10), Rate(burst=20, per_minute=60))


class Buckets:
    """Token buckets by name; the least used are forgotten, which only fills them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, max_buckets: int = MAX_BUCKETS) -> None:
        self._clock = clock
        self._max_buckets = max_buckets
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, name: str, rate: Rate) -> int:
        """Take one token; 0 when there was one, else the seconds until there is."""
        present = self._clock()
        with self._lock:
            level, at = self._levels.pop(name, (float(rate.burst), present))
            level = min(rate.burst, level + (present - at) * rate.per_minute / 60)
            wait = 0 if level >= 1 else math.ceil((1 - level) * 60 / rate.per_minute)
            self._levels[name] = (level if wait else level - 1, present)
            if len(self._levels) > self._max_buckets:
                self._levels.popitem(last=False)
        return wait

    def clear(self) -> None:
        """Fill them all."""
        with self._lock:
            self._levels.clear()


def client_address(request: HttpRequest) -> str:
    """Who asks: the peer or, where that is a proxy of our own network, the address the proxy saw."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    if not forwarded or not _is_ours(peer):
        return peer
    try:
        return str(ipaddress.ip_address(forwarded))
    except ValueError:
        return peer


def counted_address(address: str) -> str:
    """What an address is counted under: IPv6 by its /64, all of which one customer of a provider has to themselves."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))


def _is_ours(peer: str) -> bool:
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return not peer  # a Unix socket
    return address.is_loopback or address.is_private
