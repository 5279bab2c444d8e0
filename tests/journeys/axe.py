"""axe-core, as package-lock.json pins it."""

from __future__ import annotations

from pathlib import Path

import pytest

_AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def axe_source() -> str:
    """The script to run in a page; the test is skipped, with the reason, where it is not installed."""
    if not _AXE.exists():
        pytest.skip("axe-core is not installed: make test installs it where npm is")
    return _AXE.read_text()
