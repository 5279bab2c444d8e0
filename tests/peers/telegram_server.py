"""A mock of Telegram's Bot API, of another's making, and people who write to a bot through it.

It differs from Telegram: its instants are milliseconds, its webhooks carry no secret, numbers of messages are not those
of one chat, and it knows neither files, nor reactions, nor `getWebhookInfo`, nor errors of sending.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.peers.node_packages import packages
from tests.ports import own_port

_SCRIPT = Path(__file__).parent / "telegram" / "server.cjs"
#: Whom the mock takes every bot for.
BOT_ID = "666"
_numbers = itertools.count(1)


@dataclass
class TelegramServer:
    """Where the mock is; one bot a test, so that none hears of another's."""

    url: str
    http: httpx.Client
    token: str = field(default_factory=lambda: f"{BOT_ID}:test-{next(_numbers)}")

    def credentials(self) -> dict[str, str]:
        """What a person would enter to connect this bot to Comptoir."""
        return {"bot_token": self.token, "api_base": self.url}

    def say(self, person: dict[str, Any], text: str) -> None:
        """Somebody writes to the bot in private; returns once the mock has told of it."""
        self._ask("sendMessage", {**self._from(person), "text": text})

    def press(self, person: dict[str, Any], message: dict[str, Any], sends: str) -> None:
        """Somebody presses a button below a message of the bot's."""
        said = self._from(person)
        self._ask("sendCallback", {**said, "message": {**message, "chat": said["chat"]}, "data": sends})

    def shown(self, person: dict[str, Any]) -> list[dict[str, Any]]:
        """All that the bot has written to somebody, as it stands now, the oldest first."""
        kept = self._ask("getUpdatesHistory", {"token": self.token})
        ours = [one for one in kept if str(one.get("message", {}).get("chat_id")) == str(person["id"])]
        return [{**one["message"], "message_id": one["messageId"]} for one in ours]

    def _from(self, person: dict[str, Any]) -> dict[str, Any]:
        chat = {**person, "type": "private"}
        return {"botToken": self.token, "from": {**person, "is_bot": False}, "chat": chat, "date": int(time.time())}

    def _ask(self, what: str, said: dict[str, Any]) -> Any:
        answer = self.http.post(f"{self.url}/{what}", json=said)
        assert answer.is_success, answer.text
        return answer.json()["result"]


def somebody(name: str) -> dict[str, Any]:
    """A person whom nobody else is."""
    return {"id": 5_000_000_000 + next(_numbers), "first_name": name, "username": name.lower()}


@pytest.fixture(scope="session")
def telegram_api() -> Iterator[str]:
    """The mock's address; started on a free port of this machine only, and stopped by its own process id."""
    node, installed = packages("telegram")
    command = [str(node), str(_SCRIPT), str(installed), str(own_port())]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        said = process.stdout.readline()
        assert said, "the mock of Telegram did not start"
        yield str(json.loads(said)["url"])
    finally:
        process.terminate()
        process.wait(10)
        process.stdin.close()
        process.stdout.close()


@pytest.fixture
def telegram_server(telegram_api: str) -> Iterator[TelegramServer]:
    with httpx.Client(timeout=30) as http:
        yield TelegramServer(telegram_api, http)
