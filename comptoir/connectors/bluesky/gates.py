"""Hiding replies under a post of ours: the post's threadgate, a record of our own, lists those it hides."""

from __future__ import annotations

from typing import Any

from comptoir.connectors.base import PermanentError, TransientError
from comptoir.connectors.bluesky.answers import RefusedError
from comptoir.connectors.bluesky.records import POST
from comptoir.connectors.bluesky.session import Session
from comptoir.connectors.bluesky.untrusted import at_uri_parts, items, mapping, name

GATE = "app.bsky.feed.threadgate"
#: What the network takes in one list (lexicon app.bsky.feed.threadgate).
MOST_HIDDEN = 300
_NOT_FOUND = ("RecordNotFound", "RepoNotFound")


def is_post_of(uri: str, did: str) -> bool:
    """Whether a thread begins with a post of this account: only then is its gate ours."""
    parts = at_uri_parts(uri)
    return parts is not None and parts[:2] == (did, POST)


def hide_reply(session: Session, uri: str, thread: str) -> None:
    """Put one reply on the list."""
    cid, gate = _standing(session, thread)
    hidden = [name(one) for one in items(gate.get("hiddenReplies"))]
    if uri in hidden:
        return
    if len(hidden) >= MOST_HIDDEN:
        raise PermanentError(
            "Bluesky hides %(most)s replies under one post at most; this one has as many.", most=MOST_HIDDEN
        )
    _keep(session, thread, cid, {**gate, "hiddenReplies": [*hidden, uri]})


def show_reply(session: Session, uri: str, thread: str) -> None:
    """Take one reply off the list."""
    cid, gate = _standing(session, thread)
    hidden = [name(one) for one in items(gate.get("hiddenReplies"))]
    if uri in hidden:
        _keep(session, thread, cid, {**gate, "hiddenReplies": [one for one in hidden if one != uri]})


def _place(session: Session, thread: str) -> dict[str, str]:
    parts = at_uri_parts(thread)
    if parts is None or not is_post_of(thread, session.did):
        raise PermanentError("Bluesky lets an account hide replies under its own posts only.")
    return {"repo": session.did, "collection": GATE, "rkey": parts[2]}


def _standing(session: Session, thread: str) -> tuple[str | None, dict[str, Any]]:
    """The gate as it is, with the hash of this state; a new one, open to everybody, where there is none."""
    try:
        found = session.get("com.atproto.repo.getRecord", _place(session, thread)).content
    except RefusedError as error:
        if error.code not in _NOT_FOUND:
            raise
        return None, {"$type": GATE, "post": thread, "createdAt": _created_at(session, thread)}
    return name(found.get("cid")), dict(mapping(found.get("value")))


def _created_at(session: Session, thread: str) -> str:
    """The post's own instant: a gate wants one, and this one is as old as what it guards."""
    post = session.get("com.atproto.repo.getRecord", {**_place(session, thread), "collection": POST}).content
    return name(mapping(post.get("value")).get("createdAt")) or ""


def _keep(session: Session, thread: str, cid: str | None, gate: dict[str, Any]) -> None:
    """Store it over the state that was read: what somebody changed meanwhile is not lost."""
    body = {**_place(session, thread), "record": gate, "swapRecord": cid}
    try:
        session.post("com.atproto.repo.putRecord", body)
    except RefusedError as error:
        if error.code != "InvalidSwap":
            raise
        raise TransientError("Who may reply was changed at the same moment.") from error
