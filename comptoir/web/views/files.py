"""Files and originals of messages: for whoever may read the conversation, and so that nothing in them can act."""

from __future__ import annotations

import base64
import re

import nh3
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.html import escape, format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from comptoir.conversations.files import SHOWN_INLINE, open_file
from comptoir.conversations.models import Attachment, Message
from comptoir.conversations.reach import readable_by
from comptoir.conversations.serving import file_response
from comptoir.people.permissions import Permission
from comptoir.web.html_cost import is_too_costly
from comptoir.web.requests import AgentRequest, permission_required

_INERT = "default-src 'none'; sandbox"
#: Browsers show a document in a viewer of their own, apart from the page; a sandbox would keep that viewer out.
_DOCUMENT = "default-src 'none'; object-src 'self'; plugin-types application/pdf; frame-ancestors 'self'"
_MOST_INLINE_BYTES = 2 * 1024 * 1024
_MOST_ADDED_CHARS = 5 * 1024 * 1024
_CONTENT_ID = re.compile(r'(<img\b[^>]*?\bsrc=")cid:([^"]+)("[^>]*>)', re.IGNORECASE)
_TAGS = nh3.ALLOWED_TAGS | {"font", "center"}
_STYLES = {
    "background-color", "border", "border-bottom", "border-collapse", "border-left", "border-radius", "border-right",
    "border-top", "color", "font-family", "font-size", "font-style", "font-weight", "height", "letter-spacing",
    "line-height", "list-style-type", "margin", "margin-bottom", "margin-left", "margin-right", "margin-top",
    "max-width", "padding", "padding-bottom", "padding-left", "padding-right", "padding-top", "text-align",
    "text-decoration", "vertical-align", "white-space", "width",
}  # fmt: skip
_ANYWHERE = {"style", "align", "valign", "width", "height", "bgcolor", "color", "dir", "lang", "title"}


@require_safe
@permission_required(Permission.READ_CONVERSATIONS)
def attachment(request: AgentRequest, pk: int) -> HttpResponseBase:
    """One file: shown where a browser does so by itself without running anything, else offered for download."""
    visible = readable_by(request.agent)
    kept = get_object_or_404(
        Attachment,
        pk=pk,
        state=Attachment.State.STORED,
        message__conversation__in=visible,
        message__deleted_at=None,
    )
    try:
        return _served(request, kept)
    except FileNotFoundError as error:
        raise Http404 from error


def _served(request: AgentRequest, kept: Attachment) -> HttpResponseBase:
    """With the headers that leave it nothing to do; a part of it where a player asks for one."""
    is_shown = kept.mime_type in SHOWN_INLINE
    response = file_response(
        kept,
        content_type=kept.mime_type if is_shown else "application/octet-stream",
        as_attachment=not is_shown or "download" in request.GET,
        asked_range=request.headers.get("Range", ""),
    )
    is_document = kept.mime_type == "application/pdf"
    response["Content-Security-Policy"] = _DOCUMENT if is_document else _INERT
    if is_document:
        response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


@require_safe
@xframe_options_sameorigin
@permission_required(Permission.READ_CONVERSATIONS)
def original(request: AgentRequest, pk: int) -> HttpResponse:
    """The message as it was laid out, cleaned, for a sandboxed frame; pictures from elsewhere only when asked for."""
    visible = readable_by(request.agent)
    message = get_object_or_404(Message.objects.exclude(html=""), pk=pk, conversation__in=visible)
    if message.deleted_at is not None:
        raise Http404
    has_pictures = "pictures" in request.GET
    left_out: list[str] = []
    html = _shown(message, has_pictures=has_pictures, left_out=left_out)
    response = render(request, "conversations/original.html", {"html": html})
    response["X-Pictures-Left-Out"] = str(len(left_out))
    pictures = "data: https: http:" if has_pictures else "data:"
    response["Content-Security-Policy"] = (
        f"default-src 'none'; img-src {pictures}; style-src 'unsafe-inline'; frame-ancestors 'self'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    response["Referrer-Policy"] = "no-referrer"
    return response


def _shown(message: Message, *, has_pictures: bool, left_out: list[str]) -> str:
    """The message's own layout or, where that could keep us busy for long, its text and a sentence that says so."""
    if not is_too_costly(message.html):
        html = clean_html(message.html, has_pictures=has_pictures, left_out=left_out)
        return _with_inline_images(message, html)
    remark = _("This message’s layout is too large or too intricate to be shown safely; here is its text.")
    return format_html("<p><em>{}</em></p><div style='white-space:pre-wrap' dir='auto'>{}</div>", remark, message.text)


def clean_html(html: str, *, has_pictures: bool, left_out: list[str] | None = None) -> str:
    """What may be shown of a stranger's HTML; without ``has_pictures``, nothing that tells them it was opened.

    The addresses of the pictures that are not shown for that reason are put into ``left_out``.
    """
    schemes = {"http", "https"} if has_pictures else set()

    def kept(tag: str, name: str, content: str) -> str | None:
        if tag == "img" and name == "src":
            scheme = content.partition(":")[0].strip().lower()
            if scheme in schemes | {"cid"}:
                return content
            if left_out is not None and scheme in {"http", "https"}:
                left_out.append(content)
            return None
        return content

    return nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags={"script", "style", "title", "head"},
        attributes={**nh3.ALLOWED_ATTRIBUTES, "*": _ANYWHERE, "img": {"src", "alt"}},
        attribute_filter=kept,
        filter_style_properties=_STYLES,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def _with_inline_images(message: Message, html: str) -> str:
    """Pictures that came inside the mail, put into the page: the sandbox has no session to fetch them with.

    Each is read once; those that would make the page too heavy are left out, with their name in their place.
    """
    images = {
        one.content_id.strip("<>"): one
        for one in message.attachments.exclude(content_id="")
        if one.state == Attachment.State.STORED
        and one.mime_type in SHOWN_INLINE
        and (one.size_bytes or 0) <= _MOST_INLINE_BYTES
    }

    encoded: dict[str, str] = {}
    room = _MOST_ADDED_CHARS

    def shown(match: re.Match[str]) -> str:
        nonlocal room
        image = images.get(match[2])
        if image is None:
            return match[1] + match[3]
        if 4 * (image.size_bytes or 0) // 3 > room:
            return f"<em>[{escape(image.name)}]</em>"
        if match[2] not in encoded:
            encoded[match[2]] = _as_data(image)
        room -= len(encoded[match[2]])
        return match[1] + encoded[match[2]] + match[3]

    return _CONTENT_ID.sub(shown, html)


def _as_data(image: Attachment) -> str:
    """A picture as an address that holds all of it; empty where its file is gone."""
    try:
        with open_file(image.storage_key) as stream:
            content = base64.b64encode(stream.read()).decode()
    except FileNotFoundError:
        return ""
    return f"data:{image.mime_type};base64,{content}"
