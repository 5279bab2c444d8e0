"""The files that go with what the bot answers or proposes, read from where the catalogue keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from comptoir.bot.errors import FileGoneError
from comptoir.connectors.base import OutgoingFile
from comptoir.conversations.files import open_file


def outgoing_files(kept: Sequence[Mapping[str, Any]]) -> list[OutgoingFile]:
    """As they leave; ``kept`` is `Decision.files`. Raises FileGoneError."""
    files: list[OutgoingFile] = []
    for one in kept:
        try:
            with open_file(one["storage_key"]) as stream:
                files.append(OutgoingFile(one["name"], one["mime_type"], stream.read()))
        except OSError as error:
            raise FileGoneError(one["name"]) from error
    return files
