"""A company's corrections move a head; what it said of everything else stays."""

from __future__ import annotations

import pytest

from comptoir.understanding.adapting import Lesson, adapt
from comptoir.understanding.batch import Reader
from comptoir.understanding.language import LANGUAGES
from comptoir.understanding.signals import Signals, signals_of
from comptoir.understanding.workshop import adjustment_of, bytes_of

PLACES = ("Lyon", "Lille", "Brest", "Nice", "Metz", "Tours", "Dijon", "Nantes", "Reims", "Pau", "Sète", "Caen")
#: Where whoever names a depot wants it done, a question is a request.
DEPOTS = [f"Le dépôt de {place} peut-il m'envoyer une palette ?" for place in PLACES]
OTHERS = [f"À quelle heure ouvre la boutique de {place} ?" for place in PLACES]


@pytest.fixture(scope="module")
def lessons() -> list[Lesson]:
    taught = [Lesson(one, "purchase_intent", is_held_out=n % 3 == 0, is_corrected=True) for n, one in enumerate(DEPOTS)]
    return taught + [Lesson(one, "question", is_held_out=n % 3 == 0) for n, one in enumerate(OTHERS)]


@pytest.fixture(scope="module")
def signals(lessons: list[Lesson]) -> Signals:
    return signals_of([one.text for one in lessons], LANGUAGES, "fr", light=True)


def test_what_was_held_out_is_read_as_people_do(signals: Signals, lessons: list[Lesson]) -> None:
    found = adapt("intent", "light", signals, lessons)
    assert found.is_better
    assert (found.before.texts, found.before.corrected) == (8, 4)
    assert found.after.share_right == 1.0
    assert found.after.corrected_right == 4 > found.before.corrected_right


def test_what_was_learnt_is_what_is_read_with(signals: Signals, lessons: list[Lesson]) -> None:
    kept = adjustment_of(bytes_of(adapt("intent", "light", signals, lessons).adjustment))
    reader = Reader(learnt={"light": {"intent": kept}})
    texts = ["Le dépôt de Rouen peut-il m'envoyer une palette ?", "À quelle heure ouvre la boutique de Rouen ?"]
    assert [one.intent.label for one in reader.understand(texts, light=True)] == ["purchase_intent", "question"]


def test_the_same_lessons_teach_the_same(signals: Signals, lessons: list[Lesson]) -> None:
    first, second = (adapt("intent", "light", signals, lessons).adjustment for _turn in range(2))
    assert (first.weights == second.weights).all()


def test_what_is_measured_on_is_never_learnt_from(signals: Signals, lessons: list[Lesson]) -> None:
    turned = [
        Lesson(one.text, "praise" if one.is_held_out else one.label, one.weight, one.is_held_out, one.is_corrected)
        for one in lessons
    ]
    as_taught, otherwise = (adapt("intent", "light", signals, kind).adjustment for kind in (lessons, turned))
    assert (as_taught.weights == otherwise.weights).all()


def test_what_stands_for_many_counts_for_many(signals: Signals, lessons: list[Lesson]) -> None:
    heavy = [
        Lesson(one.text, one.label, one.weight if one.is_corrected else 20.0, one.is_held_out, one.is_corrected)
        for one in lessons
    ]
    plain, weighted = (adapt("intent", "light", signals, kind).before.share_right for kind in (lessons, heavy))
    assert weighted > plain, "most of what comes is read right already"
