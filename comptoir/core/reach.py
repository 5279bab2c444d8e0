"""Who can open an address: anybody, or those at hand alone."""

from __future__ import annotations

import ipaddress
from functools import cache
from urllib.parse import urlsplit

#: What stands at the end of names that no server outside knows (RFC 6761, 6762, 8375; « internal » is ICANN's).
_NEAR = ("localhost", "local", "lan", "internal", "intranet", "home.arpa", "test", "invalid", "localdomain")


@cache
def is_local(address: str) -> bool:
    """Whether an address opens on this machine, or inside its own network, alone."""
    try:
        host = (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or any(host.endswith(f".{ending}") for ending in _NEAR)
