"""What we post to the other side, and what its answers mean."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from comptoir.connectors.base import (
    AuthError,
    Outgoing,
    OutgoingFile,
    PayloadError,
    PermanentError,
    Sent,
    TransientError,
)
from comptoir.connectors.webhook.fields import Fields, load
from comptoir.core.reasons import Reason

_SHOWN_CHARS = 200
_LATER = frozenset({408, 409, 423, 425, 429})
_MAX_WAIT = timedelta(days=1)


def outgoing_body(outgoing: Outgoing) -> bytes:
    """One reply as JSON; byte for byte the same at every attempt."""
    author = outgoing.recipient
    content = {
        "event": "message",
        "external_id": outgoing.key,
        "visibility": outgoing.visibility,
        "thread_id": outgoing.thread_id,
        "thread_token": outgoing.thread_token,
        "parent_id": outgoing.parent_id,
        "related_ids": list(outgoing.related_ids),
        "recipient": {"id": author.id, "handle": author.handle, "name": author.name},
        "sender_name": outgoing.sender_name or None,
        "text": outgoing.text,
        "subject": outgoing.subject or None,
        "language": outgoing.language or None,
        "queued_at": outgoing.queued_at.isoformat(),
        "attachments": [_file(file) for file in outgoing.files],
        "custom": dict(outgoing.parent_custom),
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")


def _file(file: OutgoingFile) -> dict[str, Any]:
    return {
        "name": file.name,
        "mime_type": file.mime_type,
        "size_bytes": len(file.content),
        "alt_text": file.alt_text or None,
        "content_base64": base64.b64encode(file.content).decode(),
    }


def post(http: httpx.Client, url: str, *, headers: Mapping[str, str], body: bytes) -> httpx.Response:
    """Post and return a 2xx. A cut connection is a TransientError: posting again with the same key is safe."""
    try:
        response = http.post(url, content=body, headers=headers)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise PermanentError("The outgoing address “%(url)s” is not a web address.", url=url) from error
    except httpx.ConnectError as error:
        raise TransientError(
            "Nothing answers at %(url)s: see the address, and whether the other side is running.", url=url
        ) from error
    except httpx.TimeoutException as error:
        raise TransientError("The other side did not answer in time.") from error
    except httpx.HTTPError as error:
        raise TransientError("The other side did not answer (%(error)s).", error=type(error).__name__) from error
    if not response.is_success:
        raise _refusal(response)
    return response


def _refusal(response: httpx.Response) -> AuthError | TransientError | PermanentError:
    status = response.status_code
    said = response.text.strip()[:_SHOWN_CHARS]
    if said:
        reason = Reason("The other side answered %(status)s: “%(said)s”.", status=status, said=said)
    else:
        reason = Reason("The other side answered %(status)s.", status=status)
    if status in {401, 403}:
        return AuthError(reason)
    if status in _LATER or status >= 500:
        return TransientError(reason, retry_after=retry_after(response.headers))
    return PermanentError(reason)


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """What Retry-After asks for: seconds, or an HTTP date counted from the answer's own Date. At most a day."""
    wanted = headers.get("Retry-After", "").strip()
    if wanted.isascii() and wanted.isdigit():
        return min(timedelta(seconds=int(wanted[:9])), _MAX_WAIT)
    until, present = _http_date(wanted), _http_date(headers.get("Date", ""))
    if until is None or present is None:
        return None
    return min(max(until - present, timedelta(0)), _MAX_WAIT)


def _http_date(written: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def sent(response: httpx.Response, outgoing: Outgoing) -> Sent:
    """What a 2xx says of the message; an answer that says nothing readable leaves the key as its id."""
    try:
        content = load(response.content)
        answer = Fields(content if isinstance(content, dict) else {})
        return Sent(
            external_id=answer.identifier("external_id") or outgoing.key,
            sent_at=answer.instant("sent_at"),
            thread_id=answer.identifier("thread_id"),
            url=answer.text("url"),
        )
    except PayloadError:
        return Sent(external_id=outgoing.key)
