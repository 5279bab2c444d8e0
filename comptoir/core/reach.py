"""Who can open an address: anybody, or those at hand alone."""

from __future__ import annotations

import ipaddress
import re
import socket
from functools import cache
from urllib.parse import urlsplit

#: What stands at the end of names that no server outside knows (RFC 6761, 6762, 8375; « internal » is ICANN's).
_NEAR = ("localhost", "local", "lan", "internal", "intranet", "home.arpa", "test", "invalid", "localdomain")

_NUMBERS = re.compile(r"[0-9a-fx.]+")  # What stands after a space is passed over by whoever reads them.


@cache
def is_local(address: str) -> bool:
    """Whether an address opens on this machine, or inside its own network, alone."""
    try:
        host = (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return True
    number = _number(host)
    if number is not None:
        return not number.is_global
    return "." not in host or any(host == ending or host.endswith(f".{ending}") for ending in _NEAR)


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The bare number that a host is, in any of the ways in which browsers take one (127.1, 0x7f.0.0.1, 2130706433)."""
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return _shortened(host)
    return found.ipv4_mapped or found if isinstance(found, ipaddress.IPv6Address) else found


def _shortened(host: str) -> ipaddress.IPv4Address | None:
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host)) if _NUMBERS.fullmatch(host) else None
    except OSError:
        return None
