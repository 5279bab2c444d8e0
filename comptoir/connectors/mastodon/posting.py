"""Our answers: one status each, said as widely as what it answers and under the same content warning."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from comptoir.connectors.base import (
    Limits,
    Outgoing,
    OutgoingFile,
    PermanentError,
    Sent,
    UncertainError,
    text_length,
)
from comptoir.connectors.mastodon.server import Server
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.untrusted import inside, instant, mapping, mappings, name
from comptoir.core.reasons import Reason

_LINK = re.compile(r"https?://[^\s<>\"«»]+")
_LINK_CHARS = 23
_REMOTE_MENTION = re.compile(r"(@[\w.-]*\w)@[\w-]+(?:\.[\w-]+)+")
MAX_REPORT_CHARS = 1000
_PAGE = 40
_MOST_PAGES = 5
_CLOCKS_DIFFER = timedelta(minutes=2)


def send_status(server: Server, outgoing: Outgoing, limits: Limits) -> Sent:
    """Post the answer. Raises what sending may raise."""
    text = text_to_send(outgoing)
    check_length(text, limits)
    media = [_upload(server, file) for file in outgoing.files]
    answer = server.call(
        "POST",
        "/api/v1/statuses",
        repeatable=False,  # some servers know the key, others do not: see find_status
        headers={"Idempotency-Key": outgoing.key},
        json=_body(outgoing, text, media),
    )
    status = mapping(answer.content)
    if name(status.get("id")) is None:
        raise UncertainError("The server took the post without saying under which id it keeps it.")
    return sent_as(status)


def find_status(server: Server, own_id: str, outgoing: Outgoing) -> Sent | None:
    """The post that an interrupted attempt left: ours, in the same place, with the very text that was sent."""
    text, oldest = text_to_send(outgoing), outgoing.queued_at - _CLOCKS_DIFFER
    below: dict[str, str] = {}
    for _page in range(_MOST_PAGES):
        page = mappings(server.get(f"/api/v1/accounts/{own_id}/statuses", limit=_PAGE, exclude_reblogs=True, **below))
        for status in page:
            if (instant(status.get("created_at")) or oldest) < oldest:
                return None
            if _is_the_answer(server, status, outgoing, text):
                return sent_as(status)
        if not page:
            return None
        below = {"max_id": name(page[-1].get("id")) or ""}
    raise UncertainError("The account has posted so much since that the server's lists do not show whether it arrived.")


def _is_the_answer(server: Server, status: Mapping[str, Any], outgoing: Outgoing, text: str) -> bool:
    if name(status.get("in_reply_to_id")) != outgoing.parent_id:
        return False
    source = server.found(f"/api/v1/statuses/{name(status.get('id'))}/source")
    written = name(inside(source, "text")) or name(status.get("text"))
    return (written or "") == text


def edit_status(
    server: Server, external_id: str, outgoing: Outgoing, custom: Mapping[str, Any], limits: Limits
) -> None:
    """Put another text in the place of what we said; its files and its warning stay."""
    text = _with_mention(outgoing.text, name(custom.get("mention")))
    check_length(text, limits)
    standing = mapping(server.get(f"/api/v1/statuses/{external_id}"))
    body: dict[str, Any] = {
        "status": text,
        "spoiler_text": name(standing.get("spoiler_text")) or "",
        "sensitive": standing.get("sensitive") is True,
        "media_ids": [name(file.get("id")) for file in mappings(standing.get("media_attachments"))],
    }
    if language := outgoing.language or name(standing.get("language")):
        body["language"] = language
    server.call("PUT", f"/api/v1/statuses/{external_id}", json=body)


def delete_status(server: Server, external_id: str) -> None:
    """Take a post of ours back; one that is gone is a success."""
    try:
        server.call("DELETE", f"/api/v1/statuses/{external_id}")
    except RefusedError as error:
        if error.status not in (404, 410):
            raise


def mark(server: Server, external_id: str, verb: str) -> None:
    """Like a post of others ("favourite"), or no longer ("unfavourite"): saying it twice changes nothing."""
    server.call("POST", f"/api/v1/statuses/{external_id}/{verb}", repeatable=True)


# --- what is said -------------------------------------------------------------------------------------------------


def report_status(server: Server, external_id: str, author_id: str, comment: str) -> None:
    """Report a post and its author to the moderators, those of the author's own server included.

    Source: Mastodon's API, POST /api/v1/reports (scope write:reports; a comment of 1,000 characters at most).
    """
    body = {
        "account_id": author_id,
        "status_ids": [external_id],
        "comment": comment[:MAX_REPORT_CHARS],
        "forward": True,
        "category": "other",
    }
    server.call("POST", "/api/v1/reports", repeatable=True, json=body)


def text_to_send(outgoing: Outgoing) -> str:
    """The text with the name of whom it is for: without it nobody would be told, and a private message reach nobody."""
    return _with_mention(outgoing.text, _acct_of(outgoing))


def _acct_of(outgoing: Outgoing) -> str | None:
    return name(outgoing.parent_custom.get("acct")) or name((outgoing.recipient.handle or "").lstrip("@"))


def _with_mention(text: str, acct: str | None) -> str:
    if acct is None:
        return text
    named = re.search(rf"(?<![\w@]){re.escape('@' + acct)}(?![\w@.-]*\w)", text, re.IGNORECASE)
    return text if named else f"@{acct} {text}".rstrip()


def check_length(text: str, limits: Limits) -> None:
    """Refuse what the server would. A link counts 23 characters, a mention what is before its host."""
    counted = _REMOTE_MENTION.sub(r"\1", _LINK.sub("x" * _LINK_CHARS, text))
    length, most = text_length(counted, limits.text_unit), limits.max_text_chars
    if most is not None and length > most:
        raise PermanentError(
            "With the name of whom it answers the text has %(count)s characters, this server allows %(most)s: "
            "shorten it.",
            count=length,
            most=most,
        )


def _body(outgoing: Outgoing, text: str, media: Sequence[str]) -> dict[str, Any]:
    warning = name(outgoing.parent_custom.get("warning"))
    body: dict[str, Any] = {"status": text, "visibility": _visibility_of(outgoing), "media_ids": list(media)}
    if outgoing.parent_id is not None:
        body["in_reply_to_id"] = outgoing.parent_id
    if warning is not None:
        body |= {"spoiler_text": warning, "sensitive": bool(media)}
    if outgoing.language:
        body["language"] = outgoing.language
    return {key: value for key, value in body.items() if value not in ([], "")}


def _visibility_of(outgoing: Outgoing) -> str:
    """Never wider than what is answered; what is private goes to those named in it alone."""
    if outgoing.visibility == "private":
        if _acct_of(outgoing) is None:
            raise PermanentError("Nobody is named to whom this private message could go.")
        return "direct"
    said = name(outgoing.parent_custom.get("visibility"))
    return said if said in ("public", "unlisted") else "public"


def _upload(server: Server, file: OutgoingFile) -> str:
    answer = server.call(
        "POST",
        "/api/v2/media",
        repeatable=True,  # an upload that no post shows is forgotten by the server
        files={"file": (file.name, file.content, file.mime_type)},
        data={"description": file.alt_text} if file.alt_text else {},
    )
    identifier = name(mapping(answer.content).get("id"))
    if identifier is None:
        raise PermanentError("The server took “%(file)s” without giving it an id.", file=file.name)
    return identifier


def sent_as(status: Mapping[str, Any]) -> Sent:
    """What the server says of the post it keeps."""
    mentioned = name(inside(status, "mentions", 0, "acct"))
    custom = {"mention": mentioned, "visibility": name(status.get("visibility"))}
    return Sent(
        name(status.get("id")) or "",
        instant(status.get("created_at")),
        url=name(status.get("url")),
        custom={key: value for key, value in custom.items() if value},
    )


def remark_on(error: RefusedError) -> Reason:
    """What a refused reading means for the account."""
    return Reason("Notifications cannot be read: %(reason)s", reason=error.reason)
