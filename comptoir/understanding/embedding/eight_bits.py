"""Products with a matrix of which each number is kept in eight bits, in half the time of numpy's.

What is multiplied is rounded to eight bits too, row by row: what stands beside a row changes nothing of it. The whole
numbers are multiplied exactly by onnxruntime (MIT); where it cannot be loaded, numpy multiplies the same ones, as
fast as before.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.embedding.graph import Node, Tensor, graph_of

Floats = NDArray[np.float32]
#: Rows, and the step of each: their products with a matrix in units of that step.
Multiplied = Callable[[Floats, Floats], Floats]

#: A processor without instructions for this adds two products of a byte by a byte in sixteen bits, and stops at 32,767.
#: So two neighbours of the matrix weigh at most this together, and one more by rounding: 128 × 255 is 32,640.
_TOGETHER = np.float32(127)
#: What nothing becomes where numbers of both signs are rounded.
_MIDDLE = 128
_NOT_ZERO = np.float32(1e-9)
#: What is done to a product is done to so many rows at once: they stay beside the processor.
_ROWS = 64
#: All matrices take their memory from one place of their own, which grows by what is asked for. Left among what numpy
#: takes and gives back, a process had between 350 and 412 MB; with it 347.
_CHUNK_BYTES, _AS_ASKED = 4 << 20, 1


@cache
def runtime() -> Any:
    """onnxruntime, set up; or None where it is not installed or does not run on this machine."""
    try:
        library = import_module("onnxruntime")
    except (ImportError, OSError):
        return None
    library.disable_telemetry_events()  # on Windows its maker would hear of us
    library.create_and_register_allocator(
        library.OrtMemoryInfo("Cpu", library.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, library.OrtMemType.DEFAULT),
        library.OrtArenaCfg({"initial_chunk_size_bytes": _CHUNK_BYTES, "arena_extend_strategy": _AS_ASKED}),
    )
    return library


class Rounded:
    """A matrix and what is added to its products. ``least`` is the smallest number that it is ever multiplied with,
    where that is known: steps are finer for it."""

    def __init__(self, matrix: Floats, bias: Floats, *, least: float | None = None) -> None:
        step, rounded = _rounded(matrix)
        self.least = None if least is None else np.float32(least)
        self.bias = bias if least is None else bias + np.float32(least) * (rounded.sum(axis=0, dtype=np.int32) * step)
        library = runtime()
        zero = _MIDDLE if least is None else 0
        self.multiplied = _by_numpy(rounded, step, zero) if library is None else _by(library, rounded, step, zero)

    def times(self, given: Floats) -> Floats:
        """The product of each row with the matrix, and what is added to it."""
        given = given if self.least is None else given - self.least
        return self.finished(given, self.scales(given))

    def scales(self, given: Floats) -> Floats:
        """The step of each row; of numbers that are counted from ``least``, if that is known."""
        largest = given.max(axis=1)
        return self.steps(largest if self.least is not None else np.maximum(largest, -given.min(axis=1)))

    def steps(self, largest: Floats) -> Floats:
        """The step of each row, by what is largest in it."""
        steps: Floats = np.maximum(largest / np.float32(127 if self.least is None else 255), _NOT_ZERO)
        return steps

    def finished(self, given: Floats, scale: Floats) -> Floats:
        """The product of rows of those steps, and what is added to it."""
        product = self.multiplied(given, scale)
        for start in range(0, len(product), _ROWS):
            part = product[start : start + _ROWS]
            part *= scale[start : start + _ROWS, None]
            part += self.bias
        return product


def _rounded(matrix: Floats) -> tuple[Floats, NDArray[np.int8]]:
    """The step of each column, and how many steps each number is."""
    sizes = np.abs(matrix)
    step = np.maximum((sizes[0::2] + sizes[1::2]).max(axis=0) / _TOGETHER, _NOT_ZERO)
    return step, np.rint(matrix / step).astype(np.int8)


def _by_numpy(rounded: NDArray[np.int8], step: Floats, zero: int) -> Multiplied:
    whole = rounded.astype(np.float32)

    def multiplied(given: Floats, scale: Floats) -> Floats:
        steps = np.clip(np.rint(given / scale[:, None]), -zero, 255 - zero)
        product: Floats = steps @ whole
        product *= step
        return product

    return multiplied


def _by(library: Any, rounded: NDArray[np.int8], step: Floats, zero: int) -> Multiplied:
    inputs, outputs = rounded.shape
    held = [
        Tensor("matrix", rounded),
        Tensor("step", step),
        Tensor("one", np.array(1.0, np.float32)),
        Tensor("zero", np.array(zero, np.uint8)),
    ]
    nodes = [
        Node("QuantizeLinear", ("given", "scale", "zeros"), "steps", {"axis": 0}),
        Node("MatMulIntegerToFloat", ("steps", "matrix", "one", "step", "zero"), "product", {}, "com.microsoft"),
    ]
    shapes = {"given": (np.float32, ("rows", inputs)), "scale": (np.float32, ("rows",)), "zeros": (np.uint8, ("rows",))}
    options = library.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.use_env_allocators", "1")
    options.log_severity_level = 3
    written = graph_of(nodes, held, shapes, {"product": (np.float32, ("rows", outputs))})
    session = library.InferenceSession(written, options, providers=["CPUExecutionProvider"])

    def multiplied(given: Floats, scale: Floats) -> Floats:
        zeros = np.full(len(given), zero, np.uint8)
        (product,) = session.run(None, {"given": given, "scale": scale, "zeros": zeros})
        return product  # type: ignore[no-any-return]  # the library has no types

    return multiplied
