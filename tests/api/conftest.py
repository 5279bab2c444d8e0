"""A program with a token, talking to the API."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from comptoir.api.actions import create_token
from comptoir.api.authentication import counters
from comptoir.api.scopes import Scope
from comptoir.connectors import registry
from comptoir.people.models import Agent
from tests.factories import make_agent
from tests.fake_network import KINDS


class Program:
    """Calls the API with one token."""

    def __init__(self, secret: str, agent: Agent, token_id: int) -> None:
        self.secret, self.agent, self.token_id = secret, agent, token_id
        self._client = Client(raise_request_exception=False)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        content = b"" if body is None else json.dumps(body).encode()
        sent = {"authorization": f"Bearer {self.secret}", "accept-language": "en"}
        return self._client.generic(  # type: ignore[return-value]  # its answer is patched by the client
            method, f"/api/v1{path}", content, content_type="application/json", headers=sent | headers
        )

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.ask("POST", path, body, **headers)

    def upload(self, path: str, form: dict[str, Any]) -> HttpResponse:
        sent = {"authorization": f"Bearer {self.secret}", "accept-language": "en"}
        return self._client.post(f"/api/v1{path}", form, headers=sent)  # type: ignore[return-value]  # as above

    def send(self, path: str, content: bytes, boundary: str, **headers: str) -> HttpResponse:
        """A form whose bytes are given."""
        sent = {"authorization": f"Bearer {self.secret}", "accept-language": "en"}
        form = f"multipart/form-data; boundary={boundary}"
        return self._client.generic(  # type: ignore[return-value]  # as above
            "POST", f"/api/v1{path}", content, content_type=form, headers=sent | headers
        )

    def patch(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.ask("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> HttpResponse:
        return self.ask("DELETE", path, **headers)


def picture(name: str = "colis.png") -> SimpleUploadedFile:
    """A picture of one pixel."""
    pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
    return SimpleUploadedFile(name, base64.b64decode(pixel), content_type="image/png")


def program_for(agent: Agent, scopes: Sequence[str] = tuple(Scope)) -> Program:
    token, secret = create_token(name="CRM", agent=agent, scopes=scopes)
    return Program(secret, agent, token.pk)


@pytest.fixture(autouse=True)
def _no_requests_counted() -> Iterator[None]:
    counters.forget()
    yield
    counters.forget()


@pytest.fixture
def fake_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connectors of the fake network beside the others, without its server: nothing is sent."""
    registered = dict(registry.connector_classes()) | {kind.kind: kind for kind in KINDS}
    monkeypatch.setattr(registry, "connector_classes", lambda: registered)


@pytest.fixture
def administrator(db: None) -> Program:
    return program_for(make_agent(role=Agent.Role.ADMINISTRATOR))


@pytest.fixture
def program() -> Callable[..., Program]:
    return program_for
