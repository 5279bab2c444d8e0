"""Our answer in public: one post whose key we choose, so that sending it again changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

import regex

from comptoir.connectors.base import Outgoing, PermanentError, Sent
from comptoir.connectors.bluesky.answers import RefusedError
from comptoir.connectors.bluesky.facets import find_facets
from comptoir.connectors.bluesky.records import POST, reference, web_url
from comptoir.connectors.bluesky.session import Session
from comptoir.connectors.bluesky.tid import tid_for
from comptoir.connectors.bluesky.untrusted import at_uri_parts, items, mapping, name

MAX_GRAPHEMES = 300
MAX_BYTES = 3000
MAX_IMAGES = 4
MAX_IMAGE_BYTES = 1_000_000
_NOT_FOUND = ("RecordNotFound", "RepoNotFound")


def address_of(outgoing: Outgoing, did: str) -> str:
    """The at:// address the reply has, or will have."""
    return outgoing.external_id or f"at://{did}/{POST}/{tid_for(outgoing.key, outgoing.queued_at)}"


def send_post(session: Session, outgoing: Outgoing) -> Sent:
    check_post(outgoing)
    uri = address_of(outgoing, session.did)
    record = _record(session, outgoing)
    place = {"repo": session.did, "collection": POST, "rkey": _own_key(uri, session.did)}
    try:
        # swapRecord null: only where nothing stands yet. An identical post is accepted and changes nothing.
        body = {**place, "record": record, "swapRecord": None}
        # Not "repeatable", although it is: whoever withdraws the reply must know that it may be on the network.
        answer = session.post("com.atproto.repo.putRecord", body, repeatable=False)
    except RefusedError as error:
        if error.code != "InvalidSwap":
            raise
        return _the_one_that_stands(session, uri, record)
    return _sent(uri, name(answer.content.get("cid")), record, answer.at)


def find_post(session: Session, outgoing: Outgoing) -> Sent | None:
    """The post that an earlier attempt left, None if there is none."""
    uri = address_of(outgoing, session.did)
    standing = _standing(session, uri)
    return None if standing is None else _sent(uri, standing[0], standing[1], None)


def delete_post(session: Session, uri: str) -> None:
    session.post(
        "com.atproto.repo.deleteRecord",
        {"repo": session.did, "collection": POST, "rkey": _own_key(uri, session.did)},
    )


def check_post(outgoing: Outgoing) -> None:
    """Refuse what the network would refuse, in words that help to correct it."""
    length, size = len(regex.findall(r"\X", outgoing.text)), len(outgoing.text.encode("utf-8", "replace"))
    if length > MAX_GRAPHEMES:
        raise PermanentError(
            "The text has %(count)s characters, Bluesky allows %(most)s: shorten it.", count=length, most=MAX_GRAPHEMES
        )
    if size > MAX_BYTES:
        raise PermanentError(
            "The text takes %(count)s bytes, Bluesky allows %(most)s: use fewer emoji or accents.",
            count=size,
            most=MAX_BYTES,
        )
    if not outgoing.text.strip() and not outgoing.files:
        raise PermanentError("There is neither a text nor an image to send.")
    if len(outgoing.files) > MAX_IMAGES:
        raise PermanentError(
            "There are %(count)s images, Bluesky allows %(most)s in one post.",
            count=len(outgoing.files),
            most=MAX_IMAGES,
        )
    for file in outgoing.files:
        if not file.mime_type.startswith("image/"):
            raise PermanentError("“%(file)s” is not an image: Bluesky takes images only.", file=file.name)
        if len(file.content) > MAX_IMAGE_BYTES:
            raise PermanentError(
                "“%(file)s” has %(count)s bytes, Bluesky allows %(most)s.",
                file=file.name,
                count=len(file.content),
                most=MAX_IMAGE_BYTES,
            )


def _record(session: Session, outgoing: Outgoing) -> dict[str, Any]:
    created_at = outgoing.queued_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    record: dict[str, Any] = {"$type": POST, "text": outgoing.text, "createdAt": created_at}
    if reply := _reply_references(session, outgoing):
        record["reply"] = reply
    if facets := find_facets(outgoing.text, lambda handle: resolve_handle(session, handle)):
        record["facets"] = facets
    if outgoing.language:
        record["langs"] = [outgoing.language]
    if outgoing.files:
        images = [
            {"alt": file.alt_text, "image": session.upload(file.content, file.mime_type)} for file in outgoing.files
        ]
        record["embed"] = {"$type": "app.bsky.embed.images", "images": images}
    return record


def _reply_references(session: Session, outgoing: Outgoing) -> dict[str, dict[str, str]] | None:
    """Root and parent with their hashes, from what the parent's event kept, or asked of the network."""
    if outgoing.parent_id is None:
        return None
    if at_uri_parts(outgoing.parent_id) is None:
        raise PermanentError("The message answered is not a post on Bluesky.")
    kept = outgoing.parent_custom
    parent = {"uri": outgoing.parent_id, "cid": name(kept.get("cid")) or ""}
    root = reference(kept.get("root")) or ({} if not parent["cid"] else parent)
    if not parent["cid"]:
        view = _view_of(session, outgoing.parent_id)
        parent["cid"] = name(view.get("cid")) or ""
        root = root or reference(mapping(mapping(view.get("record")).get("reply")).get("root")) or parent
    if not root.get("cid"):
        root = {"uri": root["uri"], "cid": name(_view_of(session, root["uri"]).get("cid")) or ""}
    return {"root": root, "parent": parent}


def _view_of(session: Session, uri: str) -> Mapping[str, Any]:
    found = session.get("app.bsky.feed.getPosts", {"uris": [uri]}).content
    for view in map(mapping, items(found.get("posts"))):
        if view.get("uri") == uri and name(view.get("cid")):
            return view
    raise PermanentError("The post you answer, or the first one of its thread, is no longer on Bluesky.")


def resolve_handle(session: Session, handle: str) -> str | None:
    """The id behind a handle, None where nobody has it."""
    try:
        found = session.get("com.atproto.identity.resolveHandle", {"handle": handle})
    except RefusedError:
        return None
    return name(found.content.get("did"))


def _the_one_that_stands(session: Session, uri: str, record: Mapping[str, Any]) -> Sent:
    """An earlier attempt left a post there; it differs only where the world did in between (a handle that moved)."""
    standing = _standing(session, uri)
    if standing is None or any(standing[1].get(key) != record[key] for key in ("text", "createdAt")):
        raise PermanentError("Another post already stands where this one belongs: write the reply again.")
    return _sent(uri, standing[0], standing[1], None)


def _standing(session: Session, uri: str) -> tuple[str | None, Mapping[str, Any]] | None:
    place = {"repo": session.did, "collection": POST, "rkey": _own_key(uri, session.did)}
    try:
        found = session.get("com.atproto.repo.getRecord", place).content
    except RefusedError as error:
        if error.code in _NOT_FOUND:
            return None
        raise
    return name(found.get("cid")), mapping(found.get("value"))


def _sent(uri: str, cid: str | None, record: Mapping[str, Any], at: Any) -> Sent:
    root = reference(mapping(record.get("reply")).get("root"))
    custom = {"cid": cid, "root": root}
    return Sent(
        uri, at, thread_id=root["uri"] if root else uri, url=web_url(uri),
        custom={key: value for key, value in custom.items() if value},
    )  # fmt: skip


def _own_key(uri: str, did: str) -> str:
    parts = at_uri_parts(uri)
    if parts is None or parts[:2] != (did, POST):
        raise PermanentError("This is not a post of the connected account.")
    return parts[2]
