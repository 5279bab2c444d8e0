"""Dangers that are there now are level 3, though the heads think little of it; what only sounds like one is not."""

from __future__ import annotations

import pytest

from comptoir.understanding.analysis import Urgency
from comptoir.understanding.dangers import danger_in, raised
from comptoir.understanding.language import LANGUAGES
from comptoir.understanding.reader import understand

TOLD = [
    ("fr", "La tondeuse démarre toute seule, même avec la clé enlevée", "safety"),
    ("fr", "la prise du lave-linge sent le brûlé et noircit", "safety"),
    ("fr", "mon fils a avalé une pile de votre télécommande", "safety"),
    ("fr", "l'ascenseur est bloqué avec ma mère dedans", "safety"),
    ("fr", "À quoi bon. Demain tout sera fini, la lettre est sur la table.", "distress"),
    ("en", "There's money leaving my account as I type this, I can see it", "safety"),
    ("en", "her lips are puffing up after your sauce", "safety"),
    ("en", "the dryer is smoking and the plug has melted", "safety"),
    ("es", "Al entrar en mi área veo los contratos de otros clientes", "safety"),
    ("de", "ist da Sellerie drin?? ihr schwillt die Zunge", "safety"),
    ("it", "mio figlio ha mandato giù una calamita del gioco", "safety"),
    ("nl", "zit er pinda in? haar lippen worden dik", "safety"),
    ("pt", "Não aguento mais. Hoje acabo com isto de vez, cuidem do meu cão.", "distress"),
]
NEAR = [
    ("fr", "La batterie gonflée que je vous ai renvoyée il y a un mois : où en est mon remboursement ?"),
    ("fr", "Ce jouet contient-il des piles bouton ? J'ai lu un article sur un enfant qui en avait avalé une."),
    ("fr", "Comment reconnaître une odeur de gaz ? C'est pour leur exposé."),
    ("fr", "Ce barbecue fume à peine, ça change de l'ancien"),
    ("fr", "L'ascenseur est encore en panne, personne dedans, mais sept étages à pied..."),
    ("en", "If my card gets stolen abroad who do I ring?"),
    ("en", "your hold music makes me want to end it all lol, 40 mins now"),
    ("en", "We had a gas leak back in May that you fixed, I still need the certificate"),
    ("de", "Aufzug steht mal wieder, keiner drin"),
    ("es", "¿Qué hago si mi hijo se traga una pila?"),
    ("it", "Abbiamo avuto un odore di gas tre mesi fa, avete riparato, mi serve il certificato"),
]


@pytest.mark.parametrize(("language", "text", "ground"), TOLD)
def test_a_danger_now_is_told_by_its_words_and_its_ground_is_named(language: str, text: str, ground: str) -> None:
    assert danger_in(text, language) == ground


@pytest.mark.parametrize(("language", "text"), NEAR)
def test_what_is_over_asked_beforehand_or_a_way_of_speaking_raises_nothing(language: str, text: str) -> None:
    assert danger_in(text, language) is None


@pytest.mark.parametrize("light", [True, False])
def test_a_danger_now_is_level_three_in_both_forms(light: bool) -> None:
    text = "La tondeuse démarre toute seule, lame qui tourne, même avec la clé enlevée"
    [found] = understand([text], light=light)
    assert (found.urgency.level, "safety" in found.urgency.grounds) == (3, True)


def test_what_the_heads_found_stays_beside_it() -> None:
    told = raised(Urgency(1, ("deadline",)), 0.1, "la prise sent le brûlé", "fr")
    assert told == Urgency(3, ("safety", "deadline"))
    assert raised(Urgency(1, ("deadline",)), 0.1, "un colis en retard", "fr") == Urgency(1, ("deadline",))


def test_every_language_has_its_lists_and_an_unknown_one_raises_nothing() -> None:
    assert all(danger_in("bonjour", language) is None for language in LANGUAGES)
    assert danger_in("la prise sent le brûlé", "und") is None


def test_what_the_heads_rule_out_is_not_raised() -> None:
    assert raised(Urgency(0), 0.001, "la prise sent le brûlé", "fr") == Urgency(0)
