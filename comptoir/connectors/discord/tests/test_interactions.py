"""Interactions, and what only Discord’s key signs."""

from __future__ import annotations

import dataclasses
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from comptoir.connectors.base import (
    HookRequest,
    SignatureError,
)
from comptoir.connectors.discord.tests.far_side import CREDENTIALS, KEY, Far, discord


def signed(body: bytes, *, stamp: str = "1772439300", key: Ed25519PrivateKey = KEY) -> HookRequest:
    signature = key.sign(stamp.encode() + body).hex()
    headers = {"x-signature-ed25519": signature, "x-signature-timestamp": stamp}
    return HookRequest("POST", "https://us.example/h", {}, headers, body)


def test_only_what_the_applications_key_signed_is_discords() -> None:
    genuine = signed(b'{"type":1}')
    discord().verify(genuine)
    for forged in (
        signed(b'{"type":1}', key=Ed25519PrivateKey.generate()),
        dataclasses.replace(genuine, body=b'{"type":2}'),
        dataclasses.replace(genuine, headers={**genuine.headers, "x-signature-timestamp": "1"}),
        dataclasses.replace(genuine, headers={**genuine.headers, "x-signature-ed25519": "é"}),
        dataclasses.replace(genuine, headers={}),
    ):
        with pytest.raises(SignatureError):
            discord().verify(forged)
    for key in ("", "00", "zz"):
        with pytest.raises(SignatureError):
            discord(credentials={**CREDENTIALS, "public_key": key}).verify(genuine)


def test_pings_are_answered_and_commands_are_stored() -> None:
    answered = discord().challenge(signed(b'{"type":1,"token":"x","id":"1"}'))
    assert answered is not None
    assert json.loads(answered.body) == {"type": 1}
    for body in (b'{"type":2,"token":"x"}', b"[", b"[]", b"{}"):
        assert discord().challenge(signed(body)) is None
    probe = discord().challenge(signed(b'{"version":1,"application_id":"1","type":0}'))
    assert probe is not None
    assert probe.status == 204


def test_the_interactions_address_is_set_and_seen() -> None:
    far = Far(**{"applications__@me": {"interactions_endpoint_url": "https://us.example/h"}})
    discord(far).subscribe("https://us.example/h")
    assert json.loads(far.asked[0].content) == {"interactions_endpoint_url": "https://us.example/h"}
    assert discord(far).is_subscribed("https://us.example/h")
    assert not discord(far).is_subscribed("https://us.example/other")
