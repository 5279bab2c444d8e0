"""Our answers: comments, private messages, moderators' mail; and what is done to things. Reddit reads Markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from comptoir.connectors.base import Outgoing, PermanentError, Sent, UncertainError
from comptoir.connectors.reddit.api import Api
from comptoir.connectors.shared.markdown import as_markdown
from comptoir.connectors.shared.untrusted import inside, instant, mapping, mappings, name, text

MAX_CHARS = 10_000
_MAX_SUBJECT_CHARS = 100
_CLOCKS_DIFFER = timedelta(minutes=2)
_FULLNAME = re.compile(r"t[134]_[0-9a-z]{1,13}")


def markdown(written: str) -> str:
    """A plain text so written that Reddit shows it as it is: a single line break wants two spaces before it."""
    return re.sub(r"(?<!\n)\n(?!\n)", "  \n", as_markdown(written))


def send(api: Api, outgoing: Outgoing) -> Sent:
    """Comment, reply in the exchange, or begin one."""
    exchange = name(outgoing.parent_custom.get("modmail"))
    if outgoing.visibility == "public":
        return _comment(api, outgoing)
    if exchange and outgoing.parent_visibility == "private":
        return _send_modmail(api, outgoing, exchange)
    if outgoing.parent_id and outgoing.parent_id.startswith("t4_"):
        return _comment(api, outgoing)
    return _compose(api, outgoing)


def _comment(api: Api, outgoing: Outgoing) -> Sent:
    form = {"api_type": "json", "thing_id": known(outgoing.parent_id or ""), "text": markdown(outgoing.text)}
    answer = api.post("/api/comment", form)
    made = mapping(inside(answer.content, "json", "data", "things", 0, "data"))
    identifier = name(made.get("name")) or name(made.get("id"))
    if identifier is None:
        raise UncertainError("Reddit answered without saying under which id it keeps what was sent.")
    path = name(made.get("permalink"))
    address = f"https://www.reddit.com{path}" if path and path.startswith("/") else None
    return Sent(identifier, instant(made.get("created_utc")) or answer.at, url=address)


def _compose(api: Api, outgoing: Outgoing) -> Sent:
    """A new private message. Reddit does not say its id: it is looked for among those we sent."""
    if not outgoing.recipient.handle:
        raise PermanentError("Reddit has not told us this person’s name: no private message can be sent to them.")
    subject = outgoing.subject or name(outgoing.parent_custom.get("subject")) or outgoing.text.split("\n")[0]
    form = {
        "api_type": "json",
        "to": outgoing.recipient.handle,
        "subject": subject[:_MAX_SUBJECT_CHARS],
        "text": markdown(outgoing.text),
    }
    answer = api.post("/api/compose", form)
    found = _find_message(api, outgoing)
    return found or Sent(outgoing.key, answer.at)


def _send_modmail(api: Api, outgoing: Outgoing, exchange: str) -> Sent:
    form = {"body": markdown(outgoing.text), "isInternal": "false", "isAuthorHidden": "false"}
    content = api.post(f"/api/mod/conversations/{_plain(exchange)}", form).content
    found = _in_modmail(content, outgoing, exchange)
    if found is None:
        raise UncertainError("Reddit answered without saying under which id it keeps what was sent.")
    return found


def _in_modmail(content: Any, outgoing: Outgoing, exchange: str) -> Sent | None:
    """The newest message of the moderators with these words."""
    messages = [mapping(one) for one in mapping(inside(content, "messages")).values()]
    for one in sorted(messages, key=lambda one: name(one.get("date")) or "", reverse=True):
        at = instant(one.get("date"))
        is_moderator = inside(one, "author", "isMod") is True
        if is_moderator and _is_recent(at, outgoing) and _same(one.get("bodyMarkdown"), outgoing):
            return Sent(name(one.get("id")) or outgoing.key, at, custom={"modmail": exchange})
    return None


def known(fullname: str) -> str:
    """An id of Reddit. Raises PermanentError."""
    if not _FULLNAME.fullmatch(fullname):
        raise PermanentError("“%(id)s” is not an id of Reddit.", id=fullname)
    return fullname


def _plain(identifier: str) -> str:
    if not (identifier.isascii() and identifier.isalnum()):
        raise PermanentError("“%(id)s” is not an id of Reddit.", id=identifier)
    return identifier


# --- looking for what an interrupted attempt left ---------------------------------------------------------------------


def find_sent(api: Api, outgoing: Outgoing, handle: str) -> Sent | None:
    """The same words, of ours, to the same thing or person, not older than the reply."""
    exchange = name(outgoing.parent_custom.get("modmail"))
    if outgoing.visibility == "private" and exchange and outgoing.parent_visibility == "private":
        return _in_modmail(api.get(f"/api/mod/conversations/{_plain(exchange)}").content, outgoing, exchange)
    if outgoing.visibility == "private":
        return _find_message(api, outgoing)
    found = api.get(f"/user/{handle}/comments", limit=50, sort="new").content
    for child in mappings(inside(found, "data", "children")):
        content = mapping(child.get("data"))
        at = instant(content.get("created_utc"))
        is_there = name(content.get("parent_id")) == outgoing.parent_id
        if is_there and _is_recent(at, outgoing) and _same(content.get("body"), outgoing):
            return Sent(name(content.get("name")) or "", at)
    return None


def _find_message(api: Api, outgoing: Outgoing) -> Sent | None:
    found = api.get("/message/sent", limit=25).content
    for child in mappings(inside(found, "data", "children")):
        content = mapping(child.get("data"))
        at = instant(content.get("created_utc"))
        is_theirs = (name(content.get("dest")) or "").lower() == (outgoing.recipient.handle or "").lower()
        if is_theirs and _is_recent(at, outgoing) and _same(content.get("body"), outgoing):
            return Sent(name(content.get("name")) or outgoing.key, at)
    return None


def _is_recent(at: Any, outgoing: Outgoing) -> bool:
    return at is not None and at >= outgoing.queued_at - _CLOCKS_DIFFER


def _same(body: object, outgoing: Outgoing) -> bool:
    return html.unescape(text(body) or "").split() == markdown(outgoing.text).split()


# --- what else is done to things --------------------------------------------------------------------------------------


def edit(api: Api, external_id: str, outgoing: Outgoing) -> None:
    form = {"api_type": "json", "thing_id": known(external_id), "text": markdown(outgoing.text)}
    api.post("/api/editusertext", form, repeatable=True)


def delete(api: Api, external_id: str) -> None:
    if not external_id.startswith(("t1_", "t3_")):
        raise PermanentError("Reddit cannot take back a private message.")
    api.post("/api/del", {"id": known(external_id)}, repeatable=True)


def remove(api: Api, external_id: str) -> None:
    api.post("/api/remove", {"id": known(external_id), "spam": "false"}, repeatable=True)


def approve(api: Api, external_id: str) -> None:
    api.post("/api/approve", {"id": known(external_id)}, repeatable=True)


def figures_of(api: Api, post_ids: list[str]) -> list[Mapping[str, Any]]:
    """Our posts as they stand now."""
    wanted = [one for one in post_ids if _FULLNAME.fullmatch(one)][:100]
    found = api.get("/api/info", id=",".join(wanted)).content if wanted else {}
    return [mapping(child.get("data")) for child in mappings(inside(found, "data", "children"))]
