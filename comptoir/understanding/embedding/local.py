"""A company's own embedder in the place of ours: a folder for sentence-transformers, or an ONNX model.

Of their libraries only onnxruntime comes with Comptoir; whoever names a folder installs sentence-transformers, or
tokenizers. Nothing is fetched: the folder must hold everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from comptoir.understanding.embedding import Embedder, Vectors, cleaned
from comptoir.understanding.replacing.settings import EmbedderSettings, ReplacingError

_MAX_PIECES = 256


def local_embedder(settings: EmbedderSettings) -> Embedder:
    """The one that the settings name. Raises ReplacingError where a library or the folder is missing."""
    folder = Path(settings.path)
    if not folder.exists():
        raise ReplacingError(f"{folder} does not exist")
    return SentenceTransformer(folder) if settings.kind == "sentence-transformers" else Onnx(folder)


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise ReplacingError(f"The library {name} is not installed in Comptoir's environment") from error


class SentenceTransformer:
    """Any model of that library, from its folder."""

    def __init__(self, folder: Path) -> None:
        library = _library("sentence_transformers")
        self._model = library.SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        self.dimensions = int(self._model.get_sentence_embedding_dimension())

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length one."""
        found = self._model.encode([cleaned(text) for text in texts], normalize_embeddings=True)
        return np.asarray(found, np.float32)


class Onnx:
    """model.onnx and tokenizer.json in one folder; the mean of its last layer's pieces."""

    def __init__(self, folder: Path) -> None:
        self._session = _library("onnxruntime").InferenceSession(
            str(folder / "model.onnx"), providers=["CPUExecutionProvider"]
        )
        self._tokenizer = _library("tokenizers").Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_MAX_PIECES)
        self._tokenizer.enable_padding()
        self._inputs = {one.name for one in self._session.get_inputs()}
        self.dimensions = int(self.embed(["x"]).shape[1])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length one."""
        cut = self._tokenizer.encode_batch([cleaned(text) for text in texts])
        kept = np.array([one.attention_mask for one in cut], np.int64)
        given = {
            "input_ids": np.array([one.ids for one in cut], np.int64),
            "attention_mask": kept,
            "token_type_ids": np.zeros_like(kept),
        }
        hidden = self._session.run(None, {name: value for name, value in given.items() if name in self._inputs})[0]
        summed = (hidden * kept[..., None]).sum(axis=1)
        return np.asarray(summed / np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-9), np.float32)
