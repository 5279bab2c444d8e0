"""Why something went wrong is said in French on a French screen, around the network's own words."""

from __future__ import annotations

from html import unescape

import pytest

from comptoir.channels.actions import disconnect_account
from comptoir.conversations.models import Message
from comptoir.core.reasons import Reason
from comptoir.intake.models import RawDelivery
from tests.web import one_counter
from tests.web.conftest import Counter, client_of

counter = one_counter.counter

REFUSED = Reason(
    "The mail server refused %(what)s: “%(said)s”.", what=Reason("the message"), said="550 <b>Message</b> refused"
)
FRENCH = "Le serveur de messagerie a refusé le message"


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


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("administrator", "/deliveries/"),
        ("administrator", "/deliveries/{counter.delivery.pk}/"),
        ("administrator", "/accounts/{counter.account.pk}/"),
        ("agent", "/conversations/{counter.conversation.pk}/"),
    ],
)
def test_what_the_network_said_is_folded_below(counter: Counter, role: str, address: str) -> None:
    page = client_of(counter.people[role]).get(address.format(counter=counter), headers={"Accept-Language": "fr"})
    before, folded = unescape(page.content.decode()).split('<details class="their-words">', 1)
    assert "550 <b>Message</b> refused" not in before
    assert folded.split("</details>", 1)[0].endswith("550 <b>Message</b> refused</p>")
