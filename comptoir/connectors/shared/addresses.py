"""Addresses of servers that a person typed."""

from __future__ import annotations

import ipaddress

import httpx

from comptoir.connectors.base import PermanentError


def site_address(written: str) -> str:
    """An https:// address without its last slash; http:// only on this very machine, as secrets go there.

    Where nothing stands before the name, https:// is meant. Raises PermanentError.
    """
    typed = written.strip().rstrip("/")
    if typed and "://" not in typed:
        typed = f"https://{typed}"
    try:
        url = httpx.URL(typed)
    except httpx.InvalidURL:
        raise PermanentError("“%(url)s” is not a web address.", url=written) from None
    if not url.host or url.scheme not in ("https", "http") or (url.scheme == "http" and not _is_this_machine(url.host)):
        raise PermanentError("The address must begin with https://, as in https://forum.example.fr.")
    return str(url.copy_with(query=None, fragment=None)).rstrip("/")


def place_of(written: str) -> str:
    """A server's address, however it was typed, as a name to tell it from others; empty where it is none."""
    typed = written.strip()
    try:
        url = httpx.URL(typed if "://" in typed else f"https://{typed}")
    except httpx.InvalidURL:
        return ""
    port = f":{url.port}" if url.port else ""
    return f"{url.host.lower()}{port}{url.path.rstrip('/')}"


def host_of(written: str) -> str:
    """The name of a server alone, however its address was typed; empty where it is none."""
    typed = written.strip()
    try:
        return httpx.URL(typed if "://" in typed else f"https://{typed}").host.lower()
    except httpx.InvalidURL:
        return ""


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
