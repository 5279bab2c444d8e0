"""Finding the entry of a catalogue that answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.understanding.embedding.loading import meaning_embedder
from comptoir.understanding.retrieval.calibration import calibrate
from comptoir.understanding.retrieval.confidence import coefficients, rank
from comptoir.understanding.retrieval.entries import CatalogueError, Entry, entries_of, read_catalogue
from comptoir.understanding.retrieval.index import MAX_PHRASINGS, Index
from comptoir.understanding.retrieval.plainer import plainer
from comptoir.understanding.retrieval.ranking import OPINIONS, ready

ENTRIES = [
    Entry(
        "opening",
        "Quels sont vos horaires d’ouverture ?",
        (
            "vous ouvrez à quelle heure ?",
            "c'est ouvert le dimanche ?",
            "vous fermez quand",
            "horaires svp",
            "ouvert ce lundi ?",
        ),
        "Nous sommes ouverts du lundi au samedi de 9 h à 19 h.",
        "fr",
    ),
    Entry(
        "parcel",
        "Où est mon colis ?",
        (
            "ma commande n'est pas arrivée",
            "suivre ma livraison",
            "où en est mon paquet",
            "numéro de suivi du colis",
            "pas reçu mon colis",
        ),
        "Le suivi de votre colis est dans votre compte, sous Mes commandes.",
        "fr",
    ),
    Entry(
        "refund",
        "Quand serai-je remboursé ?",
        (
            "je veux être remboursé",
            "délai de remboursement",
            "où est mon argent",
            "pas encore remboursée",
            "quand arrive le virement",
        ),
        "Le remboursement part sous cinq jours après réception du retour.",
        "fr",
    ),
]


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.build(ENTRIES, meaning_embedder())


def first(index: Index, text: str, language: str = "fr") -> str:
    (message,) = index.messages([text], [language])
    return index.entries[int(rank(index, message, coefficients()).places[0])].key


@pytest.mark.parametrize(
    ("text", "language", "key"),
    [
        ("A quelle heure fermez-vous le samedi ?", "fr", "opening"),
        ("koman suivr mon coli", "fr", "parcel"),
        ("jattend tjr mon remboursemen", "fr", "refund"),
        ("Where is my parcel?", "en", "parcel"),
        ("¿Cuándo me devuelven el dinero?", "es", "refund"),
    ],
)
def test_the_entry_is_found_however_it_is_asked(index: Index, text: str, language: str, key: str):
    assert first(index, text, language) == key


def test_a_text_left_out_no_longer_speaks_for_its_entry(index: Index):
    place = int(index.starts[1]) + 1
    message = index.of_own(place)
    whole, without = (rank(index, message, coefficients(), left_out) for left_out in (None, place))
    assert whole.nearest_text == place
    assert without.nearest_text != place
    assert without.signs[0] < whole.signs[0]


def test_an_entry_without_its_texts_is_not_named(index: Index):
    message = index.of_own(int(index.starts[1]))
    assert 1 not in rank(index, message, coefficients(), without=(1,)).places


def test_shares_are_of_one_whole_the_largest_first(index: Index):
    (message,) = index.messages(["bonjour, mon colis ?"], ["fr"])
    shares = rank(index, message, coefficients()).shares
    assert shares.sum() == pytest.approx(1.0, abs=1e-5)
    assert (np.diff(shares) <= 0).all()


def test_what_asks_is_believed_more_than_what_does_not(index: Index):
    calibration = calibrate(index, coefficients())
    asks, chats = index.messages(["Où est passé mon colis ?", "Il fait beau aujourd'hui"], ["fr", "fr"])
    sure = [calibration.confidence(rank(index, one, coefficients()).signs) for one in (asks, chats)]
    assert sure[0] > 0.5 > sure[1]


def test_what_is_asked_in_another_language_has_odds_of_its_own():
    found = coefficients()
    signs = found.sign_centre.copy()
    signs[-1] = 1.0
    plain = float((signs - found.sign_centre) / found.sign_spread @ found.signs + found.bias)
    assert found.leaning(signs) == pytest.approx(found.other_slope * plain + found.other_shift, abs=1e-4)


def test_what_is_near_to_everything_wins_nothing_by_it(index: Index):
    aware = ready(ENTRIES, meaning_embedder())
    assert index.crowding is None
    assert aware.crowding is not None
    assert aware.crowding.shape == (len(ENTRIES), len(OPINIONS))
    assert first(aware, "où en est mon colis") == "parcel"


def test_an_entry_alone_can_be_asked():
    index = Index.build(ENTRIES[:1], meaning_embedder())
    assert first(index, "vous ouvrez quand ?") == "opening"
    assert 0 <= calibrate(index, coefficients()).confidence(rank(index, index.of_own(0), coefficients()).signs) <= 1


def test_an_entry_in_signs_without_words_does_no_harm():
    odd = Entry("odd", "???", (), "1 2 3", "fr")
    index = Index.build([odd, *ENTRIES], meaning_embedder())
    calibrate(index, coefficients())
    assert first(index, "où est mon colis") == "parcel"


def test_more_phrasings_than_are_compared_are_left_aside():
    many = Entry("many", "Une question", tuple(f"phrase numéro {n}" for n in range(MAX_PHRASINGS + 40)), "Oui.", "fr")
    assert len(Index.build([many], meaning_embedder()).texts) == MAX_PHRASINGS + 1


def test_reading_is_told():
    steps: list[tuple[int, int]] = []
    Index.build(ENTRIES, meaning_embedder(), lambda done, total: steps.append((done, total)))
    assert steps[-1][0] == steps[-1][1]


def test_a_large_catalogue_is_asked_like_a_small_one():
    others = [Entry(f"n{n}", f"Chose numéro {n} du lot {n % 7}", (), f"Réponse {n}.", "fr") for n in range(300)]
    index = Index.build([*others, *ENTRIES], meaning_embedder())
    assert first(index, "mon colis n'est toujours pas arrivé") == "parcel"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("slt jpeu rendre un pull svp", "je peux rendre un pull"),
        ("@marque c koi le code 😀", "c'est quoi le code"),
        ("bonjour", "bonjour"),
        ("", ""),
    ],
)
def test_spellings_of_a_hurry_are_undone(text: str, plain: str):
    assert plainer(text, "fr") == plain


@given(st.lists(st.text(), max_size=3))
def test_any_message_can_be_asked(texts: list[str]):
    index = _small()
    for message in index.messages(texts, ["fr"] * len(texts)):
        ranked = rank(index, message, coefficients())
        assert np.isfinite(ranked.signs).all()
        assert len(ranked.places) == len(ENTRIES)


_kept: list[Index] = []


def _small() -> Index:
    if not _kept:
        _kept.append(Index.build(ENTRIES, meaning_embedder()))
    return _kept[0]


def lines(*entries: object) -> Iterator[bytes]:
    return (json.dumps(entry).encode() + b"\n" if not isinstance(entry, bytes) else entry for entry in entries)


GOOD = {"key": "a", "question": "Q ?", "phrasings": ["x", "x", " "], "answer": "A.", "language": "fr-FR"}


def test_a_line_is_an_entry():
    assert list(entries_of(lines(GOOD, b"\n"), "c.jsonl")) == [Entry("a", "Q ?", ("x",), "A.", "fr", True)]


def broken(**changes: object) -> dict[str, object]:
    return {**GOOD, **changes}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ([GOOD, b"{oops\n"], "c.jsonl, line 2: this is no JSON object."),
        ([b"\xff\xfe\n"], "c.jsonl, line 1: this is no JSON object."),
        ([b"[" * 100_000], "c.jsonl, line 1: this is no JSON object."),
        ([["a"]], "c.jsonl, line 1: this is no JSON object."),
        ([broken(key="")], "c.jsonl, line 1: “key” must be a text that is not empty."),
        ([broken(answer=3)], "c.jsonl, line 1: “answer” must be a text that is not empty."),
        ([broken(phrasings="x")], "c.jsonl, line 1: “phrasings” must be a list of texts."),
        ([broken(phrasings=[1])], "c.jsonl, line 1: “phrasings” must be a list of texts."),
        ([broken(bot_may_answer="yes")], "c.jsonl, line 1: “bot_may_answer” must be true or false."),
        ([GOOD, b"\n", GOOD], "c.jsonl, line 3: the key “a” stands already on line 1."),
    ],
)
def test_what_is_wrong_is_named_with_its_line(written: Sequence[object], said: str):
    with pytest.raises(CatalogueError) as error:
        list(entries_of(lines(*written), "c.jsonl"))
    assert str(error.value) == said


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(CatalogueError, match=r"nowhere\.jsonl cannot be read: No such file"):
        read_catalogue(tmp_path / "nowhere.jsonl")
