"""The embedders of this process: loaded when first asked for, once."""

from __future__ import annotations

import os
from functools import cache
from importlib.metadata import version
from pathlib import Path

from comptoir.understanding.embedding import Embedder
from comptoir.understanding.embedding.e5 import E5, tuned_tables
from comptoir.understanding.embedding.local import local_embedder
from comptoir.understanding.embedding.use import PACKAGE, USE
from comptoir.understanding.replacing.settings import replacing


def cache_folder() -> Path | None:
    """Where what can be worked out again is kept for every process of the machine; None where nothing is named."""
    named = os.environ.get("COMPTOIR_CACHE_DIR")
    return Path(named) if named else None


@cache
def light_embedder() -> USE:
    """The one that thousands of messages an hour may pass through."""
    return USE(cache_folder())


@cache
def deep_embedder() -> E5:
    """The one for customers' own messages."""
    return E5(tuned=tuned_tables())


@cache
def meaning_embedder() -> Embedder:
    """The one that tells whether two texts mean the same, across languages; a company may put its own in its place."""
    named = replacing().embedder
    return local_embedder(named) if named else light_embedder()


def meaning_embedder_name() -> str:
    """Its name and version: vectors that were kept under another name are another model's."""
    named = replacing().embedder
    return f"{named.kind}:{named.path}" if named else f"use-multilingual-3:{version(PACKAGE)}"
