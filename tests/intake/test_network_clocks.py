"""A clock that is not the network's is noticed while one listens, told once, and settled when it was set."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import timedelta
from email.utils import format_datetime
from typing import Any, ClassVar

import httpx
import pytest
from django.db import connection

from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.connectors import registry
from comptoir.connectors.base import Connector, Delivery, Health, NetworkEvent, Page, PermanentError, Polls
from comptoir.core.clock import now
from comptoir.core.saying import in_words
from comptoir.events.models import Event
from comptoir.intake.rounds import Listening
from comptoir.notifications.models import Notice
from comptoir.notifications.notices import keep_notices
from tests.factories import make_account

pytestmark = pytest.mark.django_db(transaction=True)


class Timed(Connector, Polls):
    """A network whose answers say what time it is there."""

    kind, label = "timed", "Timed"
    poll_every = timedelta(milliseconds=1)
    is_behind_us: ClassVar[timedelta]
    headers: ClassVar[Mapping[str, str]]
    refuses: ClassVar[bool]

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return []

    def check(self) -> Health:
        return Health("us")

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        there = format_datetime(now() - self.is_behind_us, usegmt=True)
        answer = httpx.Response(200, headers={"Date": there, **self.headers})
        for look_at in self.http.event_hooks["response"]:
            look_at(answer)
        if self.refuses:
            raise PermanentError("The signature is too old.")
        yield Page([], {})


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listening]:
    Timed.is_behind_us, Timed.headers, Timed.refuses, Timed.tells_time = timedelta(0), {}, False, True
    known = {**registry.connector_classes(), "timed": Timed}
    monkeypatch.setattr(registry, "connector_classes", lambda: known)
    with ThreadPoolExecutor(1) as writers:
        yield _heard(make_account(kind="timed"), writers)
        writers.submit(lambda: connection.close()).result()  # the thread's own


def _heard(account: ChannelAccount, writers: Executor) -> Listening:
    AccountHealth.objects.get_or_create(account=account)
    return Listening(account, writers)


def told() -> list[str]:
    return list(Event.objects.filter(name__startswith="account.clock_").order_by("pk").values_list("name", flat=True))


def test_it_is_noticed_once_and_an_administrator_is_told(listening: Listening) -> None:
    Timed.is_behind_us = timedelta(minutes=5)
    listening.round()
    listening.round()
    assert told() == ["account.clock_differs"]
    assert AccountHealth.objects.get().clock_differs_since is not None
    keep_notices(list(Event.objects.filter(name="account.clock_differs")))
    notice = Notice.objects.get()
    assert (notice.kind, notice.settled_at) == (Notice.Kind.CLOCK_DIFFERS, None)
    assert listening.account.name in notice.text
    assert re.search(r"avance de (299|300|301) secondes", in_words(notice.reason))


def test_it_is_settled_once_the_clocks_agree_again(listening: Listening) -> None:
    Timed.is_behind_us = timedelta(minutes=-5)
    listening.round()
    Timed.is_behind_us = timedelta(seconds=20)
    listening.round()
    assert told() == ["account.clock_differs", "account.clock_agrees"]
    assert AccountHealth.objects.get().clock_differs_since is None
    keep_notices(list(Event.objects.order_by("pk")))
    assert Notice.objects.get().settled_at is not None


def test_it_is_noticed_also_where_the_network_refuses_because_of_it(listening: Listening) -> None:
    Timed.is_behind_us, Timed.refuses = timedelta(minutes=5), True
    listening.round()
    assert told() == ["account.clock_differs"]


@pytest.mark.parametrize(
    ("headers", "tells_time"), [({"Age": "300"}, True), ({}, False)], ids=["kept on its way", "anybody's web server"]
)
def test_an_answer_that_says_nothing_of_the_present_alarms_nobody(
    headers: Mapping[str, str], tells_time: bool, listening: Listening
) -> None:
    Timed.is_behind_us, Timed.headers, Timed.tells_time = timedelta(minutes=5), headers, tells_time
    listening.round()
    assert told() == []
