"""How long a sound lasts, read from the file itself.

Sources: ISO/IEC 14496-12, "Movie Header Box" (M4A is such a file); ISO/IEC 11172-3, the header of an MP3's frames, and
the Xing frame that encoders of a changing rate put first.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import timedelta

_MOST_BOXES = 1000
_LONGEST_S = 24 * 3600
#: kbit/s of layer III by the four bits of a frame's header: MPEG 1, and MPEG 2 and 2.5.
_RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLES_PER_S = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def duration_of(content: bytes) -> timedelta | None:
    """How long an M4A or an MP3 lasts; None where it is neither, or does not tell."""
    seconds = _of_movie(content) if content[4:8] == b"ftyp" else _of_frames(content)
    return timedelta(seconds=seconds) if seconds is not None and 0 < seconds < _LONGEST_S else None


# --- M4A ----------------------------------------------------------------------------------------------------------


def _of_movie(content: bytes) -> float | None:
    header = _box(_box(content, b"moov"), b"mvhd")
    fields = ">4x16xIQ" if header[:1] == b"\x01" else ">4x8xII"  # two instants, units a second, units
    if len(header) < struct.calcsize(fields):
        return None
    per_second, length = struct.unpack_from(fields, header)
    return length / per_second if per_second else None


def _box(content: bytes, wanted: bytes) -> bytes:
    return next((inner for kind, inner in _boxes(content) if kind == wanted), b"")


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes that lie side by side in ``content``, as far as they are whole."""
    at = 0
    for _box_number in range(_MOST_BOXES):
        if at + 8 > len(content):
            return
        size, kind = struct.unpack_from(">I4s", content, at)
        head = 8
        if size == 1 and at + 16 <= len(content):
            size, head = struct.unpack_from(">Q", content, at + 8)[0], 16
        end = len(content) if size == 0 else at + size
        if end < at + head or end > len(content):
            return
        yield kind, content[at + head : end]
        at = end


# --- MP3 ----------------------------------------------------------------------------------------------------------


def _of_frames(content: bytes) -> float | None:
    start = _behind_tags(content)
    head = content[start : start + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:  # eleven bits set, layer III
        return None
    version, rate, speed = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version not in _SAMPLES_PER_S or rate in (0, 15) or speed == 3:
        return None
    samples_per_s = _SAMPLES_PER_S[version][speed]
    frames = _counted_frames(content[start : start + 200])
    if frames is not None:
        return frames * (1152 if version == 3 else 576) / samples_per_s
    bits_per_s = (_RATES_1 if version == 3 else _RATES_2)[rate] * 1000
    return (len(content) - start) * 8 / bits_per_s


def _behind_tags(content: bytes) -> int:
    """Where the sound begins: behind an ID3v2 tag, whose size is in four times seven bits."""
    if content[:3] != b"ID3" or len(content) < 10:
        return 0
    size = 0
    for byte in content[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _counted_frames(frame: bytes) -> int | None:
    """How many frames there are, where the first one tells."""
    at = max(frame.find(b"Xing"), frame.find(b"Info"))
    if at < 0 or len(frame) < at + 12 or not frame[at + 7] & 1:
        return None
    return int.from_bytes(frame[at + 8 : at + 12])
