"""Pages are sent compressed; pictures, sounds and archives are already, and go out as they are."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_WORTH = ("text/", "application/json", "application/manifest+json", "application/javascript", "image/svg+xml")


class PagesCompressedMiddleware(GZipMiddleware):
    """Django's own, which hides the length of secrets in a page by a random one of the header; for what is worth it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = str(response.headers.get("Content-Type", ""))
        if response.streaming or not kind.startswith(_WORTH):
            return response
        return super().process_response(request, response)
