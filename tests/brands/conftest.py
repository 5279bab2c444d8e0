"""One workshop for all of these tests: what it loads takes seconds."""

from __future__ import annotations

import pytest

from comptoir.understanding.workshop import Workshop


@pytest.fixture(scope="session")
def workshop() -> Workshop:
    return Workshop()
