"""What a post carries beside its text: images, video, a link's card, a quoted post."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from comptoir.connectors.base import Attachment
from comptoir.connectors.bluesky.untrusted import items, mapping, name, whole

#: Where Bluesky's own network serves what a record only names by its hash. A view carries its address itself.
_IMAGE_URL = "https://cdn.bsky.app/img/feed_fullsize/plain/{did}/{cid}@jpeg"
_VIDEO_URL = "https://video.bsky.app/watch/{did}/{cid}/playlist.m3u8"


def attachments_of(embed: object, view: object, *, author_id: str | None) -> tuple[Attachment, ...]:
    """Read the embed of a record (types, sizes and hashes of files) and of its view (addresses), where there is one."""
    recorded = tuple(_attachments(mapping(embed), author_id))
    viewed = tuple(_attachments(mapping(view), author_id))
    if len(viewed) != len(recorded):
        return viewed or recorded
    return tuple(replace(kept, url=shown.url or kept.url) for shown, kept in zip(viewed, recorded, strict=True))


def _attachments(embed: Mapping[str, Any], author_id: str | None) -> Iterator[Attachment]:
    kind = _bare_type(embed)
    if kind == "app.bsky.embed.recordWithMedia":
        yield from _attachments_of_media(mapping(embed.get("media")), author_id)
    else:
        yield from _attachments_of_media(embed, author_id)


def _attachments_of_media(embed: Mapping[str, Any], author_id: str | None) -> Iterator[Attachment]:
    kind = _bare_type(embed)
    if kind == "app.bsky.embed.images":
        for image in items(embed.get("images")):
            yield _image(mapping(image), author_id)
    elif kind == "app.bsky.embed.gallery":
        for image in items(embed.get("items")):
            yield _image(mapping(image), author_id)
    elif kind == "app.bsky.embed.video":
        yield _video(embed, author_id)
    elif kind == "app.bsky.embed.external":
        card = mapping(embed.get("external"))
        if url := name(card.get("uri")):
            yield Attachment("link", url=url, name=name(card.get("title")))


def quoted_post(embed: object) -> dict[str, str] | None:
    """{"uri", "cid"} of the post that is quoted, None if none is."""
    outer = mapping(embed)
    record = mapping(outer.get("record"))
    kind = _bare_type(outer)
    if kind == "app.bsky.embed.recordWithMedia":
        record = mapping(record.get("record"))
    elif kind != "app.bsky.embed.record":
        return None
    uri, cid = name(record.get("uri")), name(record.get("cid"))
    return None if uri is None else {"uri": uri, **({"cid": cid} if cid else {})}


def _image(image: Mapping[str, Any], author_id: str | None) -> Attachment:
    blob = mapping(image.get("image"))
    url = name(image.get("fullsize")) or name(image.get("thumb")) or _blob_url(_IMAGE_URL, blob, author_id)
    return _file("image", url, blob, image)


def _video(embed: Mapping[str, Any], author_id: str | None) -> Attachment:
    blob = mapping(embed.get("video"))
    url = name(embed.get("playlist")) or _blob_url(_VIDEO_URL, blob, author_id)
    return _file("video", url, blob, embed)


def _file(kind: str, url: str | None, blob: Mapping[str, Any], described: Mapping[str, Any]) -> Attachment:
    mime_type, alt_text = name(blob.get("mimeType")), name(described.get("alt"))
    return Attachment(kind, url=url, mime_type=mime_type, size_bytes=_size(blob), alt_text=alt_text)


def _blob_url(pattern: str, blob: Mapping[str, Any], author_id: str | None) -> str | None:
    # The oldest records name a file by "cid" alone, later ones by "ref": {"$link": ...}.
    cid = name(mapping(blob.get("ref")).get("$link")) or name(blob.get("cid"))
    if cid is None or author_id is None or not author_id.startswith("did:"):
        return None
    return pattern.format(did=quote(author_id, safe=":"), cid=quote(cid, safe=""))


def _size(blob: Mapping[str, Any]) -> int | None:
    size = whole(blob.get("size"))
    return size if size is not None and size >= 0 else None


def _bare_type(embed: Mapping[str, Any]) -> str:
    return (name(embed.get("$type")) or "").partition("#")[0]
