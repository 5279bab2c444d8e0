"""Real mail and mail of our own against what is expected of it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from comptoir.connectors.base import (
    NetworkEvent,
)
from comptoir.connectors.email.tests.reading_mail import FIXTURES, parsed

PAYLOADS = sorted(path for path in FIXTURES.iterdir() if path.suffix not in (".json", ".md"))


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.name)
def test_fixture_reads_as_expected(path: Path) -> None:
    expected = json.loads(path.with_name(f"{path.stem}.expected.json").read_text())
    events = parsed(path.read_bytes(), own=None)
    assert len(events) == len(expected)
    for event, wanted in zip(events, expected, strict=True):
        for key, value in wanted.items():
            assert _plain(event, key, value) == value, key


def _plain(event: NetworkEvent, key: str, like: Any) -> Any:
    value = getattr(event, key)
    if key == "author":
        return {name: getattr(value, name) for name in like}
    if key == "attachments":
        return [{name: getattr(file, name) for name in wanted} for file, wanted in zip(value, like, strict=True)]
    return value.isoformat() if isinstance(value, datetime) else value


def test_every_fixture_copied_from_elsewhere_names_its_source() -> None:
    listed = (FIXTURES / "SOURCES.md").read_text()
    ours = {
        "bounce_of_ours",
        "broken_boundary",
        "gmail_html",
        "interleaved",
        "invitation",
        "mbox_line",
        "out_of_office",
        "uuencoded",
        "winmail",
    }
    assert [path.name for path in PAYLOADS if path.name not in listed and path.stem not in ours] == []
