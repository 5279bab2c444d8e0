"""The search at a million messages: questions of every class, their first pages and the next ones, as somebody who sees
everything, one account of twenty, and next to nothing.

Beside the time on the clock stands the processor time of this process and of its database together, which says the same
on a busy machine.
"""

from __future__ import annotations

import contextlib
import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks._ground import ground, verdict
from benchmarks._search_ground import fill_search_ground, vocabulary

MESSAGES = 1_000_000
CEILING_MS = 150.0
_ROUNDS = 6
_NEXT_PAGES = 2

#: By class; in braces what is drawn anew each time.
_CLASSES = {
    "common word": ("commande", "bonjour", "colis", "livraison"),
    "middling word": ("{middling}",),
    "rare word": ("{rare}",),
    "accents, inflection": ("échoué", "echoue", "retarder", "abimés", "REÇUE"),
    "two common words": ("colis retard", "remboursement facture", "garantie panne écran", "casque montre"),
    "common and rare": ("commande {rare}", "{middling} colis", "{middling} {middling}", "{rare} {rare}"),
    "without a word": ("résiliation -merci", "colis -{middling}"),
    "frequent phrase": ('"numéro de commande"', '"service client"', '"colis est arrivé abîmé"'),
    "phrase of common words": ('"commande colis"', '"colis livraison retard"', '"merci adresse"', '"taille garantie"'),
    "rare phrase": ('"{rare} commande"', '"{middling} {middling}"'),
    "phrase and word": ('"service client" garantie', '"commande colis" {middling}'),
    "number": ("{number}", "commande {number}", "FR-{number}"),
    "no hit": ("introuvable", "colis introuvable", '"commande introuvable"', "06 12 34 56 78"),
    "field only": (
        "canal:email", "canal:bluesky", 'compte:"Compte 20"', "tag:livraison", "tag:presse", "avant:2026-03",
        "est:ouvert", "est:public", "de:{person}", "de:martin", "responsable:moi", "tag:urgent est:public canal:chat",
    ),
    "subject or room": (
        "objet:remboursement", "objet:{middling}", "objet:{rare}", "objet:introuvable", 'salon:"salon 7"',
        "objet:{middling} colis", "objet:{rare} commande", "salon:salon colis",
    ),
    "field and word": (
        "canal:bluesky colis", "canal:email remboursement", "est:ouvert remboursement", "après:30j commande",
        "avant:2026-03 garantie", "de:{person} commande", "de:martin colis", "tag:urgent colis", "tag:presse commande",
        "tag:livraison {middling}", 'tag:urgent "commande colis"', "responsable:moi colis", "est:public résiliation",
    ),
}  # fmt: skip
_BEGINNINGS = ("ma", "mar", "jean mar", "zoe", "client12", "@client777", "le goff", "nguyeneau", "{person}", "xyz")


def main() -> bool:
    """Print each class's times; whether p95 of each stays under the ceiling."""
    with ground():
        return measure(fill_search_ground(MESSAGES))


def measure(agents: dict[str, Any]) -> bool:
    """Ask everything several times."""
    from comptoir.connectors.registry import connector_classes

    connector_classes()  # loaded once by each process, for its first page
    held = []
    for who, agent in agents.items():
        chance = random.Random(11)
        for name, templates in _CLASSES.items():
            pages = [page for template in templates for page in _asked(agent, template, chance)]
            held.append(_told(f"{who}, {name}", pages))
            _slow_ones_told(templates, pages)
        held.append(_told(f"{who}, people", list(_people(agent, chance))))
    return all(held)


Page = tuple[str, float, float]


def _asked(agent: Any, template: str, chance: random.Random) -> Iterator[Page]:
    """What the screen does: understand, look, read the page's rows, mark them; then the same for further pages."""
    from comptoir.web.queries.search.finding import found
    from comptoir.web.queries.search.patience import SearchTakesTooLongError

    for _round in range(_ROUNDS):
        typed, after = _filled(template, chance), ""
        for _page in range(1 + _NEXT_PAGES):
            answers: list[Any] = []

            def look(one: str = typed, place: str = after, answers: list[Any] = answers) -> None:
                with contextlib.suppress(SearchTakesTooLongError):  # its time counts like any other
                    answers.append(found(agent, one, best_first=False, after=place))

            yield (template, *_spent(look))
            after = (answers[0].after or "") if answers else ""
            if not after:
                break


def _people(agent: Any, chance: random.Random) -> Iterator[Page]:
    from comptoir.web.queries.inbox import Reach
    from comptoir.web.queries.search.people import people_found

    for template in _BEGINNINGS * _ROUNDS:
        typed = _filled(template, chance)
        yield (template, *_spent(lambda one=typed: people_found(Reach.of(agent), one, limit=8)))  # type: ignore[misc]  # a step


def _spent(step: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds on the clock, and of processor here and in the database."""
    from django.db import connection

    connection.ensure_connection()
    backend = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    worked, own, begun = _worked(backend), time.process_time(), time.perf_counter()
    step()
    clock = (time.perf_counter() - begun) * 1000
    return clock, (time.process_time() - own) * 1000 + _worked(backend) - worked


def _worked(backend: Path) -> float:
    """Milliseconds that the processor gave to the database's side of our connection; 0 where Linux does not say."""
    try:
        return int(backend.read_text().split()[0]) / 1e6
    except (OSError, ValueError, IndexError):
        return 0.0


def _told(name: str, pages: list[Page]) -> bool:
    clock, worked = _ninety_fifth([one[1] for one in pages]), _ninety_fifth([one[2] for one in pages])
    print(f"{name}: median {statistics.median(one[1] for one in pages):.1f} ms, p95 of processor time {worked:.1f} ms")
    return verdict(f"{name}, p95 ms", clock, CEILING_MS, at_most=True)


def _slow_ones_told(templates: tuple[str, ...], pages: list[Page]) -> None:
    for template in templates:
        worked = [one[2] for one in pages if one[0] == template]
        print(f"      {statistics.median(worked):7.1f} ms, longest {max(worked):7.1f} ms of processor  {template}")


def _ninety_fifth(spent: list[float]) -> float:
    return statistics.quantiles(spent, n=20, method="inclusive")[18]


def _filled(template: str, chance: random.Random) -> str:
    words = vocabulary()
    while "{" in template:
        name = template[template.index("{") + 1 : template.index("}")]
        word = {
            "rare": words[chance.randrange(5_000, len(words))],
            "middling": words[chance.randrange(150, 800)],
            "number": str(chance.randrange(1, MESSAGES)),
            "person": f"martineau{chance.randrange(1, 5_000)}",
        }[name]
        template = template.replace("{" + name + "}", word, 1)
    return template
