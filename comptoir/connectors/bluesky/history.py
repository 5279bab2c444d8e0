"""What was said before we were connected: mentions, answers and quotes by the list of notifications, then private
exchanges, the newest first.

Lexicons: app.bsky.notification.listNotifications, chat.bsky.convo.listConvos and getMessages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Page
from comptoir.connectors.bluesky.payloads import CONVO_HEADER
from comptoir.connectors.bluesky.polling import Poller, delivery_of, digest_of
from comptoir.connectors.bluesky.session import Params
from comptoir.connectors.bluesky.untrusted import instant, items, mapping, name

_PAGE_SIZE = 100
#: Of what is told by notifications, that which somebody said.
_SPOKEN = ("mention", "reply", "quote")


def history(poller: Poller, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
    """What was said to us back to ``since``; ``cursor`` says which stage was reached and where in it to go on."""
    place = dict(cursor) or {"stage": "notifications"}
    if place.get("stage") == "notifications":
        yield from _notifications(poller, since, name(place.get("below")))
        place = {"stage": "messages"}
        yield Page((), place)
    if place.get("stage") == "messages" and poller.direct_messages:
        yield from _exchanges(poller, since, place)


def _notifications(poller: Poller, since: datetime, below: str | None) -> Iterator[Page]:
    while True:
        asked: Params = {"limit": _PAGE_SIZE, "reasons": _SPOKEN, **({"cursor": below} if below else {})}
        answer = poller.session.get("app.bsky.notification.listNotifications", asked).content
        page = [mapping(entry) for entry in items(answer.get("notifications"))]
        recent = [entry for entry in page if not _is_before(entry.get("indexedAt"), since)]
        below = name(answer.get("cursor"))
        said = [entry for entry in recent if entry.get("reason") in _SPOKEN]  # a server may not know `reasons`
        is_over = below is None or not page or len(recent) < len(page)
        if said:
            place = {"stage": "messages"} if is_over else {"stage": "notifications", "below": below}
            yield Page(poller.deliveries(said), place)
        if is_over:
            return


def _exchanges(poller: Poller, since: datetime, place: Mapping[str, Any]) -> Iterator[Page]:
    """Private exchanges, the one that was last spoken in first; ``done`` are those of the page that are read."""
    at = name(place.get("page"))
    done = [one for one in items(place.get("done")) if isinstance(one, str)]
    cut = {name(place.get("convo")): name(place.get("below"))}
    while True:
        asked: Params = {"limit": _PAGE_SIZE, **({"cursor": at} if at else {})}
        answer = poller.session.get("chat.bsky.convo.listConvos", asked, chat=True).content
        convos = [mapping(convo) for convo in items(answer.get("convos"))]
        recent = [convo for convo in convos if not _is_before(_last_said(convo), since)]
        for convo in recent:
            convo_id = name(convo.get("id"))
            if convo_id is None or convo_id in done:
                continue
            here = {"stage": "messages", "page": at, "done": done}
            for deliveries, below in _messages(poller, convo, since, cut.get(convo_id)):
                further = {"convo": convo_id, "below": below} if below else {"done": [*done, convo_id]}
                yield Page(deliveries, {**here, **further})
            done = [*done, convo_id]
            yield Page((), {**here, "done": done})
        at, done = name(answer.get("cursor")), []
        if at is None or not recent:
            return


def _messages(
    poller: Poller, convo: Mapping[str, Any], since: datetime, below: str | None
) -> Iterator[tuple[list[Any], str | None]]:
    """What was said in one exchange, page by page, and where the next one begins."""
    convo_id = name(convo.get("id")) or ""
    people = [{"id": convo_id, "members": convo.get("members")}]
    while True:
        asked: Params = {"convoId": convo_id, "limit": _PAGE_SIZE, **({"cursor": below} if below else {})}
        answer = poller.session.get("chat.bsky.convo.getMessages", asked, chat=True).content
        page = [mapping(one) for one in items(answer.get("messages"))]
        recent = [one for one in page if not _is_before(one.get("sentAt"), since)]
        is_over = name(answer.get("cursor")) is None or len(recent) < len(page) or not page
        below = None if is_over else name(answer.get("cursor"))
        if recent:
            key = digest_of(name(one.get("id")) or "" for one in recent)
            body = {"messages": list(reversed(recent)), "exchanges": people}
            yield [delivery_of(body, f"past:{convo_id}:{key}", {CONVO_HEADER: convo_id})], below
        if is_over:
            return


def _last_said(convo: Mapping[str, Any]) -> object:
    return mapping(convo.get("lastMessage")).get("sentAt")


def _is_before(at: object, since: datetime) -> bool:
    moment = instant(at)
    return moment is not None and moment < since
