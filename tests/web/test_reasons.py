"""Why something went wrong is said in French on a French screen, around the network's own words."""

from __future__ import annotations

from html import unescape

import pytest

from comptoir.channels.actions import disconnect_account
from comptoir.conversations.models import Message
from comptoir.core.reasons import Reason
from comptoir.intake.models import RawDelivery
from tests.web.conftest import Counter, client_of

REFUSED = Reason(
    "The mail server refused %(what)s: “%(said)s”.", what=Reason("the message"), said="550 <b>Message</b> refused"
)
FRENCH = "Le serveur de messagerie a refusé le message\u00a0: «\u00a0550 <b>Message</b> refused\u00a0»."


@pytest.fixture(autouse=True)
def _somewhere_something_failed(counter: Counter) -> None:
    RawDelivery.objects.filter(pk=counter.delivery.pk).update(reason=REFUSED)
    Message.objects.filter(pk=counter.failed.pk).update(failure=REFUSED)
    disconnect_account(counter.account, reason=REFUSED)


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("administrator", "/deliveries/"),
        ("administrator", "/deliveries/{counter.delivery.pk}/"),
        ("administrator", "/accounts/"),
        ("administrator", "/accounts/{counter.account.pk}/"),
        ("administrator", "/record/"),
        ("agent", "/conversations/{counter.conversation.pk}/"),
    ],
)
def test_a_french_screen_says_why_in_french(counter: Counter, role: str, address: str) -> None:
    page = client_of(counter.people[role]).get(address.format(counter=counter), headers={"Accept-Language": "fr"})
    assert page.status_code == 200
    shown = page.content.decode()
    assert "<b>Message</b>" not in shown
    assert FRENCH in unescape(shown)
    assert REFUSED not in unescape(shown)
