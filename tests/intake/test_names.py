"""What people are called, as their networks tell more of them."""

from __future__ import annotations

import pytest
from django.utils import translation

from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import Author, EventKind, NetworkEvent
from comptoir.contacts.actions import edit_contact
from comptoir.contacts.models import Contact, ContactIdentity
from comptoir.events.record import SYSTEM
from comptoir.intake.actions import receive
from tests.factories import make_account

pytestmark = pytest.mark.django_db

BROWSER = "v-0f5b0cfbc7c91b0a7d59b975f332ebcef7dc3d1f"


def says(account: ChannelAccount, message: str, author: Author) -> Contact:
    event = NetworkEvent(
        EventKind.MESSAGE, "incoming", "private", message, thread_id="t", author=author, text="Bonjour"
    )
    receive(account, [event])
    return Contact.objects.get()


def test_somebody_who_leaves_their_name_later_is_called_by_it_from_then_on():
    account = make_account()
    assert says(account, "m1", Author("lea-17")).name == "lea-17"
    assert says(account, "m2", Author("lea-17", "lea@example.org")).name == "lea@example.org"
    assert says(account, "m3", Author("lea-17", "lea@example.org", "Léa Martin")).name == "Léa Martin"


def test_a_name_that_a_colleague_gave_stays():
    account = make_account()
    contact = says(account, "m1", Author("lea-17"))
    edit_contact(contact.pk, by=SYSTEM, name="Mme Martin", language="", about="", attributes={}, tags=[])
    assert says(account, "m2", Author("lea-17", name="Léa")).name == "Mme Martin"


def test_a_new_picture_takes_nobodys_name():
    account = make_account()
    says(account, "m1", Author("lea-17"))
    assert says(account, "m2", Author("lea-17", avatar_url="https://a.example/l.png")).name == "lea-17"


@pytest.mark.parametrize(("language", "shown"), [("fr", "Visiteur 3d1f"), ("en", "Visitor 3d1f")])
def test_a_visitor_without_a_name_is_not_called_by_the_digest_of_their_browser(language, shown):
    contact = says(make_account(kind="chat"), "m1", Author(BROWSER))
    assert contact.name == ""
    with translation.override(language):
        assert str(ContactIdentity.objects.get()) == shown


def test_a_customer_whom_the_site_signed_in_is_called_by_its_id_of_them():
    says(make_account(kind="chat"), "m1", Author("4711"))
    assert str(ContactIdentity.objects.get()) == "4711"


def test_whoever_wrote_without_a_name_and_an_id_is_nobody_known():
    says(make_account(), "m1", Author())
    with translation.override("en"):
        assert str(ContactIdentity.objects.get()) == "Unknown person"
