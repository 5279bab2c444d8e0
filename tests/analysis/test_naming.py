"""Products and places that messages name: listed per brand, read with each message, and what lists are narrowed by."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from comptoir.analysis.backlog import ask_to_read
from comptoir.analysis.deepening import read_on
from comptoir.analysis.errors import NotAListError
from comptoir.analysis.models import KnownName, NamedInMessage
from comptoir.analysis.name_lists import Listed, read_list
from comptoir.analysis.naming import list_names, name_again, strike_name
from comptoir.brands.models import Brand
from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.events.models import Event
from comptoir.events.record import SYSTEM
from comptoir.understanding.workshop import Workshop
from comptoir.web.queries.inbox import InboxFilters
from tests.factories import make_account, make_agent, make_brand, make_conversation, make_incoming
from tests.web.conftest import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]

HALO, LYON = Listed("product", "Lampe Halo", ("halo light",)), Listed("place", "Lyon Part-Dieu")


@pytest.fixture
def account() -> ChannelAccount:
    return make_account()


def say(account: ChannelAccount, text: str) -> Message:
    return make_incoming(make_conversation(account=account), text=text)


def read(*messages: Message) -> None:
    ask_to_read({one.pk for one in messages}, again=True)
    read_on(Workshop())


def named(message: Message) -> list[str]:
    return sorted(NamedInMessage.objects.filter(message=message).values_list("name__name", flat=True))


def test_what_a_message_names_is_kept_with_its_reading(account: ChannelAccount) -> None:
    list_names(account.brand_id, [HALO, LYON], by=SYSTEM)
    message = say(account, "Ma lanpe halo de la boutique de Lyon Part Dieu grésille")
    read(message)
    assert named(message) == ["Lampe Halo", "Lyon Part-Dieu"]


def test_another_spelling_names_the_same(account: ChannelAccount) -> None:
    list_names(account.brand_id, [HALO], by=SYSTEM)
    message = say(account, "my halo light is broken")
    read(message)
    assert named(message) == ["Lampe Halo"]


def test_another_brands_products_are_not_looked_for(account: ChannelAccount) -> None:
    list_names(make_brand().pk, [HALO], by=SYSTEM)
    message = say(account, "Ma lampe Halo grésille")
    read(message)
    assert named(message) == []


def test_what_was_said_lately_is_looked_at_again_when_the_list_changes(account: ChannelAccount) -> None:
    message = say(account, "Ma lampe Halo grésille")
    list_names(account.brand_id, [HALO], by=SYSTEM)
    assert name_again(account.brand_id) == 1
    assert named(message) == ["Lampe Halo"]
    strike_name(KnownName.objects.get().pk, by=SYSTEM)
    name_again(account.brand_id)
    assert named(message) == []


def test_the_same_list_again_changes_nothing(account: ChannelAccount) -> None:
    assert list_names(account.brand_id, [HALO, HALO, LYON], by=SYSTEM) == (2, 0)
    assert list_names(account.brand_id, [HALO], by=SYSTEM) == (0, 0)
    assert list_names(account.brand_id, [Listed("product", "lampe halo", ("la Halo",))], by=SYSTEM) == (0, 1)
    assert KnownName.objects.get(kind="product").spellings == ["halo light", "la Halo"]
    assert Event.objects.filter(name="brand.names_listed").count() == 2


def test_the_database_keeps_one_of_each(account: ChannelAccount) -> None:
    list_names(account.brand_id, [HALO], by=SYSTEM)
    with pytest.raises(IntegrityError), transaction.atomic():
        KnownName.objects.create(brand_id=account.brand_id, kind="product", name="LAMPE HALO", changed_at=now())


def test_a_list_without_end_is_refused_whole(account: ChannelAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.analysis.naming.MOST_NAMES", 1)
    with pytest.raises(NotAListError):
        list_names(account.brand_id, [HALO, LYON], by=SYSTEM)
    assert not KnownName.objects.exists()


def test_lists_are_narrowed_to_a_product(account: ChannelAccount) -> None:
    list_names(account.brand_id, [HALO], by=SYSTEM)
    about, other = say(account, "Ma lampe Halo grésille"), say(account, "Ma chaise grince")
    read(about, other)
    filters = InboxFilters.read({"named": [str(KnownName.objects.get().pk)]})
    assert list(filters.narrow(Conversation.objects.all())) == [about.conversation]
    client = client_of(make_agent(role="administrator", language="en"))
    page = client.get(f"/inbox/all/?{filters.query}").content.decode()
    assert f"/conversations/{about.conversation_id}/" in page
    assert f"/conversations/{other.conversation_id}/" not in page


@pytest.mark.parametrize(
    "text",
    [
        "product;Lampe Halo;halo light\nplace;Lyon Part-Dieu",
        "kind,name,spellings\nproduit,Lampe Halo,halo light\nboutique,Lyon Part-Dieu,",
        "\ufeffproduct\tLampe Halo\thalo light\n\nmagasin\tLyon Part-Dieu",
    ],
)
def test_a_list_is_read_as_spreadsheets_write_it(text: str) -> None:
    assert read_list(text) == ([HALO, LYON], [])


def test_a_line_that_cannot_be_read_is_told_of_and_the_others_come_in() -> None:
    found, problems = read_list("product;Lampe Halo;halo light\ncolour;Rouge\nproduct;" + "x" * 200)
    assert found == [HALO]
    assert len(problems) == 2


def test_the_screen_takes_a_list_and_keeps_what_it_could_not_read() -> None:
    brand = make_brand()
    client = client_of(make_agent(role="administrator", language="en"))
    address = reverse("known_names", args=[brand.pk])
    page = client.post(address, {"lines": "product;Lampe Halo\ncolour;Rouge"})
    assert page.status_code == 422
    assert "colour;Rouge" in page.content.decode()
    assert Brand.objects.get(pk=brand.pk).known_names.get().name == "Lampe Halo"
    name = KnownName.objects.get()
    client.post(reverse("strike_name", args=[name.pk]))
    assert not KnownName.objects.exists()


def test_lines_may_end_as_old_spreadsheets_end_them() -> None:
    assert read_list("product;Lampe Halo;halo light\rplace;Lyon Part-Dieu\r") == (
        [HALO, Listed("place", LYON.name)],
        [],
    )


@pytest.mark.parametrize("lines", [1, 12_000])
def test_a_quotation_mark_that_is_never_closed_is_told_of(lines: int) -> None:
    found, problems = read_list('product;"Lampe Halo\n' + "product;Lampe\n" * lines)
    assert found == []
    assert "guillemet" in problems[0]
