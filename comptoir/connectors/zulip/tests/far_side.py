"""A Zulip server of these tests’ own: one bot, its messages, its queue."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import httpx

from comptoir.connectors.base import (
    Delivery,
)
from comptoir.connectors.zulip.connector import Zulip

SITE = "https://chat.example.fr"


NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


BOT = {"user_id": 26, "email": "marque-bot@chat.example.fr", "full_name": "Marque"}


CREDENTIALS = {"site": SITE, "email": BOT["email"], "api_key": "sesame"}


class Server:
    """Messages, one queue of events, files: as the documentation of Zulip's API says."""

    def __init__(self) -> None:
        self.stored: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.queues = 0
        self.queue: str | None = None
        self.reactions: set[tuple[str, str]] = set()
        self.subscriptions: list[dict[str, Any]] = [{"stream_id": 1, "name": "Denmark"}]
        self.calls: list[httpx.Request] = []
        self.failing: httpx.Response | Exception | None = None
        self.takes_before_failing = False
        self.may_delete = True
        self.http = httpx.Client(transport=httpx.MockTransport(self.answer))

    def connector(self, **more: str) -> Zulip:
        return Zulip(CREDENTIALS | more, self.http, own_id="26")

    def says(self, content: str, *, by: int = 12, at: datetime = NOW, to: list[int] | None = None, topic: str = "test"):
        message: dict[str, Any] = {
            "id": 100 + len(self.stored), "sender_id": by, "sender_email": f"user{by}@chat.example.fr",
            "sender_full_name": "Léa", "content": f"<p>{content}</p>", "content_type": "text/html", "client": "website",
            "timestamp": int(at.timestamp()), "subject": "" if to else topic, "type": "private" if to else "stream",
            "display_recipient": [{"id": one, "email": "", "full_name": ""} for one in to] if to else "Denmark",
        }  # fmt: skip
        if not to:
            message["stream_id"] = 1
        self.stored.append(message)
        self.events.append({"id": len(self.events), "type": "message", "message": message, "flags": []})
        return message

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.calls.append(request)
        assert request.headers["authorization"].startswith("Basic ")
        assert base64.b64decode(request.headers["authorization"][6:]) == f"{BOT['email']}:sesame".encode()
        if self.failing is not None and not self.takes_before_failing:
            return self._fail()
        form = dict(parse_qsl(request.content.decode())) if "form-u" in request.headers.get("content-type", "") else {}
        path = request.url.path.removeprefix("/api/v1/")
        answer = self._routed(request.method, path, dict(request.url.params) | form)
        return self._fail() if self.failing is not None and request.method == "POST" else answer

    def _fail(self) -> httpx.Response:
        failing, self.failing = self.failing, None
        if isinstance(failing, Exception):
            raise failing
        assert failing is not None
        return failing

    def _routed(self, method: str, path: str, asked: dict[str, str]) -> httpx.Response:
        head, *rest = path.split("/")
        if head == "messages" and rest:
            return self._one(method, rest, asked)
        routes = {
            ("GET", "users/me"): lambda: success(**BOT),
            ("GET", "users/me/subscriptions"): lambda: success(subscriptions=self.subscriptions),
            ("POST", "register"): self._register,
            ("GET", "events"): lambda: self._events(asked),
            ("GET", "messages"): lambda: self._messages(asked),
            ("POST", "messages"): lambda: self._send(asked),
            ("POST", "user_uploads"): lambda: success(uri=f"/user_uploads/2/{len(self.calls):x}/recu.pdf"),
        }
        if head == "user_uploads" and rest:
            return success(url=f"/user_uploads/temporary/{rest[-1]}")
        return routes[method, path]()

    def _register(self) -> httpx.Response:
        self.queues += 1
        self.queue = f"queue-{self.queues}"
        self.events = []
        return success(queue_id=self.queue, last_event_id=-1)

    def _events(self, asked: dict[str, str]) -> httpx.Response:
        assert asked["dont_block"] == "true"
        if asked["queue_id"] != self.queue:
            return refusal("Bad event queue ID: x", "BAD_EVENT_QUEUE_ID", queue_id=asked["queue_id"])
        last = int(asked["last_event_id"])
        self.events = [event for event in self.events if event["id"] > last]
        return success(events=self.events, queue_id=self.queue)

    def _messages(self, asked: dict[str, str]) -> httpx.Response:
        narrow = {one["operator"]: one["operand"] for one in json.loads(asked["narrow"])}
        known = [one for one in self.stored if matches(one, narrow)]
        anchor = max([one["id"] for one in known], default=0) if asked["anchor"] == "newest" else int(asked["anchor"])
        included = asked["include_anchor"] == "true"
        before = [one for one in known if one["id"] < anchor or (included and one["id"] == anchor)]
        after = [one for one in known if one["id"] > anchor]
        older, newer = int(asked["num_before"]), int(asked["num_after"])
        shown = [*(before[-older:] if older else []), *after[:newer]]
        if asked["apply_markdown"] == "false":
            shown = [one | {"content": one.get("raw", one["content"])} for one in shown]
        return success(messages=shown, found_oldest=len(before) <= older, found_newest=len(after) <= newer)

    def _send(self, asked: dict[str, str]) -> httpx.Response:
        to = None if asked["type"] == "stream" else [26, *json.loads(asked["to"])]
        message = self.says(asked["content"], by=26, to=to, topic=asked.get("topic", ""), at=NOW)
        message |= {"raw": asked["content"], "sender_email": BOT["email"]}
        return success(id=message["id"])

    def _one(self, method: str, rest: list[str], asked: dict[str, str]) -> httpx.Response:
        message = next((one for one in self.stored if str(one["id"]) == rest[0]), None)
        if message is None:
            return refusal("Invalid message(s)")
        if len(rest) == 2:
            return self._react(method, rest[0], asked["emoji_name"])
        if method == "PATCH":
            message["content"] = asked["content"]
        if method == "DELETE":
            if not self.may_delete:
                return refusal("You don't have permission to delete this message")
            self.stored.remove(message)
        return success(**({"message": message} if method == "GET" else {}))

    def _react(self, method: str, message_id: str, emoji: str) -> httpx.Response:
        reaction = (message_id, emoji)
        if method == "POST" and reaction in self.reactions:
            return refusal("Reaction already exists.", "REACTION_ALREADY_EXISTS")
        if method == "DELETE" and reaction not in self.reactions:
            return refusal("Reaction doesn't exist.", "REACTION_DOES_NOT_EXIST")
        (self.reactions.add if method == "POST" else self.reactions.discard)(reaction)
        return success()


def success(**content: Any) -> httpx.Response:
    return httpx.Response(
        200, json={"result": "success", "msg": "", **content}, headers={"date": "Mon, 02 Mar 2026 09:00:00 GMT"}
    )


def refusal(said: str, code: str = "BAD_REQUEST", *, status: int = 400, **more: Any) -> httpx.Response:
    return httpx.Response(status, json={"result": "error", "msg": said, "code": code, **more})


def matches(message: dict[str, Any], narrow: dict[str, Any]) -> bool:
    if "dm" in narrow and (
        message["type"] != "private" or {one["id"] for one in message["display_recipient"]} != {26, *narrow["dm"]}
    ):
        return False
    if "stream" in narrow and (message.get("stream_id"), message["subject"]) != (narrow["stream"], narrow["topic"]):
        return False
    return "sender" not in narrow or message["sender_email"] == narrow["sender"]


def event(body: object, **credentials: str) -> Any:
    [only] = Zulip(CREDENTIALS | credentials, httpx.Client(), own_id="26").parse(Delivery(json.dumps(body).encode()))
    return only
