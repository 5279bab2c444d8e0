"""Our answers under a comment, and what is done to comments."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from comptoir.connectors.base import Outgoing, PermanentError, Sent, UncertainError
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.html_text import html_to_text
from comptoir.connectors.shared.untrusted import inside, instant, mappings, name, text
from comptoir.connectors.wordpress.api import Api

MAX_CHARS = 13_000  # WordPress keeps 65,525 bytes
_CLOCKS_DIFFER = timedelta(minutes=2)


def send(api: Api, outgoing: Outgoing) -> Sent:
    if outgoing.visibility == "private":
        raise PermanentError("WordPress has no private messages: answer in public, or by e-mail.")
    body: dict[str, Any] = {"post": number_in(_post_of(outgoing)), "content": _content(outgoing.text)}
    if outgoing.parent_id:
        body["parent"] = number_in(outgoing.parent_id)
    made = api.post("comments", body, repeatable=False).content
    return _sent(made)


def _content(written: str) -> str:
    """The text as it was written: WordPress reads HTML, and makes paragraphs of lines by itself."""
    return html.escape(written, quote=False)


def _post_of(outgoing: Outgoing) -> str:
    return name(outgoing.parent_custom.get("post")) or outgoing.thread_id or ""


def number_in(identifier: str) -> int:
    """An id as a number, for an address. Raises PermanentError."""
    if not (identifier.isascii() and identifier.isdigit() and len(identifier) <= 18):
        raise PermanentError(
            ("“%(id)s” is not an id of the blog: only what came by its API can be answered."), id=identifier
        )
    return int(identifier)


def _sent(made: Any) -> Sent:
    identifier = name(inside(made, "id"))
    if identifier is None:
        raise UncertainError("WordPress answered without saying under which id it keeps what was sent.")
    post = name(inside(made, "post"))
    kept = {"post": post} if post else {}
    return Sent(identifier, instant(inside(made, "date_gmt")), post, name(inside(made, "link")), custom=kept)


def find_sent(api: Api, outgoing: Outgoing, own_id: str) -> Sent | None:
    """Our own comment with the same words under the same post, not older than the reply."""
    found = api.get(
        "comments", context="edit", status="all", post=number_in(_post_of(outgoing)), author=number_in(own_id),
        orderby="id", order="desc", per_page=50,
    )  # fmt: skip
    for comment in mappings(found.content):
        at = instant(comment.get("date_gmt"))
        words = html_to_text(text(inside(comment, "content", "raw")) or "")
        is_there = (outgoing.parent_id or "0") == (name(comment.get("parent")) or "0")
        if is_there and at and at >= outgoing.queued_at - _CLOCKS_DIFFER and words.split() == outgoing.text.split():
            return _sent(comment)
    return None


def edit(api: Api, external_id: str, outgoing: Outgoing) -> None:
    api.post(f"comments/{number_in(external_id)}", {"content": _content(outgoing.text)}, repeatable=True)


def set_status(api: Api, external_id: str, status: str) -> None:
    """``status``: approved or hold."""
    api.post(f"comments/{number_in(external_id)}", {"status": status}, repeatable=True)


def delete(api: Api, external_id: str, *, for_good: bool) -> None:
    """Into the trash, or out of the blog; what is gone already is a success."""
    params: Mapping[str, str | int] = {"force": "true"} if for_good else {}
    try:
        api.delete(f"comments/{number_in(external_id)}", **params)
    except RefusedError as error:
        if error.status not in (404, 410):
            raise
