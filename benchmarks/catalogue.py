"""The catalogue's answers beside the composer, with ten thousand entries: how long the panel takes after a conversation
is opened, and whether opening one is slower while the catalogue is being read into memory.

Entries are drawn from the words of our own catalogues, their vectors at random (reading seventy thousand texts would
take minutes and change nothing in what is measured); messages are read by the embedder that ships.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._ground import ground, make_account, verdict
from benchmarks._turns import ninety_fifth

_ENTRIES, _PHRASINGS, _MESSAGES = 10_000, 6, 60
_MOST_MS, _MOST_SLOWER = 150.0, 3.0
_CATALOGUES = Path(__file__).parent.parent / "training" / "catalogues"


class _Drawn:
    """An embedder that draws."""

    dimensions = 512

    def __init__(self) -> None:
        self._generator = np.random.default_rng(7)

    def embed(self, texts: Sequence[str]) -> Any:
        drawn = self._generator.standard_normal((len(texts), self.dimensions)).astype(np.float32)
        return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def main() -> bool:
    """Print the figures; whether the goals hold."""
    with ground():
        conversations = _filled()
        client, panel, page = _asking(conversations)
        from comptoir.catalogue.searching import shelf

        alone = [_spent(client, page(pk))[0] for pk in conversations[:40]]
        begun = time.perf_counter()
        first, _processor = _spent(client, panel(conversations[0]))
        beside = []
        while shelf._at_hand._is_being_made:
            beside.append(_spent(client, page(conversations[len(beside) % len(conversations)]))[0])
        made = time.perf_counter() - begun
        spent = [_spent(client, panel(pk)) for pk in conversations]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{_ENTRIES} entries of {_PHRASINGS} phrasings: in memory after {made:.1f} s")
    print(f"until then they are found by words: {first:.0f} ms")
    print(f"memory of the process at most: {memory:.0f} MB")
    clock, processor = ([one[which] for one in spent] for which in (0, 1))
    print(f"the panel, by the clock: median {statistics.median(clock):.0f} ms, p95 {ninety_fifth(clock):.0f} ms")
    print(f"the panel, of the processor: median {statistics.median(processor):.0f} ms")
    held = [verdict("answers on screen, p95 ms of the processor", ninety_fifth(processor), _MOST_MS, at_most=True)]
    if beside:
        ratio = statistics.median(beside) / statistics.median(alone)
        held.append(verdict("opening a conversation meanwhile, of alone", ratio, _MOST_SLOWER, at_most=True))
    return all(held)


def _filled() -> list[int]:
    """A catalogue, and conversations whose customers have asked something; the ids of those."""
    from django.utils import timezone

    from comptoir.catalogue.models import (
        AnswerVariant,
        CatalogueEdition,
        CatalogueEntry,
        EntryVersion,
        Phrasing,
    )
    from comptoir.catalogue.searching.reading import catalogue_rows, indexed
    from comptoir.catalogue.searching.vectors import Remembering
    from comptoir.understanding.embedding.loading import meaning_embedder_name

    drawn = _sentences()
    present = timezone.now()
    entries = CatalogueEntry.objects.bulk_create(
        CatalogueEntry(key=f"e-{number}", question=drawn(), language="fr") for number in range(_ENTRIES)
    )
    versions = EntryVersion.objects.bulk_create(
        EntryVersion(entry=entry, number=1, content={}, made_at=present, settled_at=present, status="approved")
        for entry in entries
    )
    for entry, version in zip(entries, versions, strict=True):
        entry.approved_version = version
    CatalogueEntry.objects.bulk_update(entries, ["approved_version"], batch_size=1000)
    Phrasing.objects.bulk_create(
        (
            Phrasing(entry=entry, text=f"{drawn()} {number}", position=number)
            for entry in entries
            for number in range(_PHRASINGS)
        ),
        batch_size=5000,
    )
    AnswerVariant.objects.bulk_create(
        (AnswerVariant(entry=entry, language="fr", text=f"{drawn()} {drawn()}", position=0) for entry in entries),
        batch_size=5000,
    )
    indexed(catalogue_rows(), Remembering(_Drawn(), meaning_embedder_name()))
    CatalogueEdition.objects.create(number=1, read_number=1)
    return _conversations(drawn)


def _sentences() -> Callable[[], str]:
    """Sentences of the words that our catalogues use."""
    texts: list[str] = []
    for file in sorted(_CATALOGUES.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            one = json.loads(line)
            texts += one.get("phrasings") or [one["message"]]
    words = [word for text in texts for word in text.split()]
    generator = random.Random(7)
    return lambda: " ".join(generator.choices(words, k=generator.randint(5, 14)))[:280]


def _conversations(drawn: Callable[[], str]) -> list[int]:
    from comptoir.connectors.base import Author, EventKind, NetworkEvent
    from comptoir.conversations.models import Conversation
    from comptoir.core.clock import now
    from comptoir.intake.actions import receive

    account = make_account("email")
    receive(
        account,
        [
            NetworkEvent(
                event=EventKind.MESSAGE, direction="incoming", visibility="private", external_id=f"m-{number}",
                thread_id=f"t-{number}", author=Author(id=f"c-{number}", name="Nadia Benali"), text=drawn(),
                sent_at=now(),
            )
            for number in range(_MESSAGES)
        ],
    )  # fmt: skip
    return list(Conversation.objects.values_list("pk", flat=True))


def _asking(conversations: Sequence[int]) -> tuple[Any, Callable[[int], str], Callable[[int], str]]:
    """Somebody who is signed in, and the addresses of the panel and of a conversation."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from comptoir.people.actions import create_agent
    from comptoir.people.models import Agent, Team

    settings.ALLOWED_HOSTS = ["testserver"]
    agent = create_agent(email="a@bench.example", name="A", role=Agent.Role.SUPERVISOR, teams=list(Team.objects.all()))
    client = Client()
    client.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
    client.get(reverse("conversation", args=[conversations[0]]))
    return (
        client,
        lambda pk: reverse("answers", args=[pk]),
        lambda pk: reverse("conversation", args=[pk]),
    )


def _spent(client: Any, address: str) -> tuple[float, float]:
    """How long an answer took by the clock, and of the processor, which other work on the machine stretches little."""
    begun, used = time.perf_counter(), time.process_time()
    response = client.get(address, headers={"HX-Request": "true"})
    assert response.status_code == 200
    return (time.perf_counter() - begun) * 1000, (time.process_time() - used) * 1000


if __name__ == "__main__":
    raise SystemExit(not main())
