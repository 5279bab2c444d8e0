"""The browser and the servers are those of the journeys. Pictures are taken where a folder is named, not in a suite."""

from __future__ import annotations

import os

from tests.journeys.conftest import chromium, everybody_leaves, live_server, sign_in, site, stream

__all__ = ["chromium", "everybody_leaves", "live_server", "sign_in", "site", "stream"]

collect_ignore = [] if os.environ.get("COMPTOIR_SHOTS") else ["test_screens.py"]
