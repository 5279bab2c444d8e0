"""Files of our replies, for networks that are told where they are instead of being given them."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comptoir.conversations.files import SHOWN_INLINE
from comptoir.conversations.models import Attachment
from comptoir.conversations.public_links import LinkEndedError, attachment_behind
from comptoir.conversations.serving import file_response

_STILLS = {shown: Path(__file__).with_name(f"{shown}.png") for shown in ("film", "picture")}
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
        return _served(request, kept)
    except FileNotFoundError:
        return _plain(_("This file is no longer kept."), 404)


def _served(request: HttpRequest, kept: Attachment) -> HttpResponseBase:
    is_shown = kept.mime_type in SHOWN_INLINE
    response = file_response(
        kept,
        content_type=kept.mime_type if is_shown or _is_medium(kept) else "application/octet-stream",
        as_attachment=not is_shown,
        asked_range=request.headers.get("Range", ""),
    )
    for name, text in _INERT.items():
        response[name] = text
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def _is_medium(kept: Attachment) -> bool:
    """Films and sounds are played from where they are; none of them runs in a browser."""
    return kept.mime_type.startswith(("audio/", "video/"))


@require_safe
def still(request: HttpRequest, shown: str) -> HttpResponse:
    """A small picture that stands for a film or a large picture, for networks that want one beside it."""
    response = HttpResponse(_STILLS[shown].read_bytes(), content_type="image/png", headers=_INERT)
    response["Cache-Control"] = "public, max-age=86400"
    return response


def _plain(said: str, status: int) -> HttpResponse:
    return HttpResponse(said, content_type="text/plain; charset=utf-8", status=status, headers=_INERT)
