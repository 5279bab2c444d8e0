"""Links that nobody outside could follow are told of where they are offered, and to whom can mend it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.factories import make_account, make_agent, make_conversation, make_incoming
from tests.web.conftest import client_of

pytestmark = pytest.mark.django_db
OUTSIDE, NEAR = "https://care.example.com", "http://127.0.0.1:8720"


@pytest.mark.parametrize(("address", "is_told"), [(NEAR, True), (OUTSIDE, False)])
@pytest.mark.parametrize("name", ["guide", "settings"])
def test_an_administrator_is_told_what_to_set(name: str, address: str, is_told: bool, settings: Any) -> None:
    settings.BASE_URL = address
    page = client_of(make_agent(role="administrator")).get(reverse(name)).content.decode()
    assert ("COMPTOIR_BASE_URL" in page) is is_told


@pytest.mark.parametrize(("address", "is_told"), [(NEAR, True), (OUTSIDE, False)])
def test_an_agent_is_told_beside_the_link_to_the_chat(address: str, is_told: bool, settings: Any) -> None:
    settings.BASE_URL = address
    account = make_account(kind="bluesky", credentials={"identifier": "us.test", "password": "p"})
    make_account(kind="chat", brand=account.brand, own_id="")
    conversation = make_conversation(account=account, is_public=True)
    make_incoming(conversation)
    client = client_of(make_agent(teams=[account.team], language="en"))
    page = client.get(f"/conversations/{conversation.pk}/private/").content.decode()
    assert (NEAR in page) is is_told
    assert ("Tell your administrator" in page) is is_told
    assert "COMPTOIR_BASE_URL" not in page


@pytest.mark.parametrize(("address", "begins"), [(NEAR, "http://testserver/"), (OUTSIDE, f"{OUTSIDE}/")])
def test_a_colleague_is_invited_to_the_public_address_where_there_is_one(
    address: str, begins: str, settings: Any
) -> None:
    settings.BASE_URL = address
    client = client_of(make_agent(role="administrator"))
    page = client.post(reverse("agent_link", args=[make_agent().pk])).content.decode()
    assert f">{begins}sign-in/" in page
    assert 'data-copies="link-made"' in page
