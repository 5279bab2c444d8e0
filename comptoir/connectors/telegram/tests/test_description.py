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
    Delivery,
    EventKind,
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


@pytest.mark.skipif(not SPECIFICATION.is_file(), reason="COMPTOIR_DATASETS names no folder with the description")
def test_every_kind_of_update_and_of_message_is_read() -> None:
    types = json.loads(SPECIFICATION.read_text())["types"]
    bot = telegram(Far())
    message = made("Message", types)
    kinds = [{field["name"]: valued(field, types)} for field in types["Update"]["fields"] if not field["required"]]
    kinds += [
        {"message": {**message, field["name"]: valued(field, types)}}
        for field in types["Message"]["fields"]
        if not field["required"]
    ]
    assert len(kinds) > 100
    for kind in kinds:
        events = bot.parse(Delivery(json.dumps({"update_id": 1, **kind}).encode()))
        assert events, kind
        assert all(event.reason for event in events if event.event is EventKind.IGNORED), kind


def made(name: str, types: dict[str, Any], depth: int = 0) -> Any:
    """The least that an object of the description has; the first of those that it may be."""
    described = types[name]
    if described.get("subtypes"):
        return valued({"types": described["subtypes"]}, types, depth)
    needed = [field for field in described.get("fields", ()) if field["required"]] if depth < 5 else []
    return {field["name"]: valued(field, types, depth + 1) for field in needed}


def valued(field: dict[str, Any], types: dict[str, Any], depth: int = 0) -> Any:
    kind, lists = field["types"][0], 0
    while kind.startswith("Array of "):
        kind, lists = kind.removeprefix("Array of "), lists + 1
    plain = {"Integer": 7, "String": "texte", "Boolean": True, "True": True, "Float": 1.5, "Float number": 1.5}
    value = plain[kind] if kind in plain else made(kind, types, depth)
    for _list in range(lists):
        value = [value]
    return value
