from __future__ import annotations

import pytest

from comptoir.connectors.zulip.tests.far_side import Server


@pytest.fixture
def server() -> Server:
    return Server()
