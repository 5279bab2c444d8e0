"""What gateways deliver, and how it is verified."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import json
from urllib.parse import urlencode

import pytest

from comptoir.connectors.base import (
    Delivery,
    HookRequest,
    PayloadError,
    PermanentError,
    SignatureError,
)
from comptoir.connectors.shared.opting_out import wish_of
from comptoir.connectors.sms.tests.far_side import GATEWAY, LEA, OUTGOING, TWILIO, US, sms

URL = "https://us.example/hooks/sms/key/?a=1"


def signed(fields: dict[str, str], *, url: str = URL, token: str = "t0ken") -> HookRequest:
    said = url + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    digest = base64.b64encode(hmac.new(token.encode(), said.encode(), hashlib.sha1).digest()).decode()
    headers = {"x-twilio-signature": digest, "content-type": "application/x-www-form-urlencoded"}
    return HookRequest("POST", URL, {"a": "1"}, headers, urlencode(fields).encode())


FIELDS = {"MessageSid": "SM1", "From": LEA, "To": US, "Body": "Où est-il ?", "Empty": ""}


def test_twilios_signature_over_address_and_fields_is_accepted() -> None:
    sms().verify(signed(FIELDS))
    sms().verify(signed(FIELDS, url=URL.replace("us.example", "us.example:443")))


def test_any_other_signature_is_refused() -> None:
    genuine = signed(FIELDS)
    for forged in (
        signed(FIELDS, token="other"),
        signed(FIELDS, url="https://other.example/"),
        dataclasses.replace(genuine, body=genuine.body + b"&Body=autre"),
        dataclasses.replace(genuine, headers={}),
    ):
        with pytest.raises(SignatureError):
            sms().verify(forged)
    with pytest.raises(SignatureError):
        sms(credentials={**TWILIO, "auth_token": ""}).verify(genuine)


def test_json_of_twilio_is_signed_by_its_hash_in_the_address() -> None:
    body = b'[{"type":"x"}]'
    digest = hashlib.sha256(body).hexdigest()
    url = f"https://us.example/h?bodySHA256={digest}"
    given = base64.b64encode(hmac.new(b"t0ken", url.encode(), hashlib.sha1).digest()).decode()
    headers = {"x-twilio-signature": given, "content-type": "application/json"}
    sms().verify(HookRequest("POST", url, {"bodySHA256": digest}, headers, body))
    with pytest.raises(SignatureError):
        sms().verify(HookRequest("POST", url, {"bodySHA256": digest}, headers, body + b" "))
    with pytest.raises(SignatureError):
        sms().verify(HookRequest("POST", "https://us.example/h", {}, headers, body))


def test_another_gateway_shows_the_agreed_secret_in_one_of_three_places() -> None:
    request = HookRequest("POST", URL, {}, {}, b"{}")
    digest = hmac.new(b"hook", b"{}", hashlib.sha256).hexdigest()
    for shown in (
        {"query": {"token": "hook"}},
        {"headers": {"authorization": "Bearer hook"}},
        {"headers": {"x-signature": digest}},
        {"headers": {"x-signature": f"sha256={digest}"}},
    ):
        sms(credentials=GATEWAY).verify(dataclasses.replace(request, **shown))
    for wrong in ({}, {"query": {"token": "x"}}, {"headers": {"x-signature": "00"}}):
        with pytest.raises(SignatureError):
            sms(credentials=GATEWAY).verify(dataclasses.replace(request, **wrong))


def test_of_a_get_the_query_is_signed() -> None:
    url = "https://us.example/h?from=%2B336&text=D%E9"
    digest = hmac.new(b"hook", b"from=%2B336&text=D%E9", hashlib.sha256).hexdigest()
    sms(credentials=GATEWAY).verify(HookRequest("GET", url, {}, {"x-signature": digest}, b""))
    with pytest.raises(SignatureError):
        sms(credentials=GATEWAY).verify(HookRequest("GET", f"{url}!", {}, {"x-signature": digest}, b""))


def test_a_get_of_twilio_is_signed_with_its_whole_address() -> None:
    url = "https://us.example/h?MessageSid=SM1&From=%2B336"
    given = base64.b64encode(hmac.new(b"t0ken", url.encode(), hashlib.sha1).digest()).decode()
    sms().verify(HookRequest("GET", url, {}, {"x-twilio-signature": given}, b""))
    with pytest.raises(SignatureError):
        sms().verify(HookRequest("GET", f"{url}7", {}, {"x-twilio-signature": given}, b""))


def test_only_twilio_is_answered_in_its_own_language() -> None:
    assert sms().acknowledgement.body == b"<Response/>"
    assert sms(credentials=GATEWAY).acknowledgement.body == b""  # Kannel would text it to the customer


@pytest.mark.parametrize("body", [b"", b"<xml/>", b"\xff\xfe\x00", b'"x"', b"3", b"{"])
def test_what_is_neither_json_nor_a_form_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(PayloadError):
        sms().parse(Delivery(body, ""))


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("STOP", True), ("arrêt", True), ("Arrêt !", True), ("« Stop »", True), ("STOP SMS", True), ("  stop  ", True),
        ("Désabonnez-moi", True), ("BAJA", True), ("Abmelden", True),
        ("START", False), ("stop de mentir", None), ("Je veux que ça s’arrête", None), ("", None), (None, None),
        ("ne pas stop", None), ("x" * 5000, None),
        ("STOP 36180", True), ("Stop au 36180.", True), ("STOP36180", True),
        ("STOP SMS au 36\N{NO-BREAK SPACE}180", True),
        ("arrêt à 38033", True), ("STOP 12", None), ("STOP 123456", None), ("STOP 0612345678", None),
        ("cancel 36180", None), ("36180", None), ("stop la commande 36180", None), ("STOP 36180 c’est combien ?", None),
    ],
)  # fmt: skip
def test_only_the_word_alone_opts_out(said: str | None, wish: bool | None) -> None:
    found = wish_of(said, None)
    assert (None if found is None else found["opted_out"]) is wish


def test_who_opted_out_is_marked_and_not_written_to() -> None:
    event = sms().parse(Delivery(urlencode({**FIELDS, "Body": "Arrêt"}).encode(), ""))[0]
    with pytest.raises(PermanentError, match="STOP"):
        sms().send(dataclasses.replace(OUTGOING, parent_custom=event.custom))


@pytest.mark.parametrize("shown", ["0612345678", "0033612345678", "33612345678", "+33612345678"])
def test_a_number_is_one_however_the_gateway_writes_it(shown: str) -> None:
    said = {"from": shown, "to": US, "text": "Bonjour", "message_id": "1"}
    (event,) = sms(credentials=GATEWAY).parse(Delivery(json.dumps(said).encode()))
    assert (event.author.id, event.thread_id) == (LEA, LEA)
