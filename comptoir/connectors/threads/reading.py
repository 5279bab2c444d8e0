"""Whatever Threads hands out, as events: deliveries of webhooks, pages of posts and replies, single ones.

Source: Threads API, "Webhooks for Threads", "Reply Management", "Threads Media". Other people have no id, but a user
name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from comptoir.connectors.base import Attachment, Author, EventKind, NetworkEvent
from comptoir.connectors.shared.graph.answers import contents
from comptoir.connectors.shared.graph.envelope import Change, Part, parts
from comptoir.connectors.shared.once import each_once, unless_empty
from comptoir.connectors.shared.untrusted import flag, inside, instant, mapping, mappings, name, text

_SPOKEN = frozenset({"replies", "mentions", "publish"})
_OF_MEDIA = frozenset(
    {"text", "media_type", "media_product_type", "permalink", "timestamp", "shortcode", "text_attachment"}
)
#: What we write beside a page of replies under a post of ours: they do not say themselves whose post that is.
IN_OUR_THREAD = "in_our_thread"
_OURS = frozenset({"publish", "delete"})


def read_body(body: bytes, own_id: str | None) -> list[NetworkEvent]:
    """Every event of a body, each once, in its order. Raises PayloadError where it is no JSON."""
    found: list[NetworkEvent] = []
    told = contents(body)
    for content in told:
        delivered = parts(content)
        if delivered is None:
            began = own_id if flag(mapping(content).get(IN_OUR_THREAD)) else None
            listed = [_listed(one, own_id) for one in _objects(content)]
            found += [replace(one, thread_author_id=began or one.thread_author_id) for one in listed]
        else:
            found += [_read(part, own_id) for part in delivered]
    return unless_empty(each_once(found), told)


def root_owner(value: Mapping[str, Any]) -> str | None:
    """Whose thread a reply stands in, as webhooks tell it."""
    return name(inside(value, "root_post", "owner_id"))


def _is_root_of(own_id: str, value: Mapping[str, Any]) -> bool:
    """Whether we, known by our name instead of our number, began the thread."""
    return name(inside(value, "root_post", "username")) == own_id.removeprefix("@")


def _objects(content: object) -> Iterator[Mapping[str, Any]]:
    told = mapping(content)
    yield from mappings(told["data"]) if isinstance(told.get("data"), list) else [told]


def _read(part: Part, own_id: str | None) -> NetworkEvent:
    if not isinstance(part, Change):
        return NetworkEvent(EventKind.IGNORED, reason="a private message, which Threads does not have")
    value, field = part.value, part.field
    if field == "replies" and own_id and root_owner(value) not in (None, own_id) and not _is_root_of(own_id, value):
        return NetworkEvent(EventKind.IGNORED, reason="in the thread of another account than this one")
    if field == "delete":
        return _deleted(value, own_id)
    if field not in _SPOKEN:
        return NetworkEvent(EventKind.IGNORED, reason=f"the field “{field}” changed: nobody said anything")
    found = _media(value, own_id, is_ours=field in _OURS, is_mention=field == "mentions")
    if field != "replies":
        return found
    kind = EventKind.COMMENT if found.event is EventKind.POST else found.event
    return replace(found, event=kind, thread_author_id=root_owner(value) or own_id)


def _listed(one: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    if not name(one.get("id")) or not (_OF_MEDIA & one.keys()):
        return NetworkEvent(EventKind.IGNORED, external_id=name(one.get("id")), reason="no post and no reply")
    return _media(one, own_id, is_ours=False)


def _deleted(value: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    """A post of ours that is gone."""
    return NetworkEvent(
        EventKind.DELETE,
        direction="outgoing",
        visibility="public",
        target_id=name(value.get("id")),
        author=Author(id=_owner(value) or own_id),
        sent_at=instant(value.get("deleted_at")) or instant(value.get("timestamp")),
    )


def _media(one: Mapping[str, Any], own_id: str | None, *, is_ours: bool, is_mention: bool = False) -> NetworkEvent:
    identifier = name(one.get("id"))
    root, answered = name(inside(one, "root_post", "id")), name(inside(one, "replied_to", "id"))
    is_reply = root is not None or answered is not None or flag(one.get("is_reply"))
    reposted = name(inside(one, "reposted_post", "id"))
    kind = EventKind.COMMENT if is_reply else EventKind.POST
    return NetworkEvent(
        EventKind.REPOST if reposted else kind,
        direction="outgoing" if is_ours or _is_ours(one, own_id) else "incoming",
        visibility="public",
        external_id=identifier,
        target_id=reposted,
        parent_id=answered or root if is_reply else None,
        thread_id=root or answered or identifier,
        author=_author(one),
        text=_words(one),
        attachments=_files(one),
        sent_at=instant(one.get("timestamp")),
        url=name(one.get("permalink")),
        thread_author_id=root_owner(one) if root else _owner(one) if not is_reply else None,
        custom={"mention": True} if is_mention else {},
    )


def _words(one: Mapping[str, Any]) -> str | None:
    """The post, the long text attached to it, and what its poll offers."""
    poll = mapping(one.get("poll_attachment"))
    options = [name(poll.get(f"option_{letter}")) for letter in "abcd"]
    long = name(inside(one, "text_attachment", "plaintext"))
    lines = [text(one.get("text")), long, *(f"- {option}" for option in options if option)]
    return "\n".join(line for line in lines if line) or text(one.get("text"))


def _is_ours(one: Mapping[str, Any], own_id: str | None) -> bool:
    """By who owns it, by what Threads says, or because who opened our thread answers in it."""
    if flag(one.get("is_reply_owned_by_me")):
        return True
    if own_id is None:
        return False
    opened = root_owner(one) == own_id and name(one.get("username")) == name(inside(one, "root_post", "username"))
    called = name(one.get("username"))
    return own_id in (_owner(one), called, f"@{called}") or (opened and called is not None)


def _author(one: Mapping[str, Any]) -> Author:
    return Author(_owner(one), name(one.get("username")), avatar_url=name(one.get("profile_picture_url")))


def _owner(one: Mapping[str, Any]) -> str | None:
    owner = one.get("owner")
    return (name(owner.get("id")) if isinstance(owner, dict) else name(owner)) or name(one.get("owner_id"))


def _files(one: Mapping[str, Any]) -> tuple[Attachment, ...]:
    parts_ = mappings(inside(one, "children", "data")) or [one]
    found = [file for part in parts_ if (file := _file(part)) is not None]
    moving, link = name(one.get("gif_url")), name(one.get("link_attachment_url"))
    link = link or name(inside(one, "text_attachment", "link_attachment_url"))
    if moving:
        found.append(Attachment("image", moving, alt_text=name(one.get("alt_text"))))
    if link:
        found.append(Attachment("link", link))
    return tuple(dict.fromkeys(found))


def _file(part: Mapping[str, Any]) -> Attachment | None:
    url = name(part.get("media_url")) or name(part.get("thumbnail_url"))
    if url is None:
        return None
    type_ = name(part.get("media_type")) or ""
    is_film = "VIDEO" in type_ and name(part.get("media_url")) is not None
    kind = "audio" if "AUDIO" in type_ else "video" if is_film else "image"
    return Attachment(kind, url, alt_text=name(part.get("alt_text")))
