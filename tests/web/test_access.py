"""Every address of the staff's screens, tried by everybody: one table says what each may expect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, reverse

from comptoir.people.actions import create_sign_in_link
from comptoir.web.urls import urlpatterns
from tests.fake_network import FakeNetwork
from tests.web import one_counter
from tests.web.access import TABLE
from tests.web.access.expecting import OK, REFUSED, WHO, Line
from tests.web.conftest import Counter, client_of, htmx

counter = one_counter.counter


def _argument(counter: Counter, name: str) -> list[Any]:
    if name == "token":
        return [create_sign_in_link(agent=counter.people["agent"])]
    return [getattr(counter, one).pk if hasattr(counter, one) else one for one in name.split("/") if one]


def _posted(counter: Counter, line: Line) -> dict[str, str]:
    posted = dict(line.posted or {})
    for key, text in posted.items():
        if text in ("team", "delivery"):
            posted[key] = str(getattr(counter, text).pk)
    return posted


def test_every_address_is_in_the_table() -> None:
    assert {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)} == set(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_each_role_reaches_what_the_table_says(
    counter_of_the_module: Callable[[], Counter], db: None, fake_network: FakeNetwork, name: str
) -> None:
    reached, led = {}, {}
    for who in WHO:  # each on a counter that none of the others has changed
        with transaction.atomic():
            answer = _tried(counter_of_the_module(), name, who)
            reached[who], led[who] = answer.status_code, answer.headers.get("Location", "")
            transaction.set_rollback(True)
    expected = TABLE[name].expected
    assert reached == {who: expected[who] for who in WHO}
    assert expected["anonymous"] == OK or led["anonymous"].startswith("/account/login/")


def _tried(counter: Counter, name: str, who: str) -> HttpResponse:
    line = TABLE[name]
    client = Client() if who == "anonymous" else counter.client(who)
    address = reverse(name, args=_argument(counter, line.arguments))
    headers = htmx() if line.headers and who != "anonymous" else {}
    if line.posted is None:
        return client.get(address, headers=headers)
    return client.post(address, _posted(counter, line), headers=headers)


@pytest.mark.parametrize("name", [name for name, line in TABLE.items() if line.posted is not None])
def test_nothing_is_changed_without_the_token_of_the_page(counter: Counter, name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(counter.people["administrator"].user, backend="django.contrib.auth.backends.ModelBackend")
    line = TABLE[name]
    answer = client.post(reverse(name, args=_argument(counter, line.arguments)), _posted(counter, line))
    assert answer.status_code == REFUSED


def test_an_agent_whose_access_was_closed_is_refused(counter: Counter) -> None:
    agent = counter.people["agent"]
    client = client_of(agent)
    type(agent).objects.filter(pk=agent.pk).update(is_active=False)
    assert client.get("/inbox/all/").status_code == REFUSED
