"""Two contacts become one, and two again."""

from __future__ import annotations

import pytest

from comptoir.connectors.base import Author, EventKind, NetworkEvent
from comptoir.contacts.models import Contact
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.desk.contact_merging import MergeUndoneError, SamePersonError, merge_contacts, undo_merge
from comptoir.desk.contact_suggestions import likely_same
from comptoir.desk.errors import EmptyTextError
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming
from tests.processes import run_side_by_side

WHY = "Même commande, confirmé au téléphone"


@pytest.fixture
def pair(db: None) -> tuple[Contact, Contact]:
    one = make_identity(channel="email", external_id="lea@example.org", name="Léa")
    other = make_identity(channel="bluesky", external_id="did:1", name="lea.example")
    make_incoming(make_conversation(identity=one))
    make_incoming(make_conversation(identity=other))
    return one.contact, other.contact


def test_everything_of_the_one_is_the_others(pair: tuple[Contact, Contact]) -> None:
    kept, gone = pair
    merge_contacts(kept.pk, gone.pk, reason=WHY, by=make_agent())
    assert kept.identities.count() == kept.conversations.count() == 2
    gone.refresh_from_db()
    assert gone.merged_into == kept


def test_it_is_recorded_with_its_reason(pair: tuple[Contact, Contact]) -> None:
    merge_contacts(pair[0].pk, pair[1].pk, reason=WHY, by=make_agent())
    assert Event.objects.get(name="contact.merged").reason == WHY


def test_without_a_reason_nobody_is_merged(pair: tuple[Contact, Contact]) -> None:
    with pytest.raises(EmptyTextError):
        merge_contacts(pair[0].pk, pair[1].pk, reason="  ", by=None)


def test_what_is_known_fills_only_what_is_not(pair: tuple[Contact, Contact]) -> None:
    kept, gone = pair
    Contact.objects.filter(pk=kept.pk).update(attributes={"ville": "Nantes"}, tags=["fidèle"], language="fr")
    Contact.objects.filter(pk=gone.pk).update(
        attributes={"ville": "Brest", "carte": "12"}, tags=["pro"], language="br", about="Appelle le matin"
    )
    merge_contacts(kept.pk, gone.pk, reason=WHY, by=None)
    kept.refresh_from_db()
    assert kept.attributes == {"ville": "Nantes", "carte": "12"}
    assert (kept.tags, kept.language, kept.about) == (["fidèle", "pro"], "fr", "Appelle le matin")


def test_nobody_is_merged_with_themselves_or_twice(pair: tuple[Contact, Contact]) -> None:
    kept, gone = pair
    with pytest.raises(SamePersonError):
        merge_contacts(kept.pk, kept.pk, reason=WHY, by=None)
    merge_contacts(kept.pk, gone.pk, reason=WHY, by=None)
    with pytest.raises(SamePersonError):
        merge_contacts(kept.pk, gone.pk, reason=WHY, by=None)


def test_undone_each_has_their_own_again(pair: tuple[Contact, Contact]) -> None:
    kept, gone = pair
    merge = merge_contacts(kept.pk, gone.pk, reason=WHY, by=None)
    undo_merge(merge.pk, by=None)
    assert [one.identities.count() for one in pair] == [one.conversations.count() for one in pair] == [1, 1]


def test_what_was_written_since_goes_back_with_whoever_wrote_it(pair: tuple[Contact, Contact]) -> None:
    kept, gone = pair
    theirs = gone.identities.get()
    merge = merge_contacts(kept.pk, gone.pk, reason=WHY, by=None)
    since = make_conversation(identity=theirs)
    assert since.contact == kept or Conversation.objects.filter(pk=since.pk).update(contact=kept)
    undo_merge(merge.pk, by=None)
    since.refresh_from_db()
    assert since.contact == gone


def test_it_is_undone_once(pair: tuple[Contact, Contact]) -> None:
    merge = merge_contacts(pair[0].pk, pair[1].pk, reason=WHY, by=None)
    undo_merge(merge.pk, by=None)
    with pytest.raises(MergeUndoneError):
        undo_merge(merge.pk, by=None)


def test_after_being_undone_they_can_be_merged_the_other_way(pair: tuple[Contact, Contact]) -> None:
    kept, gone = pair
    undo_merge(merge_contacts(kept.pk, gone.pk, reason=WHY, by=None).pk, by=None)
    merge_contacts(gone.pk, kept.pk, reason=WHY, by=None)
    assert gone.identities.count() == 2


# --- who may be the same ------------------------------------------------------------------------------------------


def test_an_address_that_both_gave_is_a_reason_to_look(db: None) -> None:
    mail = make_identity(channel="email", external_id="lea@example.org")
    chat = make_identity(channel="chat", external_id="v-1", handle="lea@example.org")
    (found,) = likely_same(mail.contact)
    assert (found.contact, found.is_proven) == (chat.contact, False)


def test_an_address_that_the_site_signed_is_proof(db: None) -> None:
    mail = make_identity(channel="email", external_id="lea@example.org")
    make_identity(channel="chat", external_id="4711", scope="key", handle="lea@example.org")
    assert likely_same(mail.contact)[0].is_proven


def test_the_same_name_is_no_reason(db: None) -> None:
    one = make_identity(channel="email", external_id="a@example.org", name="Jean Martin")
    make_identity(channel="email", external_id="b@example.org", name="Jean Martin")
    assert likely_same(one.contact) == []


# --- while they write ---------------------------------------------------------------------------------------------


def write(account_id: int, person: str, number: int) -> None:
    from comptoir.channels.models import ChannelAccount

    account = ChannelAccount.objects.get(pk=account_id)
    for turn in range(8):
        said = NetworkEvent(
            event=EventKind.MESSAGE, direction="incoming", visibility="private", external_id=f"m-{number}-{turn}",
            thread_id=f"t-{number}-{turn}", author=Author(id=person), text="Bonjour", sent_at=now(),
        )  # fmt: skip
        receive(account, [said])


def merge_and_part(_account_id: int, kept: int, gone: int) -> None:
    for _turn in range(4):
        undo_merge(merge_contacts(kept, gone, reason=WHY, by=None).pk, by=None)
    merge_contacts(kept, gone, reason=WHY, by=None)


def either(act: str, *arguments: int) -> None:
    if act == "merge":
        merge_and_part(*arguments)
    else:
        write(arguments[0], "did:1", arguments[1])


@pytest.mark.django_db(transaction=True)
def test_what_arrives_meanwhile_belongs_to_whoever_they_are_in_the_end() -> None:
    account = make_account(kind="fake", own_id="us")
    kept = make_identity(channel="fake", external_id="did:0").contact
    gone = make_identity(channel="fake", external_id="did:1").contact
    each = [("merge", account.pk, kept.pk, gone.pk), *(("write", account.pk, number) for number in range(3))]
    run_side_by_side(either, each, seconds=90)
    assert set(Conversation.objects.values_list("contact", flat=True)) == {kept.pk}
    assert Conversation.objects.count() == 24
