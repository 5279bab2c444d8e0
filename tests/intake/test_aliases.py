"""One person under several ids of one network: a hidden number, an id made anew."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import Author, EventKind, NetworkEvent
from comptoir.contacts.models import Contact, ContactIdentity, IdentityAlias, IdentityLink
from comptoir.conversations.models import Conversation, Message
from comptoir.desk.contact_merging import merge_contacts
from comptoir.desk.contact_suggestions import likely_same
from comptoir.intake.actions import receive
from tests.factories import make_account, make_identity
from tests.processes import run_side_by_side

pytestmark = pytest.mark.django_db

_numbers = itertools.count(1)


@pytest.fixture
def account(fake_network: Any) -> ChannelAccount:
    return make_account(own_id="us")


def said(identifier: str, *aliases: str, **more: Any) -> NetworkEvent:
    """Somebody's private words, in the exchange that is named after them."""
    author = Author(identifier, name="Léa", aliases=aliases)
    fields = {"external_id": f"m{next(_numbers)}", "thread_id": identifier, "text": "Bonjour", **more}
    return NetworkEvent(EventKind.MESSAGE, "incoming", "private", author=author, **fields)


def known() -> tuple[int, int, int]:
    return ContactIdentity.objects.count(), Contact.objects.count(), Conversation.objects.count()


def test_who_hides_their_number_stays_the_same_person_in_the_same_conversation(account: ChannelAccount) -> None:
    receive(account, [said("33600000001", "FR.1")])
    receive(account, [said("FR.1")])
    assert known() == (1, 1, 1)
    assert Message.objects.count() == 2
    assert Conversation.objects.get().thread_id == "33600000001"


def test_who_shows_their_number_later_stays_the_same_person(account: ChannelAccount) -> None:
    receive(account, [said("FR.1")])
    receive(account, [said("33600000001", "FR.1")])
    receive(account, [said("33600000001")])
    assert known() == (1, 1, 1)
    assert ContactIdentity.objects.get().external_id == "FR.1"


def test_two_names_within_one_batch_are_one_person(account: ChannelAccount) -> None:
    receive(account, [said("33600000001", "FR.1"), said("FR.1"), said("FR.1", "33600000001")])
    assert known() == (1, 1, 1)
    assert [alias.external_id for alias in IdentityAlias.objects.all()] == ["FR.1"]


def test_an_id_made_anew_is_known_by_what_the_network_tells_of_it(account: ChannelAccount) -> None:
    receive(account, [said("33600000001", "FR.1")])
    changed = Author("33600000001", aliases=("FR.1", "33600000009", "FR.2"))
    receive(account, [NetworkEvent(EventKind.IGNORED, author=changed, reason="changed")])
    receive(account, [said("33600000009", "FR.2"), said("FR.2")])
    assert known() == (1, 1, 1)


def test_what_is_told_of_somebody_who_never_wrote_makes_nobody(account: ChannelAccount) -> None:
    receive(account, [NetworkEvent(EventKind.IGNORED, author=Author("1", aliases=("2",)), reason="changed")])
    assert known() == (0, 0, 0)
    assert not IdentityAlias.objects.exists()


def test_two_people_who_both_wrote_before_stay_two(account: ChannelAccount) -> None:
    receive(account, [said("33600000001"), said("FR.1")])
    receive(account, [said("33600000001", "FR.1")])
    assert known() == (2, 2, 2)
    assert not IdentityAlias.objects.exists()


def test_two_people_whom_the_network_names_as_one_are_suggested_to_be(account: ChannelAccount) -> None:
    receive(account, [said("33600000001"), said("FR.1")])
    receive(account, [said("33600000001", "FR.1")])
    receive(account, [said("FR.1", "33600000001")])
    assert IdentityLink.objects.count() == 1
    first, second = Contact.objects.order_by("pk")
    for contact, other in ((first, second), (second, first)):
        [suggested] = likely_same(contact)
        assert (suggested.contact, suggested.is_proven) == (other, True)
        assert "33600000001" in suggested.reason
        assert "FR.1" in suggested.reason


def test_an_alias_that_is_somebody_elses_links_them_too(account: ChannelAccount) -> None:
    receive(account, [said("33600000001", "FR.1"), said("33600000002")])
    receive(account, [said("33600000002", "FR.1")])
    first, second = Contact.objects.order_by("pk")
    assert [one.contact for one in likely_same(first)] == [second]


def test_who_was_made_one_is_not_suggested_again(account: ChannelAccount) -> None:
    receive(account, [said("33600000001"), said("FR.1")])
    receive(account, [said("33600000001", "FR.1")])
    first, second = Contact.objects.order_by("pk")
    merge_contacts(first.pk, second.pk, reason="WhatsApp", by=None)
    assert likely_same(first) == []


def test_an_alias_holds_for_its_network_alone(account: ChannelAccount) -> None:
    receive(account, [said("33600000001", "FR.1")])
    make_identity(channel="other", external_id="FR.1")
    other = make_account(kind="fake_safe", brand=account.brand, team=account.team)
    receive(other, [said("FR.1")])
    assert ContactIdentity.objects.count() == 3


def test_a_message_in_a_group_stays_in_the_group(account: ChannelAccount) -> None:
    receive(account, [said("33600000001", "FR.1", thread_id="group-1")])
    receive(account, [said("FR.1", thread_id="group-1")])
    assert Conversation.objects.get().thread_id == "group-1"


def test_an_answer_written_elsewhere_finds_the_person_by_any_id(account: ChannelAccount) -> None:
    receive(account, [said("33600000001", "FR.1")])
    echo = NetworkEvent(
        EventKind.MESSAGE, "outgoing", "private", external_id="e1", thread_id="FR.1", author=Author("us"),
        counterpart=Author("FR.1"), text="Bonjour Léa",
    )  # fmt: skip
    receive(account, [echo])
    assert known() == (1, 1, 1)
    assert Message.objects.outgoing().count() == 1


def _meet(account_id: int, number: int) -> None:
    names = ("33600000001", "FR.1", "FR.2")
    name = names[number % 3]
    others = tuple(one for one in names if one != name)
    account = ChannelAccount.objects.get(pk=account_id)
    receive(account, [said(name, *others, external_id=f"m{number}")])


@pytest.mark.django_db(transaction=True)
def test_processes_that_meet_a_stranger_under_different_names_make_one_person(fake_network: Any) -> None:
    first = make_account(own_id="us-1")
    accounts = [first, *(make_account(own_id=f"us-{n}", brand=first.brand, team=first.team) for n in range(2, 7))]
    run_side_by_side(_meet, [(account.pk, number) for number, account in enumerate(accounts)], seconds=60)
    assert (ContactIdentity.objects.count(), Contact.objects.count()) == (1, 1)
    assert IdentityAlias.objects.count() == 2
