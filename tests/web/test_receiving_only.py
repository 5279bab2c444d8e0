"""An account that only receives: nobody is led to write what cannot be sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.factories import make_account, make_conversation, make_identity, make_incoming
from tests.web.conftest import Counter

pytestmark = pytest.mark.django_db


def shown(counter: Counter, outgoing_url: str) -> str:
    account = make_account(
        kind="webhook", name="Avis", team=counter.account.team, brand=counter.account.brand,
        credentials={"secret": "s", "outgoing_url": outgoing_url},
    )  # fmt: skip
    one = make_conversation(account=account, identity=make_identity(channel="webhook"), is_public=True)
    make_incoming(one)
    return counter.client("agent").get(reverse("conversation", args=[one.pk])).content.decode()


def test_it_says_so_and_offers_a_note_alone(counter: Counter) -> None:
    page = shown(counter, "")
    assert "« Avis » ne fait que recevoir" in page.replace("\u00a0", " ")
    assert 'value="note"' in page
    assert 'value="public"' not in page
    assert 'id="private-menu"' not in page


def test_one_that_sends_offers_the_reply(counter: Counter) -> None:
    page = shown(counter, "https://other.example/in")
    assert "ne fait que recevoir" not in page
    assert 'name="mode" value="public"' in page


def test_a_telephone_is_answered_by_calling_and_not_where_the_customer_wrote(counter: Counter) -> None:
    account = make_account(kind="phone", team=counter.account.team, brand=counter.account.brand)
    one = make_conversation(account=account, identity=make_identity(channel="phone"))
    make_incoming(one, kind="call", call_state="missed", call_duration=timedelta(0), text="")
    page = counter.client("agent").get(reverse("conversation", args=[one.pk])).content.decode()
    assert "on répond en rappelant" in page
    assert "ne fait que recevoir" not in page
    assert "0 s" not in page


def test_a_switchboard_that_only_tells_of_calls_offers_no_call(counter: Counter) -> None:
    account = make_account(kind="phone", team=counter.account.team, brand=counter.account.brand)
    one = make_conversation(account=account, identity=make_identity(channel="phone"))
    make_incoming(one, kind="call", call_state="missed", text="")
    page = counter.client("agent").get(reverse("conversation", args=[one.pk])).content.decode()
    assert reverse("call_customer", args=[one.pk]) not in page
