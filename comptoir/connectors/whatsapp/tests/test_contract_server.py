"""WhatsApp over real HTTP, against a server that is made of Meta's contract and refuses what that has not."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator

import httpx
import pytest

from comptoir.connectors.base import PermanentError
from comptoir.connectors.whatsapp.connector import WhatsApp
from comptoir.connectors.whatsapp.tests.far_side import ANSWER, CREDENTIALS, NUMBER, _contract, file
from tests.connectors.contract_server import ContractServer
from tests.connectors.published_contract import contract


def _check_message(request: httpx.Request) -> None:
    """By the schema of the message's own type: no body could fulfil what the path's says (`far_side.contract`)."""
    body = json.loads(request.content)
    wanted = _contract(str(body.get("type", "text")))
    assert wanted is not None
    wrong = [error.message for error in wanted.iter_errors(body)]
    assert not wrong, wrong


@pytest.fixture
def server() -> Iterator[ContractServer]:
    published = contract("meta_business_messaging_v23.yaml")
    everywhere = ("appsecret_proof", "fields", "limit", "after")
    server = ContractServer(published, checks={"/messages": _check_message}, everywhere=everywhere)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def account(server: ContractServer) -> Iterator[WhatsApp]:
    with server.client() as http:
        yield WhatsApp(CREDENTIALS, http, own_id=NUMBER)


def test_texts_choices_and_files_are_taken(account: WhatsApp, server: ContractServer) -> None:
    for outgoing in (
        ANSWER,
        dataclasses.replace(ANSWER, parent_id="wamid.0", choices=("Oui", "Non")),
        dataclasses.replace(ANSWER, files=(file("a.png", "image/png"),)),
    ):
        assert account.send(outgoing).external_id.startswith("wamid.")
    assert server.refused == []
    assert {path.rpartition("/")[2] for path in server.taken} == {"messages", "media"}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", f"/v23.0/{NUMBER}/messages", {"messaging_product": "whatsapp", "to": "336", "type": "text"}),
        ("POST", f"/v23.0/{NUMBER}/messages", {"messaging_product": "sms", "to": "336", "type": "text", "text": {}}),
        ("POST", f"/v23.0/{NUMBER}/mesages", {}),
        ("DELETE", f"/v23.0/{NUMBER}/media", None),
    ],
)
def test_a_wrong_request_is_refused(
    method: str, path: str, body: dict[str, object] | None, server: ContractServer
) -> None:
    with server.client() as http:
        answer = http.request(method, f"https://graph.facebook.com{path}", json=body)
    assert answer.status_code == 400
    assert server.taken == []


def test_its_refusal_is_told_as_meta_tells_it(
    account: WhatsApp, server: ContractServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(request: httpx.Request) -> None:
        raise AssertionError("'to' is a required property")

    monkeypatch.setattr(server, "checks", {"/messages": refuse})
    with pytest.raises(PermanentError, match="'to' is a required property"):
        account.send(ANSWER)
