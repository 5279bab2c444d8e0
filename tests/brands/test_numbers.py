"""The forms of a company's own numbers: written as people write them, found wherever they stand."""

from __future__ import annotations

import string

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from comptoir.analysis.backlog import ask_to_read
from comptoir.analysis.deepening import read_on
from comptoir.brands.models import Brand
from comptoir.brands.numbers import as_lines, forms_from, number_patterns
from comptoir.catalogue.filling import numbers_given
from comptoir.conversations.models import Message
from comptoir.delivery.actions import queue_reply
from comptoir.delivery.refusals import PersonalDataError
from comptoir.understanding.personal_data import personal_data
from comptoir.understanding.workshop import Workshop
from tests.factories import make_agent, make_brand, make_conversation, make_incoming
from tests.fake_network import FakeNetwork

SIGNS = st.sampled_from(["#", "@", "-", "/", ".", "(", "+", "A", "z", "é", "*"])
FORMS = st.text(SIGNS, min_size=3, max_size=20).filter(lambda form: form.count("#") + form.count("@") >= 3)


def written(form: str, draw: st.DataObject) -> str:
    """A number of that form."""
    choices = {"#": string.digits, "@": string.ascii_letters}
    return "".join(draw.draw(st.sampled_from(choices[sign])) if sign in choices else sign for sign in form)


@given(FORMS, st.data())
def test_a_number_of_the_form_is_found_and_no_part_of_a_longer_one(form: str, data: st.DataObject) -> None:
    number = written(form, data)
    patterns = number_patterns(Brand(order_forms=[form]))
    ((kind, pattern),) = patterns
    assert kind == "order"
    assert pattern.search(f"Bonjour {number} merci")
    if number[0].isalnum() and number[-1].isalnum():
        assert not pattern.search(f"x{number}") or pattern.search(f"x{number}").start() > 0  # type: ignore[union-attr]  # searched twice
    found = personal_data(f"Bonjour, {number} !", patterns=patterns)
    assert found[0].kind in {"order", "phone", "card", "address"}


@given(st.lists(FORMS.map(lambda form: form.strip()).filter(bool), max_size=10, unique=True))
def test_what_is_shown_is_read_as_the_same(forms: list[str]) -> None:
    assert forms_from(as_lines(forms)) == forms


@pytest.mark.parametrize("lines", ["CMD", "#-#", "#" * 41, "\n".join(f"A{number}-###" for number in range(11))])
def test_what_is_no_form_is_told(lines: str) -> None:
    with pytest.raises(ValidationError):
        forms_from(lines)


@pytest.mark.django_db
class TestOfOneBrand:
    @pytest.fixture
    def message(self) -> Message:
        conversation = make_conversation(is_public=True)
        brand = conversation.account.brand
        brand.order_forms, brand.customer_forms = ["LU@@@@"], ["MEMBRE ##-@"]
        brand.save()
        return make_incoming(conversation, text="Où en est luabcd ? Je suis membre 12-k.")

    def test_no_public_reply_leaves_with_one_unconfirmed(self, message: Message, fake_network: FakeNetwork) -> None:
        ask = {"by": make_agent(), "text": "Votre commande LUABCD est partie.", "visibility": "public"}
        with pytest.raises(PersonalDataError):
            queue_reply(message.conversation_id, **ask)
        assert queue_reply(message.conversation_id, **ask, personal_data_confirmed=True).pk

    def test_they_are_read_in_what_its_customers_write(self, message: Message, workshop: Workshop) -> None:
        ask_to_read([message.pk])
        read_on(workshop)
        message.refresh_from_db()
        found = {kind: message.text[start:end] for kind, start, end in message.analysis.personal_data}
        assert found == {"order": "luabcd", "customer": "membre 12-k"}

    def test_another_brands_are_none(self) -> None:
        assert number_patterns(make_brand()) == ()

    def test_they_fill_in_the_catalogues_answers(self, message: Message) -> None:
        known = numbers_given(message.text, number_patterns(message.account.brand))
        assert known == {"order_number": "luabcd", "customer_number": "membre 12-k"}
