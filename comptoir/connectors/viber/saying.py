"""What a reply of ours becomes on Viber: a text, pictures, films and files, each a message.

Sources: REST Bot API, "Picture message", "Video message", "File message", "Keyboards"; Infobip, "Viber Bots, Message
types", for the sizes of today: a picture 1 MB, a film 26 MB, any other file 50 MB.
"""

from __future__ import annotations

import html
from typing import Any

from comptoir.connectors.base import Outgoing, OutgoingFile, PermanentError

MAX_FILES, MAX_FILE_BYTES = 10, 50 * 1000 * 1000
_MAX_PICTURE_BYTES, _MAX_FILM_BYTES = 1000 * 1000, 26 * 1000 * 1000
_MAX_CAPTION_CHARS, _MAX_FILE_NAME_CHARS = 512, 256
_PICTURES = ("image/jpeg", "image/png")


def said(outgoing: Outgoing) -> list[dict[str, Any]]:
    """The reply's messages, in order. Raises PermanentError where Viber could not fetch a file."""
    messages = [_file(one) for one in outgoing.files]
    if messages and messages[0]["type"] == "picture" and len(outgoing.text) <= _MAX_CAPTION_CHARS:
        messages[0]["text"] = outgoing.text
    elif outgoing.text:
        messages = [{"type": "text", "text": outgoing.text}, *messages]
    if not messages:
        raise PermanentError("There is nothing to send: neither a text nor a file.")
    if outgoing.choices:  # what is shown last stays below the exchange
        buttons = [_button(one) for one in outgoing.choices]
        messages[-1]["keyboard"] = {"Type": "keyboard", "DefaultHeight": False, "Buttons": buttons}
    return messages


def _file(file: OutgoingFile) -> dict[str, Any]:
    """Shown where Viber shows its like, and offered for download otherwise, as what is too large for that."""
    if not file.public_url:
        raise PermanentError(
            "%(network)s fetches files from a public https address, and this counter has none: set COMPTOIR_BASE_URL.",
            network="Viber",
        )
    size = len(file.content)
    if file.mime_type in _PICTURES and size <= _MAX_PICTURE_BYTES:
        return {"type": "picture", "text": "", "media": file.public_url}
    if file.mime_type == "video/mp4" and size <= _MAX_FILM_BYTES:
        return {"type": "video", "media": file.public_url, "size": size}
    return {"type": "file", "media": file.public_url, "size": size, "file_name": _named(file)}


def _named(file: OutgoingFile) -> str:
    """The name with its ending, without which some devices do not know what to do with it."""
    stem, dot, ending = file.name.rpartition(".")
    room = _MAX_FILE_NAME_CHARS - len(dot + ending)
    return (stem[:room] + dot + ending if stem and room > 0 else file.name[:_MAX_FILE_NAME_CHARS]) or "file"


def _button(label: str) -> dict[str, Any]:
    """What is pressed is said by the customer."""
    return {
        "Columns": 6,
        "Rows": 1,
        "ActionType": "reply",
        "ActionBody": label,
        "Text": html.escape(label, quote=False),
    }
