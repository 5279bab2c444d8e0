"""People known before ids were told apart server by server, at the step that puts them in their place."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import Author, EventKind, NetworkEvent
from comptoir.contacts.models import Contact, ContactIdentity, IdentityLink
from comptoir.desk.contact_suggestions import likely_same
from comptoir.intake.actions import receive
from tests.factories import make_account, make_conversation, make_identity

pytestmark = pytest.mark.django_db


@pytest.fixture
def blog() -> ChannelAccount:
    return make_account(kind="wordpress", credentials={"site": "https://blog.example"})


def migrated() -> None:
    import_module("comptoir.contacts.migrations.0006_people_in_their_place").place_people(apps, None)


def known_before(account: ChannelAccount, external_id: str = "42") -> ContactIdentity:
    """Somebody whose id was not told from the same on another server."""
    identity = make_identity(channel=account.kind, external_id=external_id)
    make_conversation(account=account, identity=identity)
    return identity


def says(account: ChannelAccount, external_id: str = "42") -> None:
    author = Author(external_id, name="Léa")
    event = NetworkEvent(EventKind.COMMENT, "incoming", "public", "c1", thread_id="p1", author=author, text="Bonjour")
    receive(account, [event])


def test_who_is_known_from_one_place_stays_the_same_person_at_their_next_word(blog: ChannelAccount) -> None:
    identity = known_before(blog)
    migrated()
    says(blog)
    assert ContactIdentity.objects.get().pk == identity.pk
    assert Contact.objects.count() == 1


def test_who_was_met_again_since_is_suggested_to_be_the_same(blog: ChannelAccount) -> None:
    identity = known_before(blog)
    says(blog)
    migrated()
    migrated()
    identity.refresh_from_db()
    assert (identity.scope, ContactIdentity.objects.count(), IdentityLink.objects.count()) == ("", 2, 1)
    assert len(likely_same(identity.contact)) == 1


def test_one_id_met_on_two_servers_stays_as_it_is(blog: ChannelAccount) -> None:
    identity = known_before(blog)
    other = make_account(kind="wordpress", credentials={"site": "https://other.example"})
    make_conversation(account=other, identity=identity)
    migrated()
    identity.refresh_from_db()
    assert identity.scope == ""


def test_networks_that_number_their_people_once_are_left_alone() -> None:
    identity = known_before(make_account(kind="line"))
    migrated()
    identity.refresh_from_db()
    assert identity.scope == ""


def test_an_account_whose_credentials_cannot_be_read_keeps_its_people_as_they_are(blog: ChannelAccount) -> None:
    identity = known_before(blog)
    ChannelAccount.objects.filter(pk=blog.pk).update(encrypted_credentials=b"unreadable")
    migrated()
    identity.refresh_from_db()
    assert identity.scope == ""
