"""An address that nobody outside can open is known as such."""

from __future__ import annotations

import pytest

from comptoir.core.reach import is_local


@pytest.mark.parametrize(
    ("address", "is_near"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost:8000", True),
        ("http://[::1]:8000", True),
        ("http://192.168.1.20:8000", True),
        ("http://10.0.0.3", True),
        ("http://[fd00::7]", True),
        ("http://comptoir", True),
        ("https://comptoir.local", True),
        ("https://comptoir.home.arpa", True),
        ("http://[", True),
        ("", True),
        ("https://care.example.com", False),
        ("https://care.example.com.", False),
        ("http://203.0.114.7", False),
        ("https://[2a01:e0a::1]", False),
        ("http://127.1:8000", True),
        ("http://0x7f.0.0.1", True),
        ("http://2130706433", True),
        ("http://017700000001", True),
        ("http://10.3", True),
        ("http://0", True),
        ("http://[::ffff:127.0.0.1]", True),
        ("http://[::ffff:c0a8:114]", True),
        ("http://[fe80::1%25eth0]", True),
        ("http://home.arpa", True),
        ("https://care.corp.internal.", True),
        ("https://COMPTOIR.LOCAL", True),
        ("https://0xcb.0.114.7", False),
        ("http://[::ffff:203.0.114.7]", False),
        ("http://8.8", False),
        ("http://8.8.8.8.8", False),
        ("https://cafe.fade", False),
        ("https://internal.example.com", False),
        ("https://mylocal", True),
        ("https://shop.mylocal.fr", False),
    ],
)
def test_an_address_opens_everywhere_or_near_us_alone(address: str, is_near: bool) -> None:
    assert is_local(address) is is_near
