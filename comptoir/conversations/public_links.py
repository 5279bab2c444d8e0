"""Addresses at which a network, or the customer's own device, fetches a file of a reply: signed, and good for a time.

Some networks are not given files but told where they are. Whoever has such an address may fetch that one file and
nothing else, which is why it cannot be guessed and ends.
"""

from __future__ import annotations

import mimetypes
import re
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer

from comptoir.conversations.models import Attachment, Message
from comptoir.core.clock import now

#: How long a file can be fetched after its reply is due: networks copy it at once, devices when they are next on.
KEPT_FOR = timedelta(days=30)
_SIGNER = Signer(salt="conversations.public_links", sep=".")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}$")


class LinkEndedError(Exception):
    """The time for which a file could be fetched is over."""


def is_reachable() -> bool:
    """Whether networks can fetch from us: they take https alone."""
    return settings.BASE_URL.startswith("https://")


def public_address(attachment: Attachment, *, until: datetime) -> str:
    """Where the file can be fetched, without signing in, until ``until``; empty where nobody could reach it."""
    if not is_reachable():
        return ""
    token = _SIGNER.sign(f"{attachment.pk:x}-{int(until.timestamp()):x}")
    return f"{settings.BASE_URL}/files/{token}/file{_suffix(attachment)}"


def stand_in_address(mime_type: str) -> str:
    """Where a small still picture is that networks may show in place of a film, or of a picture that is too large;
    empty where nobody could reach it.
    """
    shown = "picture" if mime_type.startswith("image/") else "film"
    return f"{settings.BASE_URL}/files/{shown}.png" if is_reachable() else ""


def _suffix(attachment: Attachment) -> str:
    """The ending by which some networks tell what a file is: its type's own, else that of its name."""
    named = _SUFFIX.search(attachment.name.lower())
    is_told = attachment.mime_type.partition("/")[0] in ("image", "video", "audio")
    by_type = (mimetypes.guess_extension(attachment.mime_type) if is_told else None) or ""
    return by_type or (named[0] if named else "")


def attachment_behind(token: str) -> Attachment | None:
    """The file that ``token`` opens; None where it opens none (any more). Raises LinkEndedError."""
    try:
        key, _dash, until = _SIGNER.unsign(token).partition("-")
        ends_at = datetime.fromtimestamp(int(until, 16), UTC)
        pk = int(key, 16)
    except (BadSignature, ValueError, OverflowError):
        return None
    if now() > ends_at:
        raise LinkEndedError
    sent = Attachment.objects.filter(state=Attachment.State.STORED, message__direction=Message.Direction.OUTGOING)
    still_said = sent.filter(message__deleted_at=None).exclude(message__state=Message.State.CANCELLED)
    return still_said.filter(pk=pk).first()
