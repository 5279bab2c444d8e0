"""Calls on Google Play in the name of a service account."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from comptoir.connectors.shared import google_service

LABEL = "Google Play"
SCOPE = "https://www.googleapis.com/auth/androidpublisher"


class Session(google_service.Session):
    """Calls on the Android Publisher API."""

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client) -> None:
        super().__init__(LABEL, SCOPE, credentials, http)
