"""Whoever speaks for somebody else is not believed: where the network does not look, we do."""

from __future__ import annotations

import pytest

from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import NetworkEvent
from comptoir.conversations.models import Message
from comptoir.intake.actions import receive
from tests.factories import make_account
from tests.intake.events import change, echo, said

pytestmark = pytest.mark.django_db


def unseen(kind: str, target: str, **fields: object) -> NetworkEvent:
    return change(kind, target, direction="incoming", own_only=True, **fields)  # type: ignore[arg-type]  # fields of many types


def told(external_id: str) -> tuple[str, bool]:
    message = Message.objects.get(external_id=external_id)
    return message.text, message.deleted_at is not None


@pytest.mark.parametrize("apart", [True, False])
def test_what_somebody_said_is_changed_by_nobody_else(apart: bool) -> None:
    account = make_account(own_id="us")
    events = [
        said("1", "Bonjour", by="lea", visibility="public"),
        said("2", "Salut", by="tom", visibility="public"),
        unseen("edit", "1", by="tom", minutes=1, text="Je retire ma plainte"),
        unseen("delete", "1", by="tom", minutes=2),
        unseen("edit", "1", by="personne", minutes=3, text="Rien"),
    ]
    for batch in [[one] for one in events] if apart else [events]:
        receive(account, batch)
    assert told("1") == ("Bonjour", False)


def test_what_we_said_is_changed_by_no_customer() -> None:
    account = make_account(own_id="us")
    receive(account, [said("1"), echo("2", "Nous remboursons 10 €", minutes=1)])
    forged = [unseen("edit", "2", minutes=2, text="Nous remboursons 1000 €"), unseen("delete", "2", minutes=3)]
    receive(account, forged)
    assert told("2") == ("Nous remboursons 10 €", False)


@pytest.mark.parametrize("early", [True, False])
def test_people_change_their_own_words(early: bool) -> None:
    account = make_account(own_id="us")
    events = [said("1"), unseen("edit", "1", minutes=1, text="Bonsoir")]
    for one in reversed(events) if early else events:
        receive(account, [one])
    assert told("1") == ("Bonsoir", False)
    receive(account, [unseen("delete", "1", minutes=2)])
    assert told("1") == ("Bonsoir", True)


def test_we_change_our_own_words_elsewhere() -> None:
    account = make_account(own_id="us")
    receive(account, [said("1"), echo("2", minutes=1)])
    receive(account, [change("edit", "2", by="us", minutes=2, text="Voilà", direction="outgoing", own_only=True)])
    assert told("2") == ("Voilà", False)


def test_a_forged_early_change_is_not_applied_when_the_message_comes() -> None:
    account = make_account(own_id="us")
    receive(account, [unseen("edit", "1", by="tom", minutes=1, text="Rien")])
    receive(account, [said("1", "Bonjour", by="lea")])
    assert told("1") == ("Bonjour", False)


def customer_of(account: ChannelAccount) -> int:
    return Message.objects.get(account=account).conversation.contact_id


@pytest.mark.parametrize(
    ("kind", "field", "first", "other"),
    [("discourse", "site", "https://forum.lueur.example", "https://forum.canal.example"),
     ("wordpress", "site", "https://blogs.example/lueur", "https://blogs.example/canal"),
     ("mastodon", "instance", "social.example", "https://mastodon.example"),
     ("rss", "url", "https://lueur.example/feed", "https://canal.example/feed"),
     ("webhook", "secret", "s", "s")],
)  # fmt: skip
def test_the_same_id_on_another_server_is_another_person(kind: str, field: str, first: str, other: str) -> None:
    here, there = (make_account(kind=kind, credentials={field: value}) for value in (first, other))
    receive(here, [said("1", by="42")])
    receive(there, [said("1", by="42")])
    assert customer_of(here) != customer_of(there)


def test_two_accounts_on_one_server_meet_the_same_people() -> None:
    here = make_account(kind="discourse", credentials={"site": "https://Forum.example/"})
    there = make_account(kind="discourse", credentials={"site": "forum.example"})
    receive(here, [said("1", by="42")])
    receive(there, [said("2", by="42")])
    assert customer_of(here) == customer_of(there)


def test_systems_that_name_the_same_scope_share_their_people() -> None:
    here, there = (make_account(kind="webhook", credentials={"secret": "s"}) for _time in range(2))
    receive(here, [said("1", by="42", scope="crm")])
    receive(there, [said("1", by="42", scope="crm")])
    assert customer_of(here) == customer_of(there)
