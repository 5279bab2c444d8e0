"""The HTTP clients: bounded in time, naming us, following no redirect by themselves."""

from __future__ import annotations

import enum
import ipaddress
import os
import socket
import ssl
from functools import cache

import httpcore
import httpx

from comptoir import __version__
from comptoir.core.answers import UNPACKED, BoundedClient
from comptoir.core.hurrying import HurriedBackend, Hurry
from comptoir.core.reasons import ReasonedError

TIMEOUT = httpx.Timeout(connect=10, read=30, write=30, pool=10)
_HEADERS = {"User-Agent": f"Comptoir/{__version__}", "Accept-Encoding": UNPACKED}
#: For one request to a stranger's address, from its name to the end of the answer.
_WITHIN_S = 60.0


class UnsafeAddressError(ReasonedError):
    """The address leads somewhere that only this machine or its network should reach."""


@cache
def _authorities(*, trust_env: bool) -> ssl.SSLContext:
    """Whom we trust, read once: reading it for each client takes longer than most requests."""
    return httpx.create_ssl_context(trust_env=trust_env)


def new_client() -> httpx.Client:
    """A client for one account, whose addresses an administrator chose; the caller closes it."""
    return BoundedClient(timeout=TIMEOUT, headers=_HEADERS, follow_redirects=False, verify=_authorities(trust_env=True))


class Purpose(enum.Enum):
    """What a stranger's address is called for. Its value names the setting that, at 1, lets it be an internal one."""

    FILES = "COMPTOIR_ALLOW_PRIVATE_ADDRESSES"
    WEBHOOKS = "COMPTOIR_ALLOW_PRIVATE_WEBHOOKS"
    PUSHES = "COMPTOIR_ALLOW_PRIVATE_PUSHES"

    @property
    def may_be_internal(self) -> bool:
        return os.environ.get(self.value) == "1"


def new_public_client(
    purpose: Purpose, *, timeout: httpx.Timeout = TIMEOUT, within_s: float = _WITHIN_S
) -> httpx.Client:
    """A client for addresses that a stranger chose: it reaches public hosts only, and no request of it takes longer
    than ``within_s``; the caller closes it.

    Requests raise UnsafeAddressError for any other host, unless the purpose's setting allows them.
    """
    return BoundedClient(
        timeout=timeout,
        headers=_HEADERS,
        follow_redirects=False,
        transport=(_Hurried if purpose.may_be_internal else _PublicOnly)(within_s),
        trust_env=False,
        verify=_authorities(trust_env=False),
    )


class _Hurried(httpx.HTTPTransport):
    """Over in time, whatever the other side does."""

    def __init__(self, within_s: float) -> None:
        authorities = _authorities(trust_env=True)
        super().__init__(verify=authorities)
        self._hurry = Hurry(within_s)
        self._pool = httpcore.ConnectionPool(ssl_context=authorities, network_backend=HurriedBackend(self._hurry))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._hurry.begin()
        return super().handle_request(request)


class _PublicOnly(_Hurried):
    """Connects to the very address that was found public, so that a name cannot change its mind in between."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        request.extensions = dict(request.extensions) | {"sni_hostname": host}
        request.url = request.url.copy_with(host=public_address(host, request.url.port or 443))
        return super().handle_request(request)


def public_address(host: str, port: int) -> str:
    """An address of ``host`` that all the world can reach.

    Raises UnsafeAddressError when any of its addresses is private, and httpx.ConnectError when it has none.
    """
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(f"“{host}” has no address.") from error
    for address in found:
        if not _is_public(address):
            raise UnsafeAddressError("“%(host)s” leads to an internal address.", host=host)
    return min(found, key=lambda address: (":" in address, address))


def is_internal_literal(host: str) -> bool:
    """Whether a host can be seen to be internal without asking anybody: this machine's names, an address in digits."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return not _is_public(host.strip("[]"))
    except ValueError:
        return False


#: IPv6 networks that carry an IPv4 address in their last 32 bits: NAT64 (RFC 6052, RFC 8215), IPv4-compatible and
#: IPv4-translated addresses.
_CARRIERS = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96", "::ffff:0:0:0/96")))


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.is_site_local:
            return False
        inner = parsed.ipv4_mapped or parsed.sixtofour or _carried(parsed)
        if inner is not None:
            parsed = inner
    return parsed.is_global and not parsed.is_multicast


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if any(address in network for network in _CARRIERS):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None
