"""Where the `comptoir up` of a data folder listens is known to commands that were told nothing of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from comptoir.config.addresses import Listening, listening_now, note_listening
from comptoir.config.doctor.machine import environment_findings
from comptoir.config.only_one import only_one

CHOSEN = Listening("127.0.0.1", 8720, 8721, "https://care.example.com")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("PORT", "LIVE_PORT", "ADDRESS", "BASE_URL", "HOSTS", "LIVE_URL"):
        monkeypatch.delenv(f"COMPTOIR_{name}", raising=False)
    monkeypatch.setenv("COMPTOIR_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COMPTOIR_LANGUAGE", "en")
    note_listening(tmp_path, CHOSEN)
    return tmp_path


def test_what_a_running_one_has_noted_is_found(folder: Path) -> None:
    with only_one(folder):
        assert listening_now() == CHOSEN
        assert listening_now().url == "https://care.example.com"


def test_the_note_of_one_that_has_ended_is_not_believed(folder: Path) -> None:
    assert listening_now() == Listening("127.0.0.1", 8000, 8001)


def test_what_the_environment_says_goes_before_the_note(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPTOIR_PORT", "9000")
    with only_one(folder):
        assert listening_now() == Listening("127.0.0.1", 9000, 9001, CHOSEN.public_url)


@pytest.mark.parametrize("noted", ["", "[]", "{}", '{"port": 1, "colour": "red"}'])
def test_a_note_that_cannot_be_read_is_none(folder: Path, noted: str) -> None:
    (folder / "listening.json").write_text(noted)
    with only_one(folder):
        assert listening_now().port == 8000


def test_the_doctor_looks_where_it_listens(folder: Path) -> None:
    with only_one(folder):
        told = {finding.check: finding.found for finding in environment_findings()}
    assert "8720" in told["web"]
    assert "8721" in told["live"]
    assert told["public address"] == "https://care.example.com"


def test_the_doctor_tells_what_to_set_before_customers_get_links(folder: Path) -> None:
    told = {finding.check: finding for finding in environment_findings()}
    assert told["public address"].ok
    assert "COMPTOIR_BASE_URL" in told["public address"].remedy


def test_the_address_it_was_given_to_listen_on_is_heeded(folder: Path) -> None:
    assert Listening("192.168.1.20", 8000, 8001).hosts == [*OWN, "192.168.1.20"]


def of(url: str) -> Listening:
    return Listening("127.0.0.1", 8000, 8001, url)


OWN = ["127.0.0.1", "localhost", "[::1]"]


@pytest.mark.parametrize(
    ("url", "hosts", "live"),
    [
        ("", OWN, ""),
        ("https://care.example.com", [*OWN, "care.example.com"], "https://care.example.com"),
        ("https://Care.example.com:8443/", [*OWN, "care.example.com"], "https://Care.example.com:8443"),
        ("http://192.168.1.20:8000", [*OWN, "192.168.1.20"], ""),
        ("https://[2a01:e0a::1]", [*OWN, "[2a01:e0a::1]"], "https://[2a01:e0a::1]"),
    ],
)
def test_one_address_tells_the_names_that_are_heeded_and_where_live_updates_are(
    folder: Path, url: str, hosts: list[str], live: str
) -> None:
    assert (of(url).hosts, of(url).live_url) == (hosts, live)


def test_what_is_said_of_either_goes_before_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPTOIR_HOSTS", "other.example.com, 127.0.0.1,")
    monkeypatch.setenv("COMPTOIR_LIVE_URL", "https://live.example.com/")
    where = of("https://care.example.com")
    assert (where.hosts, where.live_url) == (["other.example.com", "127.0.0.1"], "https://live.example.com")


def test_the_doctor_finds_an_address_whose_name_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPTOIR_HOSTS", "127.0.0.1")
    with only_one(folder):
        told = {finding.check: finding for finding in environment_findings()}
    assert not told["public address"].ok
    assert "COMPTOIR_HOSTS" in told["public address"].remedy
