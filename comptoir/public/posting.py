"""What a browser posts, made into deliveries like any network's: who wrote it is ours to say, the rest is checked."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from comptoir.channels.connecting import parser_for
from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import Delivery, PayloadError
from comptoir.conversations.files import sniffed_type
from comptoir.core.clock import now
from comptoir.core.saying import in_words
from comptoir.intake.storing import store_deliveries
from comptoir.public.exchange import own_answers
from comptoir.public.problems import ProblemError
from comptoir.public.visitors import Visitor

MAX_EVENTS = 20
MAX_TEXT_CHARS = 5000
MAX_FILES = 5
MAX_FILE_BYTES = 10 * 1024 * 1024
FILE_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/heic", "application/pdf")
_SNIFFED_BYTES = 8192
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LAST_INSTANT_MS = 10**14
_WAITED_AT_MOST = timedelta(days=7)
_KEPT_NAMES = {
    "message": ("id", "text", "name", "email", "after_hours"),
    "edit": ("id", "target_id", "text"),
    "delete": ("target_id",),
    "read": ("target_ids",),
    "delivered": ("target_ids",),
}


def store_post(
    post: Mapping[str, Any], *, visitor: Visitor, account: ChannelAccount, files: Sequence[UploadedFile[bytes]] = ()
) -> list[str]:
    """Store what was posted, one delivery an event; the ids of the messages among them.

    Raises ProblemError, with nothing stored.
    """
    events = [_checked(one) for one in _events(post)]
    _settle_receipts(events, visitor, account)
    _settle_instants(events, post)
    _add_files(events, files)
    deliveries = list(_deliveries(events, post, visitor))
    parser = parser_for(account)
    for delivery in deliveries:
        try:
            parser.parse(delivery)
        except PayloadError as error:
            raise ProblemError(400, "unreadable", in_words(error.reason)) from error
    store_deliveries(account.pk, deliveries)
    return [event["id"] for event in events if event["type"] == "message"]


def _events(post: Mapping[str, Any]) -> list[dict[str, Any]]:
    events = post.get("events")
    if not isinstance(events, list) or not 0 < len(events) <= MAX_EVENTS:
        raise ProblemError(400, "unreadable", _("“events” must be a list of 1 to 20 events."))
    if not all(isinstance(event, dict) for event in events):
        raise ProblemError(400, "unreadable", _("Every event must be an object."))
    return events


def _checked(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event with what we know of it and nothing else."""
    kind = event.get("type", "message")
    names = _KEPT_NAMES.get(kind) if isinstance(kind, str) else None
    if names is None:
        raise ProblemError(400, "unreadable", _("This kind of event is not known."))
    kept = {name: event[name] for name in names if event.get(name) is not None}
    _check_message(kept)
    for name in ("id", "target_id"):
        if name in kept and not _is_id(kept[name]):
            raise ProblemError(400, "unreadable", _("“%(name)s” is not an id.") % {"name": name})
    return {**kept, "type": kind, "sent_at": event.get("sent_at")}


def _is_id(found: object) -> bool:
    return isinstance(found, str) and _ID.fullmatch(found) is not None


def _check_message(kept: dict[str, Any]) -> None:
    text = kept.get("text", "")
    if isinstance(text, str) and len(text) > MAX_TEXT_CHARS:
        raise ProblemError(422, "too_long", _("A message has at most %(most)s characters.") % {"most": MAX_TEXT_CHARS})
    if isinstance(kept.get("name"), str):
        kept["name"] = kept["name"][:120]
    if "email" in kept:
        try:
            validate_email(kept["email"])
        except (ValidationError, TypeError):
            raise ProblemError(422, "email", _("This is not an e-mail address.")) from None


def _settle_receipts(events: list[dict[str, Any]], visitor: Visitor, account: ChannelAccount) -> None:
    for event in events:
        if "target_ids" in event:
            named = event["target_ids"] if isinstance(event["target_ids"], list) else []
            wanted = [one for one in named[:100] if _is_id(one)]
            event["target_ids"] = list(own_answers(visitor, account, wanted)) if wanted else []


def _settle_instants(events: list[dict[str, Any]], post: Mapping[str, Any]) -> None:
    """Trust how long a message waited in the browser, not what the browser's clock says: ``clock`` is its present."""
    present = now()
    for event in events:
        event["sent_at"] = (present - _waited(event.get("sent_at"), post.get("clock"))).isoformat()


def _waited(sent_at: Any, clock: Any) -> timedelta:
    if not _is_instant(sent_at) or not _is_instant(clock):
        return timedelta(0)
    waited = timedelta(milliseconds=clock - sent_at)
    return waited if timedelta(0) <= waited <= _WAITED_AT_MOST else timedelta(0)


def _is_instant(found: object) -> bool:
    return isinstance(found, int | float) and not isinstance(found, bool) and abs(found) < _LAST_INSTANT_MS


def _add_files(events: list[dict[str, Any]], files: Sequence[UploadedFile[bytes]]) -> None:
    if not files:
        return
    message = next((event for event in events if event["type"] == "message"), None)
    if message is None:
        raise ProblemError(400, "unreadable", _("Files belong to a message."))
    if len(files) > MAX_FILES or sum(file.size or 0 for file in files) > MAX_FILE_BYTES:
        raise ProblemError(413, "too_large", _("At most 5 files, and 10 MB together."))
    message["files"] = [_file(file) for file in files]


def _file(file: UploadedFile[bytes]) -> dict[str, Any]:
    content = file.read()
    mime_type = sniffed_type(content[:_SNIFFED_BYTES], declared=file.content_type or "")
    if mime_type not in FILE_TYPES:
        raise ProblemError(415, "file_type", _("Only images and PDF files can be sent here."))
    return {
        "name": (file.name or "")[:200],
        "mime_type": mime_type,
        "content_base64": base64.b64encode(content).decode(),
    }


def _deliveries(events: list[dict[str, Any]], post: Mapping[str, Any], visitor: Visitor) -> Iterator[Delivery]:
    around: dict[str, Any] = {"visitor": visitor.described(), "language": _short(post.get("language"), 12)}
    page = post.get("page")
    if isinstance(page, dict):
        around["page"] = {"url": _short(page.get("url"), 1000)}
    for event in events:
        if event.get("target_ids") == []:
            continue
        body = json.dumps({**around, "events": [event]}).encode()
        yield Delivery(body=body, key=_key_of(event, visitor))


def _key_of(event: Mapping[str, Any], visitor: Visitor) -> str | None:
    """What tells an event that comes again: its id where the browser gave one, else all of it but its instant.

    Never the words of an edit: whoever changes a text and changes it back makes three edits.
    """
    if event.get("id"):
        kind = "" if event["type"] == "message" else f"{event['type']}:"
        return f"{visitor.id}:{kind}{event['id']}"
    if event["type"] == "edit":
        return None
    said = json.dumps({name: found for name, found in event.items() if name != "sent_at"}, sort_keys=True)
    return f"{visitor.id}:{event['type']}:{hashlib.sha256(said.encode()).hexdigest()[:40]}"


def _short(found: Any, most: int) -> str | None:
    return found[:most] if isinstance(found, str) else None
