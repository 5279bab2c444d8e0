"""Finding entries: by meaning, by words, in whatever language; and what is kept so that it takes no time."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from comptoir.catalogue.content import Variant
from comptoir.catalogue.editing import retire_entry
from comptoir.catalogue.edition import edition
from comptoir.catalogue.models import CatalogueEntry, TextVector
from comptoir.catalogue.searching import at_hand
from comptoir.catalogue.searching.at_hand import AT_HAND
from comptoir.catalogue.searching.finding import find_entries, search_entries
from comptoir.catalogue.searching.reading import read_catalogue
from tests.catalogue.entries import make_draft, make_entry
from tests.factories import make_brand

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 29)


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each test on a machine where nothing is kept, in a process that has read nothing."""
    monkeypatch.setattr(settings, "CACHE_DIR", tmp_path)
    monkeypatch.setattr(AT_HAND, "_shelf", None)


def make_three() -> dict[str, CatalogueEntry]:
    return {
        "parcel": make_entry(
            answer="Votre colis est en route.", question="Où est mon colis ?",
            phrasings=("je n’ai pas reçu ma commande", "mon paquet n’arrive pas"),
        ),
        "refund": make_entry(
            answer="Nous vous remboursons sous 5 jours.", question="Comment être remboursé ?",
            phrasings=("je veux récupérer mon argent", "quand serai-je remboursée"),
        ),
        "hours": make_entry(
            answer="De 9 h à 18 h.", question="Quels sont vos horaires ?",
            phrasings=("vous fermez quand", "ouvert le samedi ?"),
        ),
    }  # fmt: skip


def found(text: str, **options: object) -> list[int]:
    options = {"uses": ("service",), "on": TODAY} | options
    return [match.entry_id for match in find_entries(text, **options).matches]  # type: ignore[arg-type]  # as given


def test_a_message_finds_the_entry_that_means_the_same():
    made = make_three()
    read_catalogue()
    answer = find_entries("Toujours pas de paquet dans ma boîte !", uses=("service",), on=TODAY)
    assert answer.matches[0].entry_id == made["parcel"].pk
    assert answer.matches[0].nearest == "mon paquet n’arrive pas"
    assert answer.by_meaning


def test_a_message_in_english_finds_french_entries():
    made = make_three()
    read_catalogue()
    assert found("When will I get my money back?")[0] == made["refund"].pk


def test_what_was_retired_drafted_or_has_ended_is_not_found():
    made = make_three()
    make_draft(question="Où est mon paquet ?")
    make_entry(question="Où est mon paquet ?", valid_until_on=TODAY - timedelta(days=1))
    retire_entry(made["hours"].pk, by=None)
    read_catalogue()
    assert set(found("Où est mon paquet ? Quels horaires ?", most=20)) == {made["parcel"].pk, made["refund"].pk}


def test_another_brands_and_other_uses_entries_are_not_found():
    brand, other = make_brand(), make_brand()
    own = make_entry(question="Où est mon colis ?", brand_id=brand.pk)
    make_entry(question="Où est mon colis ? Ailleurs", brand_id=other.pk)
    marketing = make_entry(question="Où est le jeu concours ?", uses=("marketing",))
    read_catalogue()
    assert found("où est mon colis", brand_id=brand.pk, most=9) == [own.pk]
    assert marketing.pk in found("où est mon colis", brand_id=brand.pk, uses=("marketing",), most=9)


def test_vectors_are_worked_out_once_and_forgotten_with_their_texts():
    made = make_three()
    read_catalogue()
    kept = set(TextVector.objects.values_list("pk", flat=True))
    read_catalogue()
    assert set(TextVector.objects.values_list("pk", flat=True)) == kept
    retire_entry(made["hours"].pk, by=None)
    read_catalogue()
    assert 0 < TextVector.objects.count() < len(kept)


def test_customers_words_are_not_kept():
    make_three()
    read_catalogue()
    count = TextVector.objects.count()
    found("Une phrase inouïe sur des kumquats")
    assert TextVector.objects.count() == count


def test_a_change_is_seen_once_its_texts_are_read():
    make_three()
    read_catalogue()
    found("horaires")
    late = make_entry(question="Livrez-vous en Belgique ?")
    assert late.pk not in found("Livrez-vous en Belgique ?")
    read_catalogue()
    assert found("Livrez-vous en Belgique ?")[0] == late.pk
    assert edition().is_read


def test_nothing_is_found_in_an_empty_catalogue_or_for_an_empty_message():
    assert found("bonjour") == []
    make_three()
    read_catalogue()
    assert found(" … ") == []


def test_while_a_large_catalogue_is_being_read_words_find(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    made = make_three()
    read_catalogue()
    monkeypatch.setattr(settings, "CACHE_DIR", tmp_path / "another machine")
    monkeypatch.setattr(at_hand, "_AT_ONCE", 0)
    monkeypatch.setattr(at_hand.AtHand, "_make_behind", lambda _self: None)
    answer = find_entries("remboursee quand ?", uses=("service",), on=TODAY)
    assert (answer.by_meaning, answer.matches[0].entry_id) == (False, made["refund"].pk)


def test_a_search_finds_words_of_answers_without_their_accents_and_meanings_besides():
    made = make_three()
    read_catalogue()
    assert search_entries(CatalogueEntry.objects.all(), "REMBOURSEE", on=TODAY)[0] == made["refund"].pk
    assert made["parcel"].pk in search_entries(CatalogueEntry.objects.all(), "package not delivered", on=TODAY)


def test_an_entry_with_answers_in_several_languages_is_compared_by_its_own():
    entry = make_entry(question="Où est mon colis ?", variants=(Variant("In transit", "en"), Variant("En route", "fr")))
    read_catalogue()
    assert found("où est mon colis")[0] == entry.pk
