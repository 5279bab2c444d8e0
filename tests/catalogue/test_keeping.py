"""The index that every process of a machine maps: made by one, taken by all, made anew where it does not fit."""

from __future__ import annotations

import os
import signal
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from comptoir.catalogue.editing import retire_entry
from comptoir.catalogue.edition import edition, note_change
from comptoir.catalogue.models import CatalogueEdition, TextVector
from comptoir.catalogue.searching import at_hand, keeping
from comptoir.catalogue.searching.at_hand import AT_HAND, AtHand
from comptoir.catalogue.searching.finding import find_entries
from comptoir.catalogue.searching.keeping import kept_shelf, reading_alone
from comptoir.catalogue.searching.reading import read_catalogue
from comptoir.understanding.embedding.loading import meaning_embedder
from tests.catalogue.entries import make_entry
from tests.processes import run_side_by_side, started

TODAY = date(2026, 11, 29)


@pytest.fixture(autouse=True)
def another_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each test on a machine where nothing is kept, in a process that has nothing at hand."""
    monkeypatch.setattr(settings, "CACHE_DIR", tmp_path)
    monkeypatch.setattr(AT_HAND, "_shelf", None)


def folders() -> list[str]:
    return sorted(path.name for path in (Path(settings.CACHE_DIR) / "catalogue").glob("*/"))


def found(text: str) -> list[int]:
    return [match.entry_id for match in find_entries(text, uses=("service",), on=TODAY).matches]


def no_rows() -> None:
    raise AssertionError("the rows are read again")


@pytest.mark.django_db
def test_the_next_process_maps_what_was_read_and_reads_no_rows(monkeypatch: pytest.MonkeyPatch):
    parcel, _hours = make_entry(question="Où est mon colis ?"), make_entry(question="Quels sont vos horaires ?")
    read_catalogue()
    monkeypatch.setattr(at_hand, "catalogue_rows", no_rows)
    assert found("toujours pas de paquet")[0] == parcel.pk


@pytest.mark.django_db
def test_what_was_read_takes_the_place_of_what_was_read_before():
    make_entry(question="Où est mon colis ?")
    read_catalogue()
    before = folders()
    make_entry(question="Quels sont vos horaires ?")
    read_catalogue()
    assert len(folders()) == 1
    assert folders() != before


@pytest.mark.django_db
def test_what_nobody_has_changed_is_not_read_again(monkeypatch: pytest.MonkeyPatch):
    make_entry(question="Où est mon colis ?", phrasings=("mon paquet n’arrive pas",))
    read_catalogue()
    TextVector.objects.all().delete()
    make_entry(question="Livrez-vous en Belgique ?")
    read: list[str] = []
    embed = type(meaning_embedder()).embed
    monkeypatch.setattr(type(meaning_embedder()), "embed", lambda self, texts: read.extend(texts) or embed(self, texts))
    read_catalogue()
    assert "Belgique" in " ".join(read)
    assert "paquet" not in " ".join(read)


@pytest.mark.django_db
def test_an_index_of_another_embedder_is_made_anew(monkeypatch: pytest.MonkeyPatch):
    parcel = make_entry(question="Où est mon colis ?")
    read_catalogue()
    for module in ("keeping", "reading"):
        monkeypatch.setattr(f"comptoir.catalogue.searching.{module}.meaning_embedder_name", lambda: "use:next")
    assert kept_shelf(edition().mark) is None
    read_catalogue()
    assert kept_shelf(edition().mark) is not None
    assert set(TextVector.objects.values_list("embedder", flat=True)) == {"use:next"}
    assert found("mon colis") == [parcel.pk]


@pytest.mark.django_db
def test_an_index_that_another_version_has_written_is_made_anew(monkeypatch: pytest.MonkeyPatch):
    parcel = make_entry(question="Où est mon colis ?")
    read_catalogue()
    monkeypatch.setattr(keeping, "FORMAT", keeping.FORMAT + 1)
    assert kept_shelf(edition().mark) is None
    assert found("mon colis") == [parcel.pk], "a small one is made at once meanwhile"
    read_catalogue()
    assert kept_shelf(edition().mark) is not None


@pytest.mark.django_db
def test_an_index_that_was_damaged_is_made_anew():
    parcel = make_entry(question="Où est mon colis ?")
    read_catalogue()
    (folder,) = folders()
    os.truncate(Path(settings.CACHE_DIR) / "catalogue" / folder / "heads.npy", 100)
    assert kept_shelf(edition().mark) is None
    read_catalogue()
    assert kept_shelf(edition().mark) is not None
    assert found("mon colis") == [parcel.pk]


@pytest.mark.django_db
def test_where_nothing_can_be_written_meaning_finds_all_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    parcel = make_entry(question="Où est mon colis ?")
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr(settings, "CACHE_DIR", tmp_path / "file")
    read_catalogue()
    assert edition().is_read
    answer = find_entries("mon paquet n'arrive pas", uses=("service",), on=TODAY)
    assert (answer.by_meaning, [match.entry_id for match in answer.matches]) == (True, [parcel.pk])


@pytest.mark.django_db
def test_after_a_backup_was_restored_the_same_number_is_another_change():
    parcel = make_entry(question="Où est mon colis ?")
    read_catalogue()
    number = edition().number
    retire_entry(parcel.pk, by=None)
    hours = make_entry(question="Quels sont vos horaires ?")
    CatalogueEdition.objects.update(number=number, read_number=number)
    read_catalogue()
    assert found("mon colis") == [hours.pk], "and nothing of what was kept under that number"


@pytest.mark.django_db
def test_a_reading_that_was_overtaken_says_nothing(monkeypatch: pytest.MonkeyPatch):
    make_entry(question="Où est mon colis ?")
    before = edition()
    note_change()
    read_catalogue()
    after = edition()
    monkeypatch.setattr("comptoir.catalogue.searching.reading.edition", lambda: before)
    read_catalogue()
    assert edition() == after


@pytest.mark.django_db(transaction=True)
def test_processes_that_read_at_once_make_one_index_that_all_of_them_find_with():
    parcel = make_entry(question="Où est mon colis ?")
    run_side_by_side(read_and_find, [(parcel.pk,)] * 3, seconds=120)
    assert folders() == [edition().mark.hex]


def read_and_find(entry_id: int) -> None:
    read_catalogue()
    assert found("mon paquet") == [entry_id]


@pytest.mark.django_db(transaction=True)
def test_a_reader_that_is_killed_leaves_its_turn_to_the_next():
    make_entry(question="Où est mon colis ?")
    with reading_alone():
        reader = started(read_catalogue)
        reader.join(0.5)
        assert reader.is_alive(), "it waits for its turn"
    reader.kill()
    reader.join(10)
    assert reader.exitcode in (0, -signal.SIGKILL)
    read_catalogue()
    assert edition().is_read
    assert folders() == [edition().mark.hex]


@pytest.mark.django_db(transaction=True)
def test_a_large_catalogue_that_is_not_kept_here_is_read_apart_and_taken(monkeypatch: pytest.MonkeyPatch):
    parcel = make_entry(question="Où est mon colis ?")
    asked: list[str] = []
    monkeypatch.setattr(at_hand, "_AT_ONCE", 0)
    monkeypatch.setattr(at_hand, "do_apart", lambda name: asked.append(name) or read_catalogue())
    mine = AtHand()
    assert mine.shelf() is None
    while mine._is_being_made:
        mine.shelf()
    shelf = mine.shelf()
    assert shelf is not None
    assert (asked, shelf.rows.ids.tolist()) == (["catalogue.read"], [parcel.pk])


@pytest.mark.django_db(transaction=True)
def test_where_the_reader_cannot_start_words_find_and_it_is_tried_again_later(monkeypatch: pytest.MonkeyPatch):
    make_entry(question="Où est mon colis ?")
    tries: list[str] = []

    def refuse(name: str) -> None:
        tries.append(name)
        raise at_hand.ApartError(name, 1)

    monkeypatch.setattr(at_hand, "_AT_ONCE", 0)
    monkeypatch.setattr(at_hand, "do_apart", refuse)
    mine = AtHand()
    while not mine._not_before:
        assert mine.shelf() is None
    mine.shelf()
    assert len(tries) == 1
    mine._not_before = 0.0
    mine.shelf()
    while not mine._not_before:
        pass
    assert len(tries) == 2
