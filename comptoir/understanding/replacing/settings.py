"""The file that COMPTOIR_UNDERSTANDING names (TOML): what is replaced, and by what."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

#: What an endpoint may be asked for. Language and personal data never leave the house.
PARTS: Final = ("sentiment", "intent", "needs_answer", "urgency", "toxicity", "spam")


class ReplacingError(ValueError):
    """The file cannot be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """An OpenAI-compatible endpoint: ``url`` up to /v1, the key in the environment variable ``key_variable``."""

    url: str
    model: str
    key_variable: str = ""
    timeout_s: float = 8.0
    calls_per_day: int = 5_000
    parts: tuple[str, ...] = PARTS

    def key(self) -> str:
        """The key, or nothing."""
        return os.environ.get(self.key_variable, "") if self.key_variable else ""


@dataclass(frozen=True, slots=True)
class WriterSettings:
    """An OpenAI-compatible endpoint that drafts and rewrites; ``calls_per_day`` are those of the whole installation."""

    url: str
    model: str
    key_variable: str = ""
    timeout_s: float = 15.0
    calls_per_day: int = 500

    def key(self) -> str:
        """The key, or nothing."""
        return os.environ.get(self.key_variable, "") if self.key_variable else ""


@dataclass(frozen=True, slots=True)
class AkismetSettings:
    """A company's Akismet account: ``blog`` is the address of its site, as it was registered there."""

    blog: str
    key_variable: str = "AKISMET_KEY"
    timeout_s: float = 4.0
    calls_per_day: int = 10_000

    def key(self) -> str:
        """The key, or nothing."""
        return os.environ.get(self.key_variable, "")


@dataclass(frozen=True, slots=True)
class EmbedderSettings:
    """A local model: ``kind`` is sentence-transformers or onnx, ``path`` its folder."""

    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class Replacing:
    """What is replaced, who writes, who is asked about spam; nothing and nobody where all are None."""

    endpoint: EndpointSettings | None = None
    embedder: EmbedderSettings | None = None
    writer: WriterSettings | None = None
    akismet: AkismetSettings | None = None


def replacing() -> Replacing:
    """What the file says; nothing is replaced where none is named. Raises ReplacingError."""
    named = os.environ.get("COMPTOIR_UNDERSTANDING")
    return read_replacing(Path(named)) if named else Replacing()


def read_replacing(path: Path) -> Replacing:
    """The same from one file."""
    try:
        written = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ReplacingError(f"{path}: {error}") from error
    try:
        endpoint = EndpointSettings(**_with_parts(written["endpoint"])) if "endpoint" in written else None
        embedder = EmbedderSettings(**written["embedder"]) if "embedder" in written else None
        writer = WriterSettings(**written["writer"]) if "writer" in written else None
        akismet = AkismetSettings(**written["akismet"]) if "akismet" in written else None
    except TypeError as error:
        raise ReplacingError(f"{path}: {error}") from error
    if embedder and embedder.kind not in ("sentence-transformers", "onnx"):
        raise ReplacingError(f"{path}: embedder.kind must be sentence-transformers or onnx")
    return Replacing(endpoint, embedder, writer, akismet)


def _with_parts(written: dict[str, Any]) -> dict[str, Any]:
    parts = tuple(written.get("parts", PARTS))
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        raise ReplacingError(f"endpoint.parts: {', '.join(unknown)} cannot be replaced; what can: {', '.join(PARTS)}")
    return written | {"parts": parts}
