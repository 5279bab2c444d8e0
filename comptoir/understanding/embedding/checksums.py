"""CRC-32 of every stretch of signs of many words at once: those that go on take one byte more at a time."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_FULL = 0xFFFFFFFF
_TABLE = np.array([zlib.crc32(bytes([byte]), _FULL) ^ _FULL for byte in range(256)], np.uint32)

Places = NDArray[np.int64]


def of_stretches(written: Sequence[bytes], longest: int) -> tuple[NDArray[np.uint32], Places, Places, Places]:
    """Of words ``written`` in UTF-8, for each stretch of at most ``longest`` bytes: its checksum, whose it is, and
    between which of the word's signs it lies."""
    data = np.frombuffer(b"".join(written), np.uint8)
    owner_of = np.repeat(np.arange(len(written)), [len(one) for one in written])
    begins = (data & 0xC0) != 0x80
    sign_of = np.cumsum(begins) - 1
    signs = np.flatnonzero(begins)
    owners = owner_of[signs]
    number = np.arange(len(signs)) - owners.searchsorted(owners)  # within its word
    left = np.minimum(owner_of.searchsorted(owners, "right") - signs, longest)
    order = np.argsort(-left, kind="stable")  # those with most before them first, so that the others fall off the end
    places, still = signs[order], np.bincount(left, minlength=1)[::-1].cumsum()[::-1].tolist()
    ends_here = np.append(begins[1:], np.True_)
    states = np.full(len(signs), _FULL, np.uint32)
    checksums, begun, ended = list[NDArray[np.uint32]](), list[Places](), list[Places]()
    for step, count in enumerate(still[1:]):
        at = places[:count] + step
        states = _TABLE[(states[:count] ^ data[at]) & 0xFF] ^ states[:count] >> np.uint32(8)
        whole = np.flatnonzero(ends_here[at])
        checksums.append(~states[whole])
        begun.append(order[whole])
        ended.append(sign_of[at[whole]])
    first, last = np.concatenate(begun), np.concatenate(ended)
    return np.concatenate(checksums), owners[first], number[first], number[last] + 1
