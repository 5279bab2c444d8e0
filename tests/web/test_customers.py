"""The customer beside the exchange: what is written about them, and who else they are."""

from __future__ import annotations

import pytest

from comptoir.contacts.models import Contact, ContactMerge
from comptoir.conversations.indexing import catch_up
from comptoir.events.models import Event
from tests.factories import make_conversation, make_identity, make_team
from tests.web import one_counter
from tests.web.conftest import Counter, client_of, htmx

counter = one_counter.counter


def edit(counter: Counter, **fields: str) -> object:
    client = client_of(counter.people["agent"])
    return client.post(f"/conversations/{counter.conversation.pk}/customer/", fields, headers=htmx())


def contact_of(counter: Counter) -> Contact:
    return Contact.objects.get(pk=counter.conversation.contact_id)


def test_what_is_written_about_a_person_is_kept(counter: Counter) -> None:
    answer = edit(
        counter, name="Léa Martin", language="fr", about="Sourde : écrire.", details="Carte : 4411", tags="Pro, vip"
    )
    assert answer.status_code == 200
    contact = contact_of(counter)
    assert (contact.name, contact.about, contact.attributes) == ("Léa Martin", "Sourde : écrire.", {"Carte": "4411"})
    assert contact.tags == ["pro", "vip"]
    assert Event.objects.get(name="contact.changed").details["fields"] == [
        "name",
        "language",
        "about",
        "attributes",
        "tags",
    ]


def test_a_detail_that_cannot_be_read_is_refused_and_stays_in_the_form(counter: Counter) -> None:
    answer = edit(counter, name="Léa", details="sans deux-points")
    assert answer.status_code == 422
    assert "sans deux-points" in answer.content.decode()
    assert contact_of(counter).name != "Léa"


def test_a_hostile_name_is_shown_as_text(counter: Counter) -> None:
    answer = edit(counter, name="<script>alert(1)</script>", details="<b>: <i>")
    assert "<script>alert" not in answer.content.decode()


def test_a_name_has_the_mark_that_its_channel_has_in_the_list(counter: Counter) -> None:
    make_identity(channel="phone", contact=counter.conversation.identity.contact, handle="+33 6 39 98 00 00")
    page = client_of(counter.people["agent"]).get(f"/conversations/{counter.conversation.pk}/person/").content.decode()
    assert '<span class="mark-channel" aria-hidden="true">Tp</span>' in page


@pytest.fixture
def other(counter: Counter) -> Contact:
    """Somebody with the same address, whom the agent may read too."""
    counter.conversation.identity.channel, counter.conversation.identity.external_id = "email", "lea@example.org"
    counter.conversation.identity.save()
    chat = make_identity(channel="chat", external_id="v-1", handle="lea@example.org", name="Léa")
    make_conversation(identity=chat, team=counter.team)
    return chat.contact


def test_a_likely_same_person_is_offered_with_the_reason(counter: Counter, other: Contact) -> None:
    page = client_of(counter.people["agent"]).get(f"/conversations/{counter.conversation.pk}/person/").content.decode()
    assert "lea@example.org" in page
    assert f'name="gone" value="{other.pk}"' in page


def test_somebody_whom_the_agent_may_not_read_is_not_offered(counter: Counter) -> None:
    counter.conversation.identity.channel, counter.conversation.identity.external_id = "email", "lea@example.org"
    counter.conversation.identity.save()
    hidden = make_identity(channel="chat", external_id="v-1", handle="lea@example.org")
    make_conversation(identity=hidden, team=make_team(name="Ailleurs"))
    page = client_of(counter.people["agent"]).get(f"/conversations/{counter.conversation.pk}/person/").content.decode()
    assert 'name="gone"' not in page


def test_they_are_made_one_and_parted_again(counter: Counter, other: Contact) -> None:
    client, address = client_of(counter.people["agent"]), f"/conversations/{counter.conversation.pk}/customer/"
    client.post(f"{address}merge/", {"gone": other.pk, "reason": "Même adresse"}, headers=htmx())
    other.refresh_from_db()
    assert other.merged_into == contact_of(counter)
    answer = client.post(f"{address}part/", {"merge": ContactMerge.objects.get().pk}, headers=htmx())
    assert answer.status_code == 200
    other.refresh_from_db()
    assert other.merged_into is None


def find(counter: Counter, typed: str) -> str:
    client = client_of(counter.people["agent"])
    return client.get(f"/conversations/{counter.conversation.pk}/customer/find/", {"q": typed}).content.decode()


def test_another_customer_is_found_by_name_and_made_one_with_this(counter: Counter) -> None:
    mine = make_identity(channel="chat", external_id="v-2", name="Émile Quéré")
    make_conversation(identity=mine, team=counter.team)
    hidden = make_identity(channel="chat", external_id="v-3", name="Émile Quéré")
    make_conversation(identity=hidden, team=make_team(name="Ailleurs"))
    catch_up()
    page = find(counter, "emile quere")
    assert f'name="gone" value="{mine.contact_id}"' in page
    assert f'value="{hidden.contact_id}"' not in page
    client = client_of(counter.people["agent"])
    address = f"/conversations/{counter.conversation.pk}/customer/merge/"
    client.post(address, {"gone": mine.contact_id, "reason": "Même numéro de commande"}, headers=htmx())
    assert Contact.objects.get(pk=mine.contact_id).merged_into == contact_of(counter)


def test_the_customer_themselves_is_not_found_as_another(counter: Counter) -> None:
    counter.conversation.identity.name = "Émile Quéré"
    counter.conversation.identity.save()
    catch_up()
    page = find(counter, "quere")
    assert 'name="gone"' not in page
    assert "Aucun autre client" in page


def test_people_are_not_made_one_without_a_reason(counter: Counter, other: Contact) -> None:
    client = client_of(counter.people["agent"])
    address = f"/conversations/{counter.conversation.pk}/customer/merge/"
    assert client.post(address, {"gone": other.pk, "reason": " "}, headers=htmx()).status_code == 409
    other.refresh_from_db()
    assert other.merged_into is None


def test_a_stranger_is_not_merged_by_guessing_an_id(counter: Counter) -> None:
    hidden = make_conversation(team=make_team(name="Ailleurs")).contact
    client = client_of(counter.people["agent"])
    answer = client.post(
        f"/conversations/{counter.conversation.pk}/customer/merge/", {"gone": hidden.pk, "reason": "?"}, headers=htmx()
    )
    assert answer.status_code == 404
