"""What X’s refusals mean."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    PermanentError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.x.connector import X
from comptoir.connectors.x.tests.far_side import CREDENTIALS, DATE, OUTGOING, Far, x


@pytest.mark.parametrize(
    ("status", "body", "error", "said"),
    [
        (401, {"title": "Unauthorized"}, AuthError, "no longer accepts"),
        (402, {"title": "CreditsDepleted"}, TransientError, "credits"),
        (403, {"detail": "You are not allowed to create a Tweet with duplicate content."}, PermanentError, "twice"),
        (403, {"errors": [{"code": 433, "message": "x"}]}, PermanentError, "limits who may reply"),
        (403, {"detail": "Reply not allowed: you have not been mentioned"}, PermanentError, "mention or quote"),
        (403, {"reason": "client-not-enrolled", "detail": "d"}, PermanentError, "no access to the part"),
        (403, {"errors": [{"code": 326, "message": "locked"}]}, AuthError, "locked"),
        (
            403,
            {"detail": ("Your account is suspended and is not permitted to access this feature.")},
            AuthError,
            "locked",
        ),
        (403, {"detail": "You do not have the required permission"}, PermanentError, "permission is missing"),
        (429, {"title": "Too Many Requests"}, TransientError, "slow down"),
        (429, {"title": "UsageCapExceeded"}, TransientError, "allowance"),
        (400, {"errors": [{"code": 186, "message": "x"}]}, PermanentError, "too long"),
        (503, {}, UncertainError, "not known"),
    ],
)
def test_a_refusal_says_what_may_be_done_next(status: int, body: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        x(Far({"POST /2/tweets": httpx.Response(status, json=body)})).send(OUTGOING)


def test_the_rate_limit_is_waited_out_as_x_says() -> None:
    headers = {**DATE, "x-rate-limit-reset": "1772439360"}
    far = Far({"POST /2/tweets": httpx.Response(429, json={"title": "Too Many Requests"}, headers=headers)})
    with pytest.raises(TransientError) as caught:
        x(far).send(OUTGOING)
    assert caught.value.retry_after == timedelta(seconds=60)


def test_a_cut_connection_is_uncertain() -> None:
    def cut(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("cut", request=request)

    with pytest.raises(UncertainError):
        X(CREDENTIALS, httpx.Client(transport=httpx.MockTransport(cut)), own_id="1001").send(OUTGOING)
