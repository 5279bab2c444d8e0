"""Where the browser opens the stream of live updates."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

PATH = "/live"


def live_base(request: HttpRequest) -> str:
    """The address of the proxy that stands in front, else the other port of the host that was asked for."""
    if settings.LIVE_URL:
        return str(settings.LIVE_URL)
    host = urlsplit(f"//{request.META.get('HTTP_HOST', '127.0.0.1')}").hostname or "127.0.0.1"
    shown = f"[{host}]" if ":" in host else host
    return f"{request.scheme}://{shown}:{settings.LIVE_PORT}"


def live_url(request: HttpRequest) -> str:
    """The address of the stream."""
    return live_base(request) + PATH


def live_origin(request: HttpRequest) -> str:
    """What the Content-Security-Policy must allow for it; empty for a path of our own origin."""
    parts = urlsplit(live_base(request))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
