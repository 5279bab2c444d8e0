"""Frames of a stream that come as text: server-sent events, or one JSON object a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comptoir.connectors.base import PayloadError
from comptoir.connectors.shared.untrusted import load

_FIELDS = (b"event:", b"data:", b":", b"id:", b"retry:")


def frames_of(body: bytes) -> list[Mapping[str, Any]] | None:
    """The frames of a text of several; None where the body is one document of JSON. Raises PayloadError."""
    lines = body.lstrip(b"\xef\xbb\xbf").strip().splitlines()
    if lines and lines[0].startswith(_FIELDS):
        return _server_sent(lines)
    if len(lines) > 1 and all(line.startswith(b"{") and line.rstrip().endswith(b"}") for line in lines if line):
        return _one_a_line(lines)
    return None


def _server_sent(lines: list[bytes]) -> list[Mapping[str, Any]]:
    frames: list[Mapping[str, Any]] = []
    event, said = "", list[str]()
    for line in (*lines, b""):
        if not line.strip():
            if event or said:
                frames.append({"event": event, "payload": "\n".join(said)})
            event, said = "", []
            continue
        field, _colon, value = line.decode("utf-8", "replace").partition(":")
        if field == "event":
            event = value.strip()
        elif field == "data":
            said.append(value.removeprefix(" "))
    return frames


def _one_a_line(lines: list[bytes]) -> list[Mapping[str, Any]] | None:
    frames = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            frames.append(load(line))
        except PayloadError:
            if number == 1:
                return None
            raise
    wrapped = [frame if "event" in frame else {"event": "notification", "payload": frame} for frame in frames]
    return wrapped if all(isinstance(frame, dict) for frame in frames) else None
