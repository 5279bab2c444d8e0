"""Akismet, where there is a key: it adds to what we read, is asked no more than it may be, and may fail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest

from comptoir.understanding.reader import Reader
from comptoir.understanding.replacing.akismet import Akismet
from comptoir.understanding.replacing.settings import AkismetSettings, read_replacing

TEXT = "Bonjour, mon colis n’est pas arrivé, appelez-moi au 06 12 34 56 78"
Handler = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AKISMET_KEY", "k3y")


def spam_of(handler: Handler, *, times: int = 1, **fields: object) -> float:
    service = Akismet(
        AkismetSettings("https://www.maison.example", **fields),  # type: ignore[arg-type]  # as given
        httpx.Client(transport=httpx.MockTransport(handler)),
    )
    read = Reader().understand([TEXT])
    return [service.judged([TEXT], read)[0].spam for _ in range(times)][-1]


def saying(text: str, **headers: str) -> Handler:
    return lambda _request: httpx.Response(200, text=text, headers=headers)


def ours() -> float:
    return Reader().understand([TEXT])[0].spam


def test_what_it_calls_spam_is_spam() -> None:
    assert spam_of(saying("true")) == pytest.approx(0.9)


def test_what_it_would_throw_away_is_spam_for_sure() -> None:
    assert spam_of(saying("true", **{"X-akismet-pro-tip": "discard"})) == pytest.approx(0.99)


def test_what_it_lets_pass_is_as_we_read_it() -> None:
    assert spam_of(saying("false")) == ours()


@pytest.mark.parametrize("answer", [httpx.Response(500), httpx.Response(200, text="invalid")])
def test_where_it_fails_what_we_read_stands(answer: httpx.Response) -> None:
    assert spam_of(lambda _request: answer) == ours()


def test_the_text_leaves_without_personal_data_or_a_name() -> None:
    asked: list[dict[str, list[str]]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(parse_qs(request.content.decode()))
        return httpx.Response(200, text="false")

    spam_of(handler)
    assert asked[0]["api_key"] == ["k3y"]
    assert asked[0]["blog"] == ["https://www.maison.example"]
    assert "06 12" not in asked[0]["comment_content"][0]
    assert not any("author" in name for name in asked[0])


def test_it_is_asked_no_more_than_so_often_a_day_and_left_alone_after_failures() -> None:
    asked: list[int] = []

    def counting(status: int) -> Handler:
        def handler(_request: httpx.Request) -> httpx.Response:
            asked.append(status)
            return httpx.Response(status, text="false")

        return handler

    spam_of(counting(200), times=5, calls_per_day=2)
    assert len(asked) == 2
    asked.clear()
    spam_of(counting(500), times=5)
    assert len(asked) == 3


def test_without_a_key_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AKISMET_KEY")
    assert spam_of(saying("true")) == ours()


def test_the_file_names_it(tmp_path: Path) -> None:
    named = tmp_path / "models.toml"
    named.write_text('[akismet]\nblog = "https://www.maison.example"\n')
    assert read_replacing(named).akismet == AkismetSettings("https://www.maison.example")
