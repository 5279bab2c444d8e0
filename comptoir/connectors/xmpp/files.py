"""Files of a message: an address beside it (XEP-0066), or a file described with its sources (XEP-0447)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from comptoir.connectors.base import Attachment
from comptoir.connectors.shared.untrusted import name, storable, whole
from comptoir.connectors.xmpp.names import FILE_METADATA, OOB, SHARED_FILES, URL_DATA

_KINDS = {"jpg": "image", "jpeg": "image", "png": "image", "gif": "image", "webp": "image", "mp4": "video",
          "webm": "video", "mp3": "audio", "ogg": "audio", "m4a": "audio", "opus": "audio"}  # fmt: skip
_FAMILIES = ("image", "video", "audio")


def files_of(message: Any) -> tuple[Attachment, ...]:
    """Each file once: what describes it comes before its bare address."""
    described = [_described(one) for one in message.findall(f"{{{SHARED_FILES}}}file-sharing")]
    addresses = [storable(one.text) for one in message.findall(f"{{{OOB}}}x/{{{OOB}}}url") if one.text]
    found: dict[object, Attachment] = {one.url or place: one for place, one in enumerate(described)}
    for url in addresses:
        found.setdefault(url, Attachment(_kind_of(url), url, name(_file_name(url))))
    return tuple(found.values())


def _described(sharing: Any) -> Attachment:
    """Its name, type and size as told, and the first source that is an address."""
    source = sharing.find(f"{{{SHARED_FILES}}}sources/{{{URL_DATA}}}url-data")
    url = name(source.get("target")) if source is not None else None
    mime_type, named = _told(sharing, "media-type"), _told(sharing, "name")
    family = (mime_type or "").partition("/")[0]
    kind = family if family in _FAMILIES else _kind_of(named or url or "")
    return Attachment(kind, url, named or name(_file_name(url or "")), mime_type, whole(_told(sharing, "size")))


def _told(sharing: Any, field: str) -> str | None:
    found = sharing.find(f"{{{FILE_METADATA}}}file/{{{FILE_METADATA}}}{field}")
    return name(storable(found.text).strip()) if found is not None and found.text else None


def _file_name(url: str) -> str:
    """The last step of an address: a file's name."""
    try:
        return urlsplit(url).path.rpartition("/")[2]
    except ValueError:
        return ""


def _kind_of(url: str) -> str:
    return _KINDS.get(_file_name(url).rpartition(".")[2].lower(), "file")
