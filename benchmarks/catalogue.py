"""The catalogue's answers beside the composer, with ten thousand entries: how long the panel takes after a conversation
is opened, also the first time in a process; what it takes to read the catalogue, whole and after one entry changed; and
whether opening a conversation is slower meanwhile.

Entries are drawn from the words of our own catalogues, their vectors at random (reading seventy thousand texts would
take minutes and change nothing in what is measured); messages, and what changed, are read by the embedder that ships.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import resource
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._ground import ground, make_account, verdict
from benchmarks._turns import ninety_fifth

_ENTRIES, _PHRASINGS, _MESSAGES = 10_000, 6, 60
_MOST_MS, _MOST_SLOWER, _MOST_OWN_MB, _MOST_READER_MB = 150.0, 3.0, 60.0, 700.0
_CATALOGUES = Path(__file__).parent.parent / "training" / "catalogues"


#: A client, the addresses of the panel and of a conversation, and conversations to open.
_Asking = tuple[Any, Callable[[int], str], Callable[[int], str], list[int]]


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
        drawn = _sentences()
        _in_a_process(_fill, drawn)
        asking = _asking(drawn)
        return all([*_read(drawn, asking), *_offered(asking)])


def _read(drawn: Callable[[], str], asking: _Asking) -> list[bool]:
    """Read the whole catalogue while somebody opens conversations, then after one entry changed."""
    client, _panel, page, conversations = asking
    pages = [page(pk) for pk in conversations]
    alone = [_spent(client, one)[0] for one in pages]
    whole: list[tuple[float, float]] = []
    reading = threading.Thread(target=lambda: whole.append(_in_a_process(_read_apart)))
    reading.start()
    beside: list[float] = []
    while reading.is_alive():
        beside.append(_spent(client, pages[len(beside) % len(pages)])[0])
    _in_a_process(_change_one, drawn)
    seconds, megabytes = _in_a_process(_read_apart)
    print(f"{_ENTRIES} entries of {_PHRASINGS} phrasings whose vectors are known: read in {whole[0][0]:.1f} s")
    print(f"after one of them changed: {seconds:.1f} s")
    ratio = statistics.median(beside) / statistics.median(alone)
    return [
        verdict("MB of the reading process at most", max(whole[0][1], megabytes), _MOST_READER_MB, at_most=True),
        verdict("opening a conversation meanwhile, of alone", ratio, _MOST_SLOWER, at_most=True),
    ]


def _offered(asking: _Asking) -> list[bool]:
    """The panel of a process that has offered nothing yet, and from then on."""
    client, panel, page, conversations = asking
    client.get(page(conversations[0]))
    ready = _in_a_process(_first_when_warm, asking)
    own_mb, mapped_mb = _memory_mb()
    first = _spent(client, panel(conversations[0]))
    spent = [_spent(client, panel(pk)) for pk in conversations]
    own, mapped = (after - before for after, before in zip(_memory_mb(), (own_mb, mapped_mb), strict=True))
    clock, processor = ([one[which] for one in spent] for which in (0, 1))
    print(f"the first panel of a process: {ready[0]:.0f} ms by the clock, {ready[1]:.0f} of the processor, once warm")
    print(f"asked for before it is warm: {first[0]:.0f} ms by the clock, {first[1]:.0f} of the processor")
    print(f"the panel, by the clock: median {statistics.median(clock):.0f} ms, p95 {ninety_fifth(clock):.0f} ms")
    print(f"the panel, of the processor: median {statistics.median(processor):.0f} ms")
    print(f"a process that offers answers maps {mapped:.0f} MB, which all of the machine share")
    return [
        verdict("the first panel of a process, ms by the clock", ready[0], _MOST_MS, at_most=True),
        verdict("answers on screen, p95 ms by the clock", ninety_fifth(clock), _MOST_MS, at_most=True),
        verdict("answers on screen, p95 ms of the processor", ninety_fifth(processor), _MOST_MS, at_most=True),
        verdict("MB of its own that offering answers takes", own, _MOST_OWN_MB, at_most=True),
    ]


def _first_when_warm(asking: _Asking) -> tuple[float, float]:
    """The first panel of a process that has had its half second after its first page."""
    from comptoir.web.warming import warm_up

    client, panel, _page, conversations = asking
    warm_up()
    return _spent(client, panel(conversations[0]))


def _in_a_process(work: Callable[..., Any], *arguments: Any) -> Any:
    """What ``work`` returns, done by a child whose memory is not ours."""
    from django.db import connections

    connections.close_all()
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(target=lambda: there.send(work(*arguments)))
    child.start()
    there.close()  # so that the end of the child is the end of what is told
    told = here.recv()
    child.join()
    return told


def _read_apart() -> tuple[float, float]:
    """Seconds, and megabytes at most, of the process that reads the catalogue."""
    from comptoir.core.apart import do_apart

    begun = time.perf_counter()
    do_apart("catalogue.read")
    return time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _memory_mb() -> tuple[float, float]:
    """Of this process: its own, and what it maps of files."""
    rollup = Path("/proc/self/smaps_rollup").read_text()
    kept = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in rollup.splitlines()[1:]}
    return kept["Pss_Anon"], kept["Pss_File"]


def _fill(drawn: Callable[[], str]) -> None:
    """A catalogue whose vectors are known."""
    import psycopg
    from django.utils import timezone

    from comptoir.catalogue.models import AnswerVariant, CatalogueEdition, CatalogueEntry, EntryVersion, Phrasing
    from comptoir.catalogue.searching.reading import catalogue_rows
    from comptoir.catalogue.searching.vectors import Remembering
    from comptoir.config.schema import fingerprint, record_fingerprint
    from comptoir.understanding.embedding.loading import meaning_embedder_name
    from comptoir.understanding.retrieval.index import Index

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
    Index.build(catalogue_rows().entries, Remembering(_Drawn(), meaning_embedder_name()))
    CatalogueEdition.objects.create(number=1)
    with psycopg.connect(os.environ["COMPTOIR_DATABASE_URL"], autocommit=True) as direct:
        record_fingerprint(direct, fingerprint())


def _change_one(drawn: Callable[[], str]) -> None:
    from comptoir.catalogue.edition import note_change
    from comptoir.catalogue.models import Phrasing

    Phrasing.objects.filter(pk=Phrasing.objects.earliest("pk").pk).update(text=f"{drawn()} et alors")
    note_change()


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
    return list(Conversation.objects.filter(account=account).values_list("pk", flat=True))


def _asking(drawn: Callable[[], str]) -> _Asking:
    """Somebody who is signed in, the addresses of the panel and of a conversation, and conversations to open."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from comptoir.people.actions import create_agent
    from comptoir.people.models import Agent, Team

    conversations = _conversations(drawn)
    settings.ALLOWED_HOSTS = ["testserver"]
    agent = create_agent(email="a@bench.example", name="A", role=Agent.Role.SUPERVISOR, teams=list(Team.objects.all()))
    client = Client()
    client.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
    client.get(reverse("conversation", args=[conversations[0]]))
    return (
        client,
        lambda pk: reverse("answers", args=[pk]),
        lambda pk: reverse("conversation", args=[pk]),
        conversations,
    )


def _spent(client: Any, address: str) -> tuple[float, float]:
    """How long an answer took by the clock, and of the processor, which other work on the machine stretches little."""
    begun, used = time.perf_counter(), time.process_time()
    response = client.get(address, headers={"HX-Request": "true"})
    assert response.status_code == 200
    return (time.perf_counter() - begun) * 1000, (time.process_time() - used) * 1000


if __name__ == "__main__":
    raise SystemExit(not main())
