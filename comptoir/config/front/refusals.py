"""What is said of a request that never reaches the application."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comptoir.config.front.answers import Answer


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why, in words, and the status of HTTP."""

    status: int
    words: Promise


SLOW = Refusal(
    408, _("What was sent came too slowly, and nothing of it was kept. Check the connection, then send it again.")
)
CUT = Refusal(400, _("The connection was cut before everything had come; nothing of it was kept. Send it again."))
TOO_LARGE = Refusal(413, _("What was sent is too large, and nothing of it was kept. Send less at once."))
FULL = Refusal(
    503, _("There is no room for what was sent right now, and nothing of it was kept. Try again in a minute.")
)
CROWDED = Refusal(503, _("Too many large files are being fetched right now. Try again in a minute."))
BUSY = Refusal(503, _("Too much waits to be done here right now, and nothing of this was kept. Try again in a minute."))
BROKEN = Refusal(500, _("Something broke here, and it was written to the log. Try again; if it breaks again, tell us."))


def refused(environ: dict[str, Any], why: Refusal) -> Answer:
    """The answer to it, in the language of whoever asked; it closes the connection, since a body may be left in it."""
    bare = environ | {"wsgi.input": io.BytesIO(), "CONTENT_LENGTH": ""}
    language = translation.get_language_from_request(WSGIRequest(bare))
    with translation.override(language):
        body = f"{why.words}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"content-language", language.encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"connection", b"close"),
    ]
    if why in (FULL, CROWDED, BUSY):
        headers.append((b"retry-after", b"60"))
    return Answer(why.status, headers, body)
