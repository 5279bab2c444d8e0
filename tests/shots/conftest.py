"""The browser and the servers are those of the journeys."""

from __future__ import annotations

from tests.journeys.conftest import chromium, live_updates, sign_in, site

__all__ = ["chromium", "live_updates", "sign_in", "site"]
