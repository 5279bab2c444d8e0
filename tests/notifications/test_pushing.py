"""Web Push: the example of RFC 8291, and what a service's answers lead to."""

from __future__ import annotations

import base64
from datetime import timedelta

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from comptoir.notifications.pushing import PushLaterError, SubscriptionGoneError, encrypted, push, server_key


def octets(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


#: RFC 8291, appendix A.
PLAIN = "When I grow up, I want to be a watermelon"
BROWSER_KEY = octets("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")
BROWSER_SECRET = octets("BTBZMqHH6r4Tts7J_aSIgg")
OWN = ec.derive_private_key(int.from_bytes(octets("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), ec.SECP256R1())
SALT = octets("DGv6ra1nlYgDCS1FRnbzlw")
EXPECTED = octets(
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu"
    "6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
ENDPOINT = "https://push.example/send/1"
KEYS = (BROWSER_KEY, BROWSER_SECRET)


def test_the_example_of_the_standard_comes_out() -> None:
    assert encrypted(PLAIN.encode(), *KEYS, salt=SALT, own=OWN) == EXPECTED


def test_a_key_that_is_not_on_the_curve_is_refused() -> None:
    with pytest.raises(ValueError, match=r".*"):
        encrypted(b"x", b"\x04" + bytes(64), BROWSER_SECRET)


def service(status: int, **headers: str) -> tuple[httpx.Client, list[httpx.Request]]:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(status, headers=headers)

    return httpx.Client(transport=httpx.MockTransport(answer)), asked


def test_the_service_is_told_who_sends_and_for_how_long() -> None:
    client, asked = service(201)
    push(client, ENDPOINT, KEYS, {"title": "Bonjour"})
    (request,) = asked
    scheme, _space, said = request.headers["Authorization"].partition(" ")
    token = said.removeprefix("t=").partition(",")[0]
    assert (scheme, request.headers["Content-Encoding"]) == ("vapid", "aes128gcm")
    assert f"k={server_key()}" in said
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), octets(server_key()))
    assert jwt.decode(token, key, algorithms=["ES256"], audience="https://push.example")
    assert int(request.headers["TTL"]) > 0


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_told_apart(status: int) -> None:
    with pytest.raises(SubscriptionGoneError):
        push(service(status)[0], ENDPOINT, KEYS, {})


@pytest.mark.parametrize(
    ("status", "asked", "after"), [(429, "120", 120), (503, "", 60), (500, "Wed", 60), (429, "99999999", 3600)]
)
def test_a_busy_service_is_left_the_time_it_asks_for(status: int, asked: str, after: int) -> None:
    with pytest.raises(PushLaterError) as caught:
        push(service(status, **{"Retry-After": asked})[0], ENDPOINT, KEYS, {})
    assert caught.value.after == timedelta(seconds=after)
