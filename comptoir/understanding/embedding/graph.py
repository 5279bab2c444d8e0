"""A graph of a few steps, written as onnxruntime reads it (the ONNX format, which is protobuf): its own writer would be
a second library, larger than all that is written here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Numbers of the format: kinds of numbers, and versions that say what a step means.
_KINDS = {"float32": 1, "uint8": 2, "int8": 3}
_FORMAT, _STEPS = 8, {"": 17, "com.microsoft": 1}
_INTEGER = 2

#: By name: the kind of its numbers, and how many there are each way, a word standing for any number of them.
Shapes = Mapping[str, tuple[Any, tuple[int | str, ...]]]


@dataclass(frozen=True)
class Tensor:
    """Numbers that are always the same."""

    name: str
    numbers: NDArray[Any]


@dataclass(frozen=True)
class Node:
    """One step: from ``inputs`` to ``output``. ``options`` are whole numbers."""

    kind: str
    inputs: Sequence[str]
    output: str
    options: Mapping[str, int]
    domain: str = ""


def graph_of(nodes: Sequence[Node], held: Sequence[Tensor], inputs: Shapes, outputs: Shapes) -> bytes:
    """The file's bytes."""
    graph = b"".join(
        [
            *(_field(1, _node(node)) for node in nodes),
            _field(2, b"graph"),
            *(_field(5, _tensor(tensor)) for tensor in held),
            *(_field(11, _shape(name, *shape)) for name, shape in inputs.items()),
            *(_field(12, _shape(name, *shape)) for name, shape in outputs.items()),
        ]
    )
    versions = (_field(1, domain.encode()) + _number(2, version) for domain, version in _STEPS.items())
    return _number(1, _FORMAT) + _field(7, graph) + b"".join(_field(8, version) for version in versions)


def _node(node: Node) -> bytes:
    written = [_field(1, name.encode()) for name in node.inputs] + [_field(2, node.output.encode())]
    written += [_field(4, node.kind.encode())]
    for name, option in node.options.items():
        written.append(_field(5, _field(1, name.encode()) + _number(3, option) + _number(20, _INTEGER)))
    return b"".join(written) + _field(7, node.domain.encode())


def _tensor(tensor: Tensor) -> bytes:
    numbers = tensor.numbers
    sizes = b"".join(_number(1, size) for size in numbers.shape)
    raw = np.ascontiguousarray(numbers, numbers.dtype.newbyteorder("<")).tobytes()
    return sizes + _number(2, _KINDS[numbers.dtype.name]) + _field(8, tensor.name.encode()) + _field(9, raw)


def _shape(name: str, kind: Any, sizes: tuple[int | str, ...]) -> bytes:
    each = (_number(1, size) if isinstance(size, int) else _field(2, size.encode()) for size in sizes)
    shape = b"".join(_field(1, size) for size in each)
    return _field(1, name.encode()) + _field(2, _field(1, _number(1, _KINDS[np.dtype(kind).name]) + _field(2, shape)))


def _number(place: int, number: int) -> bytes:
    return _bare(place << 3) + _bare(number)


def _field(place: int, content: bytes) -> bytes:
    return _bare(place << 3 | 2) + _bare(len(content)) + content


def _bare(number: int) -> bytes:
    """Seven bits a byte, the lowest first; the eighth says that more follow."""
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*written, number])
