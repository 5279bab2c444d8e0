"""Asking Reddit what is new: four listings a round, of which what was seen is left out.

Reddit's own “before” stops working when the thing it names is deleted; hence we keep the names of the last page, with
whether each was changed or is gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Page
from comptoir.connectors.reddit.api import Api, page_of
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.untrusted import inside, instant, items, mapping, mappings, name, whole

_PAGE = 100
_MOST_PAGES = 5
_MOST_KNOWN = 150
#: Our own private messages, written elsewhere, are looked for each so many rounds.
_SENT_EVERY = 5
_SUBREDDIT = re.compile(r"[A-Za-z0-9_]{2,24}")


def subreddits(written: str) -> list[str]:
    """The names in a field: “r/marque, aide” in whatever way they are set apart."""
    parts = re.split(r"[\s,;+]+", written)
    found = [part.removeprefix("/").removeprefix("r/").strip("/") for part in parts]
    return [one for one in dict.fromkeys(found) if _SUBREDDIT.fullmatch(one)]


def listings(spaces: Sequence[str]) -> dict[str, str]:
    """What is listened to, by the name under which the cursor keeps it."""
    own = {"posts": f"/r/{'+'.join(spaces)}/new", "comments": f"/r/{'+'.join(spaces)}/comments"} if spaces else {}
    return {**own, "inbox": "/message/inbox"}


def poll(api: Api, spaces: Sequence[str], cursor: Mapping[str, Any]) -> Iterator[Page]:
    """What is new since ``cursor``: for each listing what stood on its last page."""
    place = dict(cursor)
    rounds = whole(place.get("round")) or 0
    wanted = listings(spaces)
    if rounds % _SENT_EVERY == 0:
        wanted["sent"] = "/message/sent"
    for kind, path in wanted.items():
        yield from _listing(api, path, place, kind)
    if spaces:
        yield from _modmail(api, spaces, place)
    yield Page((), {**place, "round": (rounds + 1) % (_SENT_EVERY * 1000)})


def _listing(api: Api, path: str, place: dict[str, Any], kind: str) -> Iterator[Page]:
    """The first round only notes what stands there: the history is read apart."""
    known, after, is_first = set(map(str, items(place.get(kind)))), None, kind not in place
    fresh: list[str] = []
    for number in range(_MOST_PAGES):
        asked: dict[str, str | int] = {"limit": _PAGE, **({"after": after} if after else {})}
        children = mappings(inside(api.get(path, **asked).content, "data", "children"))
        new = [child for child in children if _mark(child) not in known]
        fresh += [_mark(child) for child in new]
        after = name(inside(children[-1], "data", "name")) if children else None
        is_last = is_first or len(new) < len(children) or len(children) < _PAGE or number == _MOST_PAGES - 1
        if is_last:
            place[kind] = [*fresh, *(mark for mark in items(place.get(kind)) if mark not in fresh)][:_MOST_KNOWN]
        if new and not is_first:
            yield Page([page_of({"kind": "Listing", "data": {"children": new}})], dict(place))
        if is_last:
            return


def _mark(child: Mapping[str, Any]) -> str:
    """What a thing looked like: its name, when it was changed, whether its words are gone."""
    content = mapping(child.get("data"))
    words = name(content.get("body")) or name(content.get("selftext")) or ""
    gone = "gone" if words in ("[deleted]", "[removed]") else ""
    return f"{name(content.get('name'))} {whole(content.get('edited')) or ''} {gone}".strip()


def _modmail(api: Api, spaces: Sequence[str], place: dict[str, Any]) -> Iterator[Page]:
    """Exchanges with the moderators, where the account is one."""
    try:
        found = api.get("/api/mod/conversations", entity=",".join(spaces), limit=50, sort="recent", state="all").content
    except RefusedError as error:
        if error.status not in (403, 404):
            raise
        return
    known, is_first = mapping(place.get("modmail")), "modmail" not in place
    marks = {
        identifier: name(inside(one, "lastUpdated")) or ""
        for identifier, one in mapping(inside(found, "conversations")).items()
    }
    changed = [identifier for identifier, mark in marks.items() if known.get(identifier) != mark]
    place["modmail"] = dict(list({**known, **marks}.items())[-_MOST_KNOWN:])
    wanted = [] if is_first else changed
    deliveries = [page_of(api.get(f"/api/mod/conversations/{identifier}").content) for identifier in wanted]
    if deliveries:
        yield Page(deliveries, dict(place))


def history(api: Api, spaces: Sequence[str], since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """Each listing back to ``since``, newest first, as far as Reddit keeps it (a thousand things)."""
    done = [str(kind) for kind in items(cursor.get("done"))]
    for kind, path in {**listings(spaces), "sent": "/message/sent"}.items():
        if kind in done:
            continue
        after = name(cursor.get("after")) if cursor.get("step") == kind else None
        yield from _past(api, path, kind, after, done, since)
        done.append(kind)
        yield Page((), {"done": list(done)})


def _past(api: Api, path: str, kind: str, after: str | None, done: Sequence[str], since: datetime) -> Iterator[Page]:
    while True:
        asked: dict[str, str | int] = {"limit": _PAGE, **({"after": after} if after else {})}
        content = api.get(path, **asked).content
        children = mappings(inside(content, "data", "children"))
        moments = [instant(inside(child, "data", "created_utc")) for child in children]
        recent = [child for child, at in zip(children, moments, strict=True) if at is None or at >= since]
        after = name(inside(content, "data", "after"))
        if recent:
            body = page_of({"kind": "Listing", "data": {"children": recent}})
            yield Page([body], {"done": list(done), "step": kind, "after": after})
        if after is None or len(recent) < len(children):
            return
