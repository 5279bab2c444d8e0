"""What a reply of ours becomes on LINE: a text and each file as a message of its own, all in one request.

Source: Messaging API reference, "Message objects": five messages a request; pictures are JPEG or PNG of 10 MB, films
MP4 and sounds MP3 or M4A of 200 MB, each at an https address, with a preview (JPEG or PNG) of 1 MB at most.
"""

from __future__ import annotations

from typing import Any

from comptoir.connectors.base import Outgoing, OutgoingFile, PermanentError
from comptoir.connectors.line.durations import duration_of
from comptoir.connectors.shared.untrusted import name

PICTURES, FILMS = ("image/jpeg", "image/png"), ("video/mp4",)
SOUNDS = ("audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/m4a")
#: One of the five messages of a request is the text.
MAX_FILES = 4
MAX_FILE_BYTES = 10 * 1000 * 1000
_MAX_PREVIEW_BYTES = 1000 * 1000


def said(outgoing: Outgoing, *, quotes: bool) -> list[dict[str, Any]]:
    """The reply's messages, in order; ``quotes``: in a group, where the text quotes what it answers.

    Raises PermanentError where LINE could not fetch or play a file: nothing is sent then.
    """
    messages = [_text(outgoing, quotes=quotes)] if outgoing.text else []
    messages += [_file(one) for one in outgoing.files]
    if not messages:
        raise PermanentError("There is nothing to send: neither a text nor a file.")
    if outgoing.choices:  # they are shown until something else is said: they go with the last
        messages[-1]["quickReply"] = {"items": [_choice(one) for one in outgoing.choices]}
    return messages


def _text(outgoing: Outgoing, *, quotes: bool) -> dict[str, Any]:
    quoted = name(outgoing.parent_custom.get("quote_token")) if quotes else None
    return {"type": "text", "text": outgoing.text} | ({"quoteToken": quoted} if quoted else {})


def _file(file: OutgoingFile) -> dict[str, Any]:
    if not file.public_url:
        raise PermanentError(
            "%(network)s fetches files from a public https address, and this counter has none: set COMPTOIR_BASE_URL.",
            network="LINE",
        )
    if file.mime_type in PICTURES:
        is_small = len(file.content) <= _MAX_PREVIEW_BYTES
        preview = file.public_url if is_small else file.stand_in_url
        return {"type": "image", "originalContentUrl": file.public_url, "previewImageUrl": preview}
    if file.mime_type in FILMS:
        return {"type": "video", "originalContentUrl": file.public_url, "previewImageUrl": file.stand_in_url}
    if file.mime_type in SOUNDS:
        return {"type": "audio", "originalContentUrl": file.public_url, "duration": _milliseconds(file)}
    raise PermanentError("LINE takes pictures, films and sounds; “%(name)s” is none of them.", name=file.name)


def _milliseconds(file: OutgoingFile) -> int:
    """LINE wants to be told how long a sound lasts."""
    duration = duration_of(file.content)
    if duration is None:
        raise PermanentError("How long “%(name)s” lasts could not be read, and LINE wants to know it.", name=file.name)
    return max(round(duration.total_seconds() * 1000), 1)


def _choice(label: str) -> dict[str, Any]:
    """Messaging API, "Quick reply": what is pressed is said by the customer."""
    return {"type": "action", "action": {"type": "message", "label": label, "text": label}}
