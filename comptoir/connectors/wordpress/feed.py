"""A blog's feed of comments: what is published, for those who have no password for its API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from comptoir.connectors.base import EventKind, NetworkEvent
from comptoir.connectors.shared.feeds import Entry, read_feed
from comptoir.connectors.shared.xml_tree import local_name

_COMMENT = re.compile(r"comment-(\d{1,18})")
#: How WordPress begins an answer in its feeds, in whatever language: one sentence, whose link ends in a comment.
_IN_REPLY = re.compile(
    r"\s{0,20}(?:<p>)?[^<>]{1,60}<a\s[^<>]{0,30}href=[\"'][^\"'<>]{1,500}#comment-(\d{1,18})[\"'][^<>]{0,60}>"
)


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
        parent_id=entry.answered or (_answered(entry) if found else None),
        thread_id=post or page or entry.id,
        author=entry.author,
        text=entry.text,
        subject=entry.title,
        attachments=entry.attachments,
        sent_at=entry.published_at,
        language=entry.language,
        url=entry.link,
    )


def _answered(entry: Entry) -> str | None:
    """The comment that is answered: the first line of what is shown links to it, before the words themselves."""
    shown = next((one.text for one in entry.element if local_name(one) in ("encoded", "content") and one.text), None)
    found = _IN_REPLY.match(shown or "")
    return found[1] if found else None


def _post_in(address: str | None) -> str | None:
    try:
        query = parse_qs(urlsplit(address or "").query, max_num_fields=20)
    except ValueError:
        return None
    return next((query[key][0] for key in ("p", "page_id") if key in query), None)
