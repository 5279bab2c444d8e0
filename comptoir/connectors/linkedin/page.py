"""What is done in the name of a page: listening, answering, taking back, reacting, counting."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from comptoir.connectors.base import (
    Author,
    Delivery,
    Figure,
    OfferedAccount,
    Outgoing,
    PermanentError,
    Sent,
    UncertainError,
)
from comptoir.connectors.base import Page as Stored
from comptoir.connectors.linkedin.api import Page
from comptoir.connectors.linkedin.urns import comment_urn, in_path, parts_of_comment
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.untrusted import inside, instant, items, mapping, mappings, name, number

ORGANISATION = "urn:li:organization:"
_CLOCKS_DIFFER = timedelta(minutes=10)
_ACTIONS = "List(COMMENT,COMMENT_EDIT,COMMENT_DELETE,ADMIN_COMMENT,SHARE,SHARE_MENTION,PHOTO_MENTION,LIKE)"
_MENTIONS = "List(SHARE_MENTION,PHOTO_MENTION)"
_PAGE_SIZE = 50
_MAX_PAGES = 40


# --- listening ----------------------------------------------------------------------------------------------------


def poll(page: Page, cursor: Mapping[str, Any]) -> Iterator[Stored]:
    """Notifications since the last one, the oldest first. The first round only notes when, by LinkedIn's clock."""
    since = name(cursor.get("since")) or ""
    if not since.isdecimal():
        now = page.call("GET", _notifications_path(page, "", 0)).at
        yield Stored((), {"since": str(int(now.timestamp() * 1000))} if now is not None else {})
        return
    latest, start = since, 0
    for number_of_page in range(_MAX_PAGES):
        found = _notifications(page, since, start)
        stamps = [stamp for one in found if (stamp := name(one.get("lastModifiedAt"))) and stamp.isdecimal()]
        latest = max([latest, *stamps], key=int)
        finished = len(found) < _PAGE_SIZE or number_of_page == _MAX_PAGES - 1
        yield Stored(_deliveries(found, "notifications"), {"since": latest if finished else since})
        if finished:
            return
        start += _PAGE_SIZE


def _notifications(page: Page, since: str, start: int, actions: str = _ACTIONS) -> list[Mapping[str, Any]]:
    path = _notifications_path(page, since, start, actions)
    return mappings(mapping(page.call("GET", path).content).get("elements"))


def _notifications_path(page: Page, since: str, start: int, actions: str = _ACTIONS) -> str:
    after = f"&timeRange=(start:{since})" if since else ""
    about = f"&organizationalEntity={in_path(page.urn)}&start={start}&count={_PAGE_SIZE}"
    return f"/organizationalEntityNotifications?q=criteria&actions={actions}{about}{after}"


def history(page: Page, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Stored]:
    """Posts that name us, then our own, the newest first, with the comments under each back to ``since``."""
    if not cursor:
        yield from _mentions(page, since)
    start = int(cursor.get("start") or 0) if str(cursor.get("start") or 0).isdecimal() else 0
    finished = bool(cursor.get("finished"))
    while not finished:
        path = f"/posts?q=author&author={in_path(page.urn)}&sortBy=CREATED&start={start}&count=10"
        posts = mappings(mapping(page.call("GET", path).content).get("elements"))
        recent = [post for post in posts if (instant(post.get("createdAt")) or since) >= since]
        deliveries = [one for post in recent for one in _with_comments(page, post, since)]
        start, finished = start + len(posts), len(recent) < 10
        yield Stored(deliveries, {"start": start, "finished": finished})


def _mentions(page: Page, since: datetime) -> Iterator[Stored]:
    """What LinkedIn notified of before: read again from its start where it was cut, which changes nothing."""
    for number_of_page in range(_MAX_PAGES):
        start = number_of_page * _PAGE_SIZE
        found = _notifications(page, str(int(since.timestamp() * 1000)), start, _MENTIONS)
        if found:
            yield Stored(_deliveries(found, "history"), {})
        if len(found) < _PAGE_SIZE:
            return


def _with_comments(page: Page, post: Mapping[str, Any], since: datetime) -> list[Delivery]:
    comments = list(_comments(page, name(post.get("id")) or "", since))
    return _deliveries([post, *comments], "history") if comments else []


def _comments(page: Page, urn: str, since: datetime) -> Iterator[Mapping[str, Any]]:
    for number_of_page in range(_MAX_PAGES):
        path = f"/socialActions/{in_path(urn)}/comments?start={number_of_page * _PAGE_SIZE}&count={_PAGE_SIZE}"
        found = mappings(mapping(page.call("GET", path).content).get("elements"))
        yield from (one for one in found if (instant(inside(one, "created", "time")) or since) >= since)
        if len(found) < _PAGE_SIZE:
            return


def _deliveries(found: Sequence[Mapping[str, Any]], what: str) -> list[Delivery]:
    if not found:
        return []
    body = json.dumps({"elements": list(found)}, default=float).encode()
    return [Delivery(body, key=f"{what}:{hashlib.blake2s(body, digest_size=16).hexdigest()}")]


# --- answering ----------------------------------------------------------------------------------------------------


def answer(page: Page, outgoing: Outgoing) -> Sent:
    """A comment of ours: under a comment, or under a post that names us."""
    under, parent = _place(outgoing)
    body: dict[str, Any] = {"actor": page.urn, "object": under, "message": {"text": outgoing.text}}
    if parent:
        body["parentComment"] = parent
    path = f"/socialActions/{in_path(parent or under)}/comments"
    try:
        answered = page.call("POST", path, json=body, repeatable=False)
    except RefusedError as error:
        if error.status == 404:
            raise PermanentError("What is answered is no longer on LinkedIn.") from error
        raise
    told = mapping(answered.content)
    number_of_it = name(told.get("id")) or answered.headers.get("x-restli-id", "")
    identifier = name(told.get("commentUrn")) or (comment_urn(under, number_of_it) if number_of_it else None)
    if identifier is None:
        raise UncertainError(
            "%(network)s answered without saying under which id it keeps the answer.", network="LinkedIn"
        )
    at = instant(inside(told, "created", "time")) or answered.at
    return Sent(identifier, at, thread_id=outgoing.thread_id, custom={"object": under})


def find(page: Page, outgoing: Outgoing) -> Sent | None:
    """Our own comment with the same words, written since the reply was queued."""
    under, parent = _place(outgoing)
    for one in _comments(page, parent or under, outgoing.queued_at - _CLOCKS_DIFFER):
        words = name(inside(one, "message", "text")) or ""
        number_of_it = name(one.get("id"))
        if name(one.get("actor")) == page.urn and number_of_it and words.split() == outgoing.text.split():
            identifier = name(one.get("commentUrn")) or comment_urn(under, number_of_it)
            at = instant(inside(one, "created", "time"))
            return Sent(identifier, at, thread_id=outgoing.thread_id, custom={"object": under})
    return None


def _place(outgoing: Outgoing) -> tuple[str, str | None]:
    """What our comment stands under, and the comment that it answers; LinkedIn has two levels."""
    parts = parts_of_comment(outgoing.parent_id or "")
    if parts:
        return parts[0], outgoing.parent_id
    under = name(outgoing.parent_custom.get("object")) or outgoing.parent_id or outgoing.thread_id
    if not under:
        raise PermanentError("Under which post this was said is not known: answer in LinkedIn.")
    return under, None


def delete(page: Page, external_id: str) -> None:
    under, number_of_it = _own(external_id)
    path = f"/socialActions/{in_path(under)}/comments/{number_of_it}?actor={in_path(page.urn)}"
    try:
        page.call("DELETE", path)
    except RefusedError as error:
        if error.status != 404:
            raise


def edit(page: Page, external_id: str, outgoing: Outgoing) -> None:
    under, number_of_it = _own(external_id)
    path = f"/socialActions/{in_path(under)}/comments/{number_of_it}?actor={in_path(page.urn)}"
    patch = {"patch": {"message": {"$set": {"text": outgoing.text}}}}
    page.call("POST", path, json=patch, headers={"X-RestLi-Method": "PARTIAL_UPDATE"}, repeatable=True)


def _own(external_id: str) -> tuple[str, str]:
    parts = parts_of_comment(external_id)
    if parts is None:
        raise PermanentError("Only comments can be changed or taken back on LinkedIn from here.")
    return parts


def like(page: Page, external_id: str) -> None:
    body = {"root": external_id, "reactionType": "LIKE"}
    try:
        page.call("POST", f"/reactions?actor={in_path(page.urn)}", json=body, repeatable=True)
    except RefusedError as error:
        if error.status != 409:  # liked already
            raise


def unlike(page: Page, external_id: str) -> None:
    path = f"/reactions/(actor:{in_path(page.urn)},entity:{in_path(external_id)})"
    try:
        page.call("DELETE", path)
    except RefusedError as error:
        if error.status != 404:
            raise


# --- the page -----------------------------------------------------------------------------------------------------


def figures(page: Page, post_ids: Sequence[str]) -> list[Figure]:
    path = f"/networkSizes/{in_path(page.urn)}?edgeType=COMPANY_FOLLOWED_BY_MEMBER"
    followers = number(mapping(page.call("GET", path).content).get("firstDegreeSize"))
    found = [] if followers is None else [Figure("followers", followers)]
    for post in post_ids:
        try:
            told = mapping(page.call("GET", f"/socialMetadata/{in_path(post)}").content)
        except RefusedError:  # a post that is gone has no figures
            continue
        reactions = [number(one.get("count")) or 0 for one in mapping(told.get("reactionSummaries")).values() if one]
        comments = number(inside(told, "commentSummary", "count"))
        found += [Figure("likes", sum(reactions), post)]
        found += [] if comments is None else [Figure("comments", comments, post)]
    return found


def offered(page: Page, credentials: Mapping[str, str]) -> Iterator[OfferedAccount]:
    """Every page that the person who signed in administers."""
    told = page.call("GET", "/organizationAcls?q=roleAssignee&role=ADMINISTRATOR&state=APPROVED&count=100").content
    for one in items(mapping(told).get("elements")):
        urn = name(inside(one, "organization")) or name(inside(one, "organizationalTarget")) or ""
        identifier = urn.rsplit(":", 1)[-1]
        if identifier.isdecimal():
            called = profile(page, identifier)
            title = name(called.get("localizedName")) or urn
            yield OfferedAccount(urn, title, {**credentials, "organization_id": identifier})


def organisation(page: Page, identifier: str) -> Author:
    """What another page is called."""
    found = mapping(page.call("GET", f"/organizationsLookup?ids=List({identifier})").content).get("results")
    told = mapping(mapping(found).get(identifier))
    handle = name(told.get("vanityName"))
    return Author(f"{ORGANISATION}{identifier}", handle, name(told.get("localizedName")) or handle)


def profile(page: Page, identifier: str) -> Mapping[str, Any]:
    return mapping(page.call("GET", f"/organizations/{identifier}").content)
