"""WhatsApp’s side of HTTP, for these tests: one number, one reply, and Meta’s contract for what is sent."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from comptoir.connectors.base import (
    Author,
    Outgoing,
    OutgoingFile,
)
from comptoir.connectors.whatsapp.connector import WhatsApp
from tests.connectors.meta import Meta, sent_json
from tests.connectors.published_contract import document

#: facebook/openapi, business-messaging v23.0, whose terms are Meta’s own: it is read and not kept here.
_SPECIFICATION = "meta_business_messaging_v23.yaml"
FIXTURES = Path(__file__).parent.parent / "fixtures"
NUMBER, ACCOUNT = "106540352242922", "102290129340398"
CREDENTIALS = {
    "access_token": "EAAG",
    "phone_number_id": NUMBER,
    "waba_id": ACCOUNT,
    "client_secret": "s3cret",
    "verify_token": "phrase",
}
QUEUED = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
ANSWER = Outgoing(
    key="k-1",
    queued_at=QUEUED,
    text="Elle part demain.",
    visibility="private",
    recipient=Author(id="33600000001"),
    thread_id="33600000001",
    customer_wrote_at=QUEUED - timedelta(hours=1),
)
MESSAGES, MEDIA = f"POST /{NUMBER}/messages", f"POST /{NUMBER}/media"
ACCEPTED = {
    "messaging_product": "whatsapp",
    "contacts": [{"input": "33600000001", "wa_id": "33600000001"}],
    "messages": [{"id": "wamid.1"}],
}


def whatsapp(meta: Meta, **credentials: str) -> WhatsApp:
    return WhatsApp({**CREDENTIALS, **credentials}, meta.client(), own_id=NUMBER)


def file(name: str, mime_type: str, size: int = 3) -> OutgoingFile:
    return OutgoingFile(name, mime_type, bytes(size))


def contract(message_type: str) -> Draft202012Validator:
    """The published schema of one type of message; a test that asks for it is skipped where there is none."""
    found = _contract(message_type)
    if found is None:
        pytest.skip(f"COMPTOIR_DATASETS names no folder with specs/{_SPECIFICATION}")
    return found


@cache
def _contract(message_type: str) -> Draft202012Validator | None:
    """None where the contract is not at hand.

    It joins common and own properties by allOf and forbids any others within the latter alone, which nothing could
    fulfil; read as meant, nothing beyond both is allowed.
    """
    published = document(_SPECIFICATION)
    if published is None:
        return None
    schemas = copy.deepcopy(published["components"]["schemas"])
    name = f"{message_type.capitalize()}Message"
    own = schemas[name]["allOf"][1]
    own.pop("additionalProperties", None)
    schemas[name]["unevaluatedProperties"] = False
    return Draft202012Validator({"components": {"schemas": schemas}, "$ref": f"#/components/schemas/{name}"})


def bodies(meta: Meta) -> list[dict[str, Any]]:
    """What was sent, each checked against the contract where that is at hand."""
    found = [sent_json(one) for one in meta.asked if one.url.path.endswith("/messages")]
    for body in found:
        wanted = _contract(body["type"])
        assert wanted is None or list(wanted.iter_errors(body)) == []
    return found
