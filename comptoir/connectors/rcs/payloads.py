"""What Google posts: the message or event is in ``message.data``, in Base64, as Pub/Sub hands it on."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from comptoir.connectors.base import PayloadError
from comptoir.connectors.shared.untrusted import inside, load_object


def wrapped(body: bytes) -> bytes | None:
    """The bytes that were wrapped up, which are what is signed; None where nothing is. Raises PayloadError."""
    written = inside(load_object(body), "message", "data")
    if not isinstance(written, str):
        return None
    try:
        return base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError) as error:
        raise PayloadError("What Google wrapped up cannot be read.") from error


def told_in(body: bytes) -> Mapping[str, Any]:
    """The message or event of a delivery. Raises PayloadError."""
    inner = wrapped(body)
    return load_object(body if inner is None else inner)
