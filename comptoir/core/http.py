"""The HTTP client that connectors are given: bounded in time, names us, follows no redirect by itself."""

from __future__ import annotations

import httpx

from comptoir import __version__

TIMEOUT = httpx.Timeout(connect=10, read=30, write=30, pool=10)


def new_client() -> httpx.Client:
    """A client for one account; the caller closes it."""
    return httpx.Client(timeout=TIMEOUT, headers={"User-Agent": f"Comptoir/{__version__}"}, follow_redirects=False)
