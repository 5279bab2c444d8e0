"""Files of our replies, for networks that are told where they are instead of being given them."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comptoir.conversations.files import SHOWN_INLINE, byte_range, open_file, pieces
from comptoir.conversations.models import Attachment
from comptoir.conversations.public_links import LinkEndedError, attachment_behind

_FILM = Path(__file__).with_name("film.png")
_INERT = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


@require_safe
def handed_out(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """One file of a reply, for whoever was told its address; ``name`` only ends as networks want it to."""
    try:
        kept = attachment_behind(token)
    except LinkEndedError:
        return _plain(_("This file is no longer handed out: ask for it again where it was sent to you."), 410)
    if kept is None:
        return _plain(_("There is no such file here."), 404)
    try:
        open_file(kept.storage_key).close()
    except FileNotFoundError:
        return _plain(_("This file is no longer kept."), 404)
    return _served(request, kept)


def _served(request: HttpRequest, kept: Attachment) -> StreamingHttpResponse:
    is_shown, size = kept.mime_type in SHOWN_INLINE, kept.size_bytes or 0
    part = byte_range(request.headers.get("Range", ""), size)
    start, length = part or (0, size)
    response = StreamingHttpResponse(
        pieces(kept.storage_key, start=start, length=length),
        content_type=kept.mime_type if is_shown or _is_medium(kept) else "application/octet-stream",
        status=206 if part else 200,
        headers={**_INERT, "Content-Length": str(length), "Accept-Ranges": "bytes"},
    )
    if part:
        response["Content-Range"] = f"bytes {start}-{start + length - 1}/{size}"
    disposition = content_disposition_header(not is_shown, kept.name or f"file-{kept.pk}")
    response["Content-Disposition"] = disposition or "attachment"
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def _is_medium(kept: Attachment) -> bool:
    """Films and sounds are played from where they are; none of them runs in a browser."""
    return kept.mime_type.startswith(("audio/", "video/"))


@require_safe
def film(request: HttpRequest) -> HttpResponse:
    """A still picture that stands for a film, for networks that want one beside it."""
    response = HttpResponse(_FILM.read_bytes(), content_type="image/png", headers=_INERT)
    response["Cache-Control"] = "public, max-age=86400"
    return response


def _plain(said: str, status: int) -> HttpResponse:
    return HttpResponse(said, content_type="text/plain; charset=utf-8", status=status, headers=_INERT)
