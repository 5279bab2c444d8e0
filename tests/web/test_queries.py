"""What a screen asks of the database does not grow with what it shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.analysis.models import Correction, TrainedHeads
from comptoir.api.actions import create_token
from comptoir.conversations.models import Attachment, Note
from comptoir.core.clock import now
from comptoir.desk.actions import assign_conversation, tag_conversation
from comptoir.events.record import Actor, record
from comptoir.intake.models import RawDelivery
from comptoir.notifications.models import WebhookEndpoint
from comptoir.sla.actions import start_clocks
from tests.factories import (
    make_account,
    make_agent,
    make_analysis,
    make_brand,
    make_conversation,
    make_incoming,
    make_reason,
    make_team,
)
from tests.web import one_counter
from tests.web.conftest import Counter, client_of

counter = one_counter.counter

Fill = Callable[[Counter, int], None]


def conversations(counter: Counter, count: int) -> None:
    for _number in range(count):
        one = make_conversation(account=counter.account, assignee=make_agent(teams=[counter.team]))
        make_analysis(make_incoming(one), reason=make_reason())
        start_clocks({one.pk: now()})


def messages(counter: Counter, count: int) -> None:
    for number in range(count):
        message = make_incoming(counter.conversation)
        make_analysis(message, reason=make_reason())
        Attachment.objects.create(message=message, kind="file", state="linked", source_url="https://example.org/a")
        Note.objects.create(conversation=counter.conversation, agent=counter.people["expert"], text="Vu")
        assign_conversation(counter.conversation.pk, to=counter.people[("agent", "supervisor")[number % 2]], by=None)
        tag_conversation(counter.conversation.pk, name=f"mot {number}", by=counter.people["agent"])
        make_conversation(identity=counter.conversation.identity, account=counter.account)


def reasons(counter: Counter, count: int) -> None:
    """Reasons with examples, and corrections of messages."""
    for number in range(count):
        make_reason(examples=["Où est mon colis ?"])
        message = make_incoming(counter.conversation)
        agent = make_agent()
        Correction.objects.create(message=message, figure="urgency", before=0, after=2, agent=agent, at=now())
        TrainedHeads.objects.create(
            figure="urgency", form="full", is_kept=False, learnt_from=number, last_correction=number, trained_at=now(),
            texts=1, corrected=1, share_before=1, share_after=1, corrected_before=1, corrected_after=1,
        )  # fmt: skip


def accounts(counter: Counter, count: int) -> None:
    for _number in range(count):
        make_account()


def people(counter: Counter, count: int) -> None:
    for _number in range(count):
        make_agent(teams=[counter.team])


def deliveries(counter: Counter, count: int) -> None:
    for _number in range(count):
        RawDelivery.objects.create(account=counter.account, body=b"{}", state="set_aside", reason="illisible")


def happenings(counter: Counter, count: int) -> None:
    for number in range(count):
        who = make_agent(teams=[counter.team])
        record(
            ("agent.changed", "team.changed")[number % 2],
            subject=(who, counter.team)[number % 2],
            by=Actor("agent", who.pk),
        )


def programs(counter: Counter, count: int) -> None:
    for _number in range(count):
        create_token(name="CRM", agent=make_agent(), scopes=["events:read"])
        endpoint = WebhookEndpoint(url="https://crm.example/ici")
        endpoint.secret = "whsec_x"
        endpoint.save()


def brands_and_teams(counter: Counter, count: int) -> None:
    for _number in range(count):
        make_account(brand=make_brand(), team=make_team())


SCREENS: dict[str, tuple[Fill, int]] = {
    "/inbox/all/": (conversations, 12),
    "/inbox/unassigned/": (conversations, 12),
    "/inbox/all/?sort=waiting": (conversations, 12),
    "/inbox/mine/": (conversations, 11),
    "/inbox/all/?sort=promise&text=o": (conversations, 13),
    "/inbox/to-see-to/": (conversations, 12),
    "/inbox/all/filters/": (conversations, 13),
    "/inbox/counts/": (conversations, 6),
    "/inbox/all/page/": (conversations, 6),
    "/conversations/{pk}/": (messages, 26),
    "/conversations/{pk}/head/": (messages, 6),
    "/conversations/{pk}/receivers/": (people, 7),
    "/conversations/{pk}/macros/": (people, 5),
    "/conversations/{pk}/person/": (messages, 10),
    "/conversations/{pk}/composer/": (messages, 7),
    "/conversations/{pk}/tags/": (messages, 6),
    "/conversations/{pk}/merge/": (messages, 7),
    "/conversations/{pk}/split/": (messages, 7),
    "/bulk/bar/": (people, 5),
    "/conversations/{pk}/exchange/": (messages, 10),
    "/contact-reasons/": (reasons, 7),
    "/readings/": (reasons, 12),
    "/accounts/": (accounts, 6),
    "/people/": (people, 9),
    "/colleagues/": (people, 9),
    "/teams/": (brands_and_teams, 6),
    "/brands/": (brands_and_teams, 6),
    "/tokens/": (programs, 7),
    "/webhooks/": (programs, 6),
    "/record/": (happenings, 10),
    "/deliveries/": (deliveries, 9),
}


@pytest.mark.parametrize("address", SCREENS)
def test_a_screen_asks_as_much_for_thirty_rows_as_for_three(counter: Counter, address: str) -> None:
    fill, ceiling = SCREENS[address]
    client = client_of(counter.people["administrator"])
    address = address.format(pk=counter.conversation.pk)
    fill(counter, 3)
    few = _asked(client, address)
    fill(counter, 27)
    many = _asked(client, address)
    assert len(many) == len(few)
    assert len(few) <= ceiling, "\n".join(few)


def _asked(client: object, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200  # type: ignore[attr-defined]  # a test client
    return [query["sql"] for query in asked.captured_queries]


def test_a_window_of_a_long_exchange_shows_thirty_messages(counter: Counter) -> None:
    for number in range(50):
        make_incoming(counter.conversation, sent_at=now() - timedelta(hours=number + 1))
    page = client_of(counter.people["agent"]).get(f"/conversations/{counter.conversation.pk}/").content.decode()
    assert page.count('id="message-') == 30
    assert 'id="earlier"' in page
