"""Every screen and what opens over it: three widths, two languages, light and dark. Nothing is compared.

Written below the folder that COMPTOIR_SHOTS names (`make shots`: var/shots), one folder a language, width and theme.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import SignIn
from tests.journeys.everyday import OPENED, ordinary_day, press_all, screens

pytestmark = pytest.mark.django_db(transaction=True)
_HEIGHTS = {1440: 900, 1024: 768, 360: 740}
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def picture(page: Page, name: str, language: str) -> None:
    """The page as it stands, at every width, light and dark."""
    for width, height in _HEIGHTS.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in _SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            folder = Path(os.environ.get("COMPTOIR_SHOTS", "var/shots")) / f"{language}-{width}-{scheme}"
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}.png")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_screen_is_pictured(sign_in: SignIn, site: str, language: str) -> None:
    agent, exchange = ordinary_day()
    agent.language = language
    agent.save(update_fields=["language"])
    page = sign_in(agent, locale="fr-FR" if language == "fr" else "en-GB")
    addresses = screens(exchange)
    for name, address in addresses.items():
        page.goto(site + address)
        picture(page, name, language)
    for name, (screen, presses) in OPENED.items():
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(site + addresses[screen])
        press_all(page, presses)
        picture(page, name, language)
