"""A chat account and a browser in front of it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation
from comptoir.intake.consumer import consume_once
from comptoir.public.counter import buckets
from tests.factories import make_account

SECRET = "the site's own secret"


class Browser:
    """One visitor's browser: its token, and the requests that the widget makes."""

    def __init__(self, account: ChannelAccount, token: str = "") -> None:
        self.account = account
        self.token = token or uuid.uuid4().hex + uuid.uuid4().hex
        self.identity = ""
        self.origin = "https://shop.example"
        self._client = Client(enforce_csrf_checks=True)

    @property
    def id(self) -> str:
        return "v-" + hashlib.sha256(self.token.encode()).hexdigest()[:40]

    def sign_in(self, secret: str = SECRET, **fields: Any) -> None:
        """What the host site would have put into its page."""
        text = json.dumps(fields).encode()
        signature = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
        self.identity = base64.urlsafe_b64encode(text).decode().rstrip("=") + "." + signature

    def headers(self, **more: str) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self.token}", "Origin": self.origin}
        return headers | ({"X-Comptoir-Identity": self.identity} if self.identity else {}) | more

    def address(self, path: str) -> str:
        return f"/chat/{self.account.hook_key}{path}"

    def get(self, path: str, **headers: str) -> Any:
        return self._client.get(self.address(path), headers=self.headers(**headers))

    def post(self, path: str, body: Any, **headers: str) -> Any:
        written = body if isinstance(body, bytes | str) else json.dumps(body)
        return self._client.post(
            self.address(path), data=written, content_type="application/json", headers=self.headers(**headers)
        )

    def post_files(self, post: Any, files: list[Any]) -> Any:
        form = {"post": json.dumps(post), "file": files}
        return self._client.post(self.address("/files"), data=form, headers=self.headers())

    def say(self, text: str, **event: Any) -> str:
        """Post one message, and have it consumed; its id in the browser."""
        message = {"type": "message", "id": uuid.uuid4().hex, "text": text} | event
        response = self.post("/events", {"events": [message], "language": "fr"})
        assert response.status_code == 202, response.content
        consume_once()
        return str(message["id"])

    def messages(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get("/messages").json()["messages"]
        return found

    def conversation(self) -> Conversation:
        return Conversation.objects.get(account=self.account, thread_id=self.id)


@pytest.fixture
def chat_account(db: None) -> ChannelAccount:
    return make_account(kind="chat", own_id="", credentials={"identity_secret": SECRET})


@pytest.fixture
def browser(chat_account: ChannelAccount) -> Browser:
    return Browser(chat_account)


@pytest.fixture
def other_browser(chat_account: ChannelAccount) -> Browser:
    return Browser(chat_account)


@pytest.fixture(autouse=True)
def full_buckets() -> Iterator[None]:
    buckets.clear()
    yield
    buckets.clear()
