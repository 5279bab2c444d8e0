"""A company's own model in the place of ours: asked with personal data masked, and done without when it fails."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from comptoir.analysis.models import MessageAnalysis
from comptoir.understanding.workshop import Workshop
from tests.analysis.reading import read
from tests.factories import make_conversation, make_incoming

pytestmark = pytest.mark.django_db

ANGRY = "C'est une honte, rappelez-moi au 06 12 34 56 78 !"
_ANSWER = {
    "sentiment": "positive", "confidence": 0.97, "intent": "praise", "needs_answer": False, "urgency": 0,
    "grounds": [], "toxicity": 0.0, "spam": 0.0,
}  # fmt: skip


class Endpoint(HTTPServer):
    """An OpenAI-compatible server on this machine: what it was asked, and with what it answers."""

    asked: list[str]
    status: int = 200


class _Answering(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body["messages"][-1]["content"])
        said = json.dumps({"choices": [{"message": {"content": json.dumps(_ANSWER)}}]}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_arguments: Any) -> None:
        """Nothing is told."""


@pytest.fixture
def endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    server = Endpoint(("127.0.0.1", 0), _Answering)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings = tmp_path / "understanding.toml"
    settings.write_text(f'[endpoint]\nurl = "http://127.0.0.1:{server.server_port}/v1"\nmodel = "m"\n')
    monkeypatch.setenv("COMPTOIR_UNDERSTANDING", str(settings))
    yield server
    server.shutdown()
    server.server_close()


def reading() -> MessageAnalysis:
    read(Workshop(), make_incoming(make_conversation(), text=ANGRY))
    return MessageAnalysis.objects.get()


def test_what_it_answers_is_kept_and_it_never_sees_a_telephone_number(endpoint: Endpoint) -> None:
    found = reading()
    assert (found.sentiment, found.intent, found.needs_answer) == ("positive", "praise", False)
    assert endpoint.asked == ["C'est une honte, rappelez-moi au [phone] !"]
    assert [kind for kind, _start, _end in found.personal_data] == ["phone"]


def test_when_it_fails_what_we_read_ourselves_stands(endpoint: Endpoint) -> None:
    endpoint.status = 500
    assert reading().sentiment == "negative"
    assert endpoint.asked


def test_a_file_that_cannot_be_used_does_not_stop_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "understanding.toml"
    broken.write_text("[endpoint\n")
    monkeypatch.setenv("COMPTOIR_UNDERSTANDING", str(broken))
    assert reading().sentiment == "negative"
