"""Another model in the place of ours: what is asked, and what stands when it fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from comptoir.understanding.reader import Reader, configured
from comptoir.understanding.replacing.endpoint import EndpointReader
from comptoir.understanding.replacing.settings import EndpointSettings, ReplacingError, read_replacing

TEXT = "Appelez-moi au 06 12 34 56 78, c'est honteux"
ANSWER = {
    "sentiment": "positive", "confidence": 0.7, "intent": "praise", "needs_answer": False,
    "urgency": 3, "grounds": ["press"], "toxicity": 0.25, "spam": 0.0,
}  # fmt: skip


def endpoint(handler: Callable[[httpx.Request], httpx.Response], **settings: object) -> EndpointReader:
    client = httpx.Client(transport=httpx.MockTransport(handler))
    return EndpointReader(
        Reader(),
        EndpointSettings("https://models.example/v1", "small", **settings),
        client,  # type: ignore[arg-type]
    )


def answering(content: object) -> Callable[[httpx.Request], httpx.Response]:
    text = content if isinstance(content, str) else json.dumps(content)
    return lambda _: httpx.Response(200, json={"choices": [{"message": {"content": text}}]})


def test_what_the_endpoint_says_takes_the_place_of_ours():
    found = endpoint(answering(ANSWER)).understand([TEXT])[0]
    assert (found.sentiment.label, found.intent.label, found.urgency.level) == ("positive", "praise", 3)
    assert found.language == "fr"
    assert [one.kind for one in found.personal_data] == ["phone"]


def test_personal_data_never_leaves():
    sent: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(request.content.decode())
        return answering(ANSWER)(request)

    endpoint(handler).understand([TEXT])
    assert "06 12" not in sent[0]
    assert "[phone]" in sent[0]


@pytest.mark.parametrize(
    "content", ["no json", [1], {}, ANSWER | {"urgency": 9}, ANSWER | {"intent": "rage"}, ANSWER | {"spam": "much"}]
)
def test_an_unusable_answer_leaves_ours(content: object):
    assert endpoint(answering(content)).understand([TEXT]) == Reader().understand([TEXT])


def test_a_late_or_broken_endpoint_leaves_ours_and_is_left_alone_for_a_while():
    calls = []

    def handler(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        raise httpx.ReadTimeout("late", request=request)

    reader = endpoint(handler)
    assert reader.understand([TEXT] * 6) == Reader().understand([TEXT] * 6)
    assert len(calls) == 3


def test_the_budget_of_a_day_is_kept():
    calls = []
    reader = endpoint(lambda request: calls.append(request) or answering(ANSWER)(request), calls_per_day=2)
    reader.understand([TEXT] * 5)
    assert len(calls) == 2


def test_only_the_named_parts_are_replaced():
    reader = endpoint(answering(ANSWER), parts=("intent",))
    found, ours = reader.understand([TEXT])[0], Reader().understand([TEXT])[0]
    assert found.intent.label == "praise"
    assert found.sentiment == ours.sentiment


def test_the_light_form_asks_nobody():
    def handler(request: httpx.Request) -> httpx.Response:
        raise AssertionError("asked")

    endpoint(handler).understand([TEXT], light=True)


def test_the_file_says_what_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "understanding.toml"
    path.write_text('[endpoint]\nurl = "https://models.example/v1"\nmodel = "small"\nparts = ["intent"]\n')
    monkeypatch.setenv("COMPTOIR_UNDERSTANDING", str(path))
    assert isinstance(configured(Reader()), EndpointReader)


@pytest.mark.parametrize(
    "text",
    [
        "[endpoint]\n",
        "[endpoint]\nurl='x'\nmodel='y'\nparts=['iban']",
        "[embedder]\nkind='magic'\npath='x'",
        "not toml",
    ],
)
def test_a_file_that_cannot_be_used_says_so(tmp_path: Path, text: str):
    path = tmp_path / "understanding.toml"
    path.write_text(text)
    with pytest.raises(ReplacingError):
        read_replacing(path)
