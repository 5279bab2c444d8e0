"""The company's own tree of contact reasons."""

from __future__ import annotations

from pathlib import Path

import pytest

from comptoir.understanding.embedding.loading import meaning_embedder
from comptoir.understanding.reader import Reader
from comptoir.understanding.topics import NoExamplesError, TopicHead

EXAMPLES = {
    "delivery/late": [
        "Mon colis est en retard",
        "Toujours pas livré",
        "Quand arrive ma commande ?",
        "Livraison prévue hier",
    ],
    "billing/refund": ["Je veux être remboursé", "Où est mon remboursement ?", "Le remboursement n'est pas arrivé"],
    "account/password": ["Mot de passe oublié", "Je n'arrive pas à me connecter", "Réinitialiser mon mot de passe"],
}


@pytest.fixture(scope="module")
def head() -> TopicHead:
    return TopicHead.fit(EXAMPLES, meaning_embedder())


def test_a_message_gets_the_topic_it_is_about(head: TopicHead):
    texts = ["ma livraison a du retard", "remboursez moi", "mdp perdu, impossible de me connecter"]
    found = Reader(topics=head).understand(texts, light=True)
    assert [one.topics[0].key for one in found] == list(EXAMPLES)


def test_topics_are_read_in_another_language(head: TopicHead):
    found = Reader(topics=head).understand(["I forgot my password"], light=True)
    assert found[0].topics[0].key == "account/password"


def test_a_head_is_the_same_after_it_was_saved(head: TopicHead, tmp_path: Path):
    head.save(tmp_path / "topics.npz")
    vectors = meaning_embedder().embed(["colis en retard"])
    again = TopicHead.load(tmp_path / "topics.npz").predict(vectors)[0][0]
    assert again.key == head.predict(vectors)[0][0].key
    assert again.confidence == pytest.approx(head.predict(vectors)[0][0].confidence, abs=0.01)


def test_one_example_of_one_topic_is_enough_to_begin():
    head = TopicHead.fit({"only": ["bonjour"]}, meaning_embedder())
    assert head.predict(meaning_embedder().embed(["salut"]))[0][0].key == "only"


@pytest.mark.parametrize("examples", [{}, {"empty": []}])
def test_a_topic_without_example_is_refused(examples: dict[str, list[str]]):
    with pytest.raises(NoExamplesError):
        TopicHead.fit(examples, meaning_embedder())
