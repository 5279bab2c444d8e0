"""The bot’s state."""

from __future__ import annotations

import pytest

from comptoir.connectors.base import (
    AuthError,
)
from comptoir.connectors.telegram.tests.far_side import Far, telegram


def test_a_check_says_who_we_are_and_what_is_amiss() -> None:
    me = {"id": 555, "is_bot": True, "first_name": "La Marque", "username": "marque_bot"}
    told = {"url": "https://us.example/h", "pending_update_count": 3, "last_error_message": "Connection refused"}
    health = telegram(Far(getMe=me, getWebhookInfo=told)).check()
    assert (health.own_id, health.handle, health.name) == ("555", "marque_bot", "La Marque")
    assert [("setprivacy" in remark, "Connection refused" in remark) for remark in health.remarks] == [
        (True, False), (False, True),
    ]  # fmt: skip


@pytest.mark.parametrize("token", ["", "555:a/../b"])
def test_what_is_no_token_is_told_before_anything_is_called(token: str) -> None:
    with pytest.raises(AuthError):
        telegram(credentials={"bot_token": token}).check()
