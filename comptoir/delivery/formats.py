"""Kinds of files as people call them: a film is an MP4 to them, and no video/mp4."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

_CALLED = {
    "audio/3gpp": "3GP",
    "audio/m4a": "M4A",
    "audio/mp4": "M4A",
    "audio/mpeg": "MP3",
    "audio/x-m4a": "M4A",
    "image/svg+xml": "SVG",
    "image/webp": "WebP",
    "text/plain": "TXT",
    "video/3gpp": "3GP",
    "video/quicktime": "MOV",
    "video/webm": "WebM",
    "video/x-m4v": "M4V",
}


def in_words(mime_types: Iterable[str]) -> str:
    """« JPEG, PNG, MP4 », each once."""
    return ", ".join(dict.fromkeys(_called(one.lower()) for one in mime_types))


def _called(mime_type: str) -> str:
    family, _slash, kind = mime_type.partition("/")
    if kind == "*":
        return {"image": _("pictures"), "video": _("films"), "audio": _("sounds")}.get(family, family)
    return _CALLED.get(mime_type) or kind.removeprefix("x-").removeprefix("vnd.").upper()
