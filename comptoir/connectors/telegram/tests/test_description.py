"""Every request against the published description."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path
from typing import Any

import pytest

from comptoir.connectors.base import (
    Author,
    OutgoingFile,
)
from comptoir.connectors.telegram.tests.far_side import IN_GROUP, OUTGOING, Far, telegram

SPECIFICATION = Path(os.environ.get("COMPTOIR_DATASETS", ""), "specs", "telegram_bot_api.min.json")


@pytest.mark.skipif(not SPECIFICATION.is_file(), reason="COMPTOIR_DATASETS names no folder with the description")
def test_every_request_fits_the_published_description() -> None:
    methods = json.loads(SPECIFICATION.read_text())["methods"]
    far = Far(
        getMe={"id": 555}, getWebhookInfo={}, getFile={"file_path": "x"}, getUpdates=[], setWebhook=True,
        setMessageReaction=True, deleteMessage=True, sendChatAction=True,
    )  # fmt: skip
    bot = telegram(far)
    kinds = ["image/jpeg", "image/gif", "video/mp4", "audio/mpeg", "audio/ogg", "text/plain"]
    files = tuple(OutgoingFile("f", kind, b"x") for kind in kinds)
    bot.check()
    bot.subscribe("https://us.example/h")
    list(bot.poll({"after": 1}))
    bot.locate("telegram:x")
    bot.send(dataclasses.replace(IN_GROUP, files=files, parent_custom={"topic": "1", "business": "b", "callback": "1"}))
    bot.send(OUTGOING)
    bot.edit("b:1/2", OUTGOING, {})
    bot.edit("1/2", OUTGOING, {"captioned": True})
    bot.delete("1/2", {})
    bot.delete("b:1/2", {})
    bot.like("1/2", {})
    bot.signal(Author(id="1"), "typing", thread_id=None)
    assert len(far.asked) > 15
    for method, asked in far.asked:
        fields = {field["name"]: field for field in methods[method]["fields"]} if methods[method].get("fields") else {}
        assert set(asked) <= set(fields), method
        assert {name for name, field in fields.items() if field["required"]} <= set(asked), method
        for name, value in asked.items():
            assert_fits(value, fields[name]["types"], f"{method}.{name}")


def assert_fits(value: Any, types: list[str], where: str) -> None:
    plain = {"Integer": int, "String": str, "Boolean": bool, "InputFile": bytes}
    allowed = tuple(plain[kind] for kind in types if kind in plain)
    composed = any(kind not in plain for kind in types)
    in_form = isinstance(value, str) and (composed or int in allowed)  # forms carry JSON and numbers as texts
    fits = isinstance(value, allowed) if allowed else False
    assert fits or in_form or (composed and isinstance(value, dict | list)), where
