"""Every screen at three widths, light and dark: written to var/shots (or COMPTOIR_SHOTS), nothing is compared."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.journeys.conftest import SignIn
from tests.journeys.everyday import ordinary_day, screens

pytestmark = pytest.mark.django_db(transaction=True)
_WIDTHS = {1440: 900, 1024: 768, 360: 740}
_FOLDER = Path(os.environ.get("COMPTOIR_SHOTS", "var/shots"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", _WIDTHS)
def test_every_screen_is_pictured(sign_in: SignIn, site: str, width: int, scheme: str) -> None:
    agent, exchange = ordinary_day()
    page = sign_in(agent, viewport={"width": width, "height": _WIDTHS[width]}, color_scheme=scheme)
    folder = _FOLDER / f"{width}-{scheme}"
    folder.mkdir(parents=True, exist_ok=True)
    for name, address in screens(exchange).items():
        page.goto(site + address)
        page.screenshot(path=folder / f"{name}.png")
    assert len(list(folder.glob("*.png"))) >= len(screens(exchange))
