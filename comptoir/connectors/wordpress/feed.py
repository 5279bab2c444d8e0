"""A blog's feed of comments: what is published, for those who have no password for its API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from comptoir.connectors.base import EventKind, NetworkEvent
from comptoir.connectors.shared.feeds import Entry, read_feed

_COMMENT = re.compile(r"comment-(\d{1,18})")


def read_comments_feed(body: bytes) -> Iterator[NetworkEvent]:
    """Comments of a feed, newest first. Raises PayloadError where it is none."""
    feed = read_feed(body)
    if not feed.entries:
        yield NetworkEvent(EventKind.IGNORED, reason="A feed without an entry.")
    for entry in feed.entries:
        yield _comment(entry)


def _comment(entry: Entry) -> NetworkEvent:
    """The comment's number stands at the end of its address; the post's in its guid, which is no address to be read."""
    found = _COMMENT.search((entry.link or entry.id or "").partition("#")[2])
    post = _post_in(entry.id) or _post_in(entry.link)
    page = (entry.link or "").partition("#")[0]
    return NetworkEvent(
        event=EventKind.COMMENT if found else EventKind.POST,
        direction="incoming",
        visibility="public",
        external_id=found[1] if found else entry.id,
        parent_id=entry.answered,
        thread_id=post or page or entry.id,
        author=entry.author,
        text=entry.text,
        subject=entry.title,
        attachments=entry.attachments,
        sent_at=entry.published_at,
        language=entry.language,
        url=entry.link,
    )


def _post_in(address: str | None) -> str | None:
    try:
        query = parse_qs(urlsplit(address or "").query, max_num_fields=20)
    except ValueError:
        return None
    return next((query[key][0] for key in ("p", "page_id") if key in query), None)
