"""Links to knowledge pages: checked when written, beside the answer in the composer, in its text by {link}."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from comptoir.catalogue.content import EntryRefusedError, Variant, is_page_address
from comptoir.catalogue.editing import rewrite_entry
from comptoir.catalogue.files.reading import read_file
from comptoir.catalogue.files.writing import FORMATS, written
from comptoir.catalogue.models import AnswerVariant
from comptoir.people.models import Agent
from tests.bot.deciding import decided, make_answerable, make_bot_account, make_question
from tests.catalogue.entries import content_of, make_entry
from tests.factories import make_agent
from tests.web.conftest import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]

PAGE = "https://aide.maison.example/livraison"
SAID = Variant("Tout est dit ici : {link}", "fr", link=PAGE)


@pytest.mark.parametrize("link", [PAGE, "http://a.example:8080/x?y=1#z", "https://example.com/caf%C3%A9,(1)"])
def test_an_address_of_a_page(link: str) -> None:
    assert is_page_address(link)


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "aide.example/x", "https://", "https://nodot/", "https://me:pw@a.example/", "ftp://a.example",
     "https://a.example/ b", "https://a.example/\"onclick", "https://a.example:99999/", "https://[::1", "x" * 600],
)  # fmt: skip
def test_no_address_of_a_page(link: str) -> None:
    assert not is_page_address(link)


def test_an_entry_with_a_broken_link_is_refused_beside_the_link() -> None:
    with pytest.raises(EntryRefusedError) as refused:
        make_entry(variants=(Variant("Bonjour", "fr", link="aide"),))
    assert [one.field for one in refused.value.problems] == ["variants/0/link"]


def test_a_text_that_says_link_needs_one() -> None:
    with pytest.raises(EntryRefusedError) as refused:
        make_entry(variants=(Variant("Voyez {link}", "fr"),))
    assert [one.field for one in refused.value.problems] == ["variants/0/link"]


def test_the_database_keeps_no_other_address() -> None:
    entry = make_entry()
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerVariant.objects.filter(entry=entry).update(link="javascript:alert(1)")


def test_the_bot_fills_it_in() -> None:
    decision = decided(make_question(make_bot_account()), make_answerable(variants=(SAID,)))
    assert decision.text == f"Tout est dit ici : {PAGE}"


def test_without_a_link_a_version_is_as_it_was_kept_before() -> None:
    content = content_of()
    entry = make_entry(question=content.question)
    assert "link" not in content.to_json()["variants"][0]
    assert rewrite_entry(entry.pk, content, by=None).number == 1


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_it_comes_out_and_in_again(form: str) -> None:
    entry = make_entry(variants=(Variant("Voyez {link}", "fr", link="https://a.example/x,(1)?y=2"),))
    assert entry.approved_version is not None
    text = "".join(written([(entry, entry.approved_version)], form, {}))
    line = read_file(text.encode(), name=f"entries.{form}").lines[0]
    assert line.given is not None
    assert line.given.fields["variants"][0].link == "https://a.example/x,(1)?y=2"


@pytest.fixture
def agent() -> Agent:
    return make_agent(role="administrator", language="en")


def test_the_entry_shows_it_and_its_form_keeps_it(agent: Agent) -> None:
    entry = make_entry(variants=(SAID,))
    client = client_of(agent)
    assert f'href="{PAGE}"' in client.get(reverse("entry", args=[entry.pk])).content.decode()
    assert PAGE in client.get(reverse("edit_entry", args=[entry.pk])).content.decode()


def test_a_scheme_in_capitals_is_kept_in_small_letters() -> None:
    entry = make_entry(variants=(Variant("Bonjour", "fr", link="Https://aide.example/X"),))
    assert entry.variants.get().link == "https://aide.example/X"
