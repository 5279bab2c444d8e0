"""Reading what a browser posted: each read gives the right type or says which field is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from comptoir.connectors.base import PayloadError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS_BOUND = 10**14
MAX_ID_CHARS = 200


def load_object(body: bytes) -> Mapping[str, Any]:
    """Decode a JSON object. Raises PayloadError."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise PayloadError("The body is not JSON.") from error
    if not isinstance(content, dict):
        raise PayloadError("The body must be an object.")
    return content


def text(content: Mapping[str, Any], name: str) -> str | None:
    """A string without NUL and lone surrogates, which no database keeps; None where absent."""
    found = content.get(name)
    if found is None:
        return None
    if not isinstance(found, str):
        raise PayloadError("“%(field)s” must be a text.", field=name)
    return found.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def identifier(content: Mapping[str, Any], name: str) -> str:
    """An id, which must be there."""
    found = text(content, name)
    if not found or len(found) > MAX_ID_CHARS:
        raise PayloadError("“%(field)s” must be an id of at most %(most)s characters.", field=name, most=MAX_ID_CHARS)
    return found


def nested(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object; empty where absent."""
    found = content.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise PayloadError("“%(field)s” must be an object.", field=name)
    return found


def objects(content: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """A list of objects; empty where absent."""
    found = content.get(name)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise PayloadError("“%(field)s” must be a list of objects.", field=name)
    return found


def instant(content: Mapping[str, Any], name: str) -> datetime | None:
    """An instant: ISO 8601 with an offset, or milliseconds as JavaScript counts them; None where absent."""
    found = content.get(name)
    if found is None:
        return None
    try:
        if isinstance(found, str):
            moment = datetime.fromisoformat(found)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if isinstance(found, int | float) and not isinstance(found, bool) and abs(found) < _MS_BOUND:
            return _EPOCH + timedelta(milliseconds=int(found))
    except (ValueError, OverflowError):
        pass
    raise PayloadError("“%(field)s” must be an instant (ISO 8601, or milliseconds).", field=name)
