"""Lines of an answer that goes on and on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def lines_of(pieces: Iterable[bytes], *, longest: int) -> Iterator[str]:
    """Lines as they come, each ended by a line feed; of one of more than ``longest`` bytes only the beginning.

    Nothing else ends a line: what people write may hold any other separator.
    """
    line = bytearray()
    for piece in pieces:
        *ended, begun = piece.split(b"\n")
        for end in ended:
            line += end[: longest - len(line)]
            yield line.removesuffix(b"\r").decode("utf-8", "replace")
            line.clear()
        line += begun[: longest - len(line)]
