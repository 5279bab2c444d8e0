"""What people write to a shop, made up: words as frequent as in life, and complaints one can look for."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

#: The most frequent words first; after them come twenty thousand made-up ones, each rarer than the one before.
_COMMON = [
    "bonjour",
    "commande",
    "colis",
    "livraison",
    "merci",
    "retard",
    "toujours",
    "adresse",
    "réponse",
    "produit",
    "facture",
    "remboursement",
    "reçu",
    "semaine",
    "paiement",
    "numéro",
    "échange",
    "boutique",
    "carte",
    "attente",
    "avis",
    "compte",
    "mois",
    "service",
    "problème",
    "taille",
    "magasin",
    "couleur",
    "carton",
    "transporteur",
    "échoué",
    "retardée",
    "garantie",
    "panne",
    "écran",
    "téléphone",
    "rupture",
    "promotion",
    "abonnement",
    "résiliation",
    "déçue",
]


def vocabulary() -> list[str]:
    """Twenty thousand words, the most frequent first."""
    chance = random.Random(3)
    syllables = [first + second for first in "bcdfglmnprstv" for second in ("a", "e", "i", "o", "u", "an", "ou", "é")]
    made: dict[str, None] = dict.fromkeys(_COMMON)
    while len(made) < 20_000:
        made["".join(chance.choices(syllables, k=chance.randint(2, 4)))] = None
    return list(made)


_THINGS = (
    "bouilloire", "lampe", "chaise", "table", "tasse", "couverture", "horloge", "radio", "valise", "poussette",
    "imprimante", "enceinte",
)  # fmt: skip
_TROUBLES = (
    "n'est toujours pas arrivée", "est arrivée cassée", "ne s'allume plus", "n'est pas celle que j'ai commandée",
    "a été livrée à mon voisin", "est plus petite que sur la photo", "fait un bruit étrange", "a une pièce manquante",
)  # fmt: skip
_WISHES = (
    "Pouvez-vous me rembourser", "Pouvez-vous me rappeler", "Comment la retourner", "Quand sera-t-elle échangée",
    "À qui dois-je m'adresser", "Que dois-je faire maintenant",
)  # fmt: skip


def texts(count: int) -> Iterator[str]:
    """So many different texts: a complaint with an order's number, then words as frequent as in life."""
    chance, words = random.Random(11), vocabulary()
    weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(words))))
    for number in range(count):
        thing, trouble, wish = chance.choice(_THINGS), chance.choice(_TROUBLES), chance.choice(_WISHES)
        more = " ".join(chance.choices(words, cum_weights=weights, k=chance.randint(3, 40)))
        yield f"Bonjour, ma {thing} {trouble}. {wish} ? Commande CMD{number:06d}, colis {number}. {more}."
