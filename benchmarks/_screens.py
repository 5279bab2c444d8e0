"""What each screen costs the server, and how many queries it asks, through Django's own client.

Judged is the processor time of our own process and of the database's for one page, which other work on the machine
stretches little; what passed on the clock is printed beside it. Where the system does not tell another process's
processor time, the clock is judged.
"""

from __future__ import annotations

import gzip
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from benchmarks import _crowd
from benchmarks._ground import verdict
from benchmarks._turns import ninety_fifth, processor_seconds

_WARM = 3
_ROUNDS = 40
_MOST_MS = 60
_MOST_SEARCH_MS = 150

#: What is looked for: a word of every twelfth message, a rare one, two together, a phrase, with fields.
_QUESTIONS = {
    "a common word": "bouilloire",
    "a rare word": "CMD012345",
    "two words": "bouilloire cassée",
    "a phrase": "“pièce manquante”",
    "with fields": "channel:webhook status:resolved rembourser",
    "a person": "Cliente1234",
    "nothing": "introuvable",
}


def measured(agents: dict[str, Any]) -> list[bool]:
    """Print every screen's p95 and number of queries; whether each is fast enough."""
    from django.conf import settings
    from django.test import Client

    from comptoir.config.interpreter import collect_seldom

    settings.ALLOWED_HOSTS = ["testserver"]
    _crowd.keep_views(agents)
    _crowd.tie_comments()
    Client().get("/sign-in/")  # what pages need is loaded
    collect_seldom()
    held = []
    for who, agent in agents.items():
        client = Client()
        client.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
        for name, (address, headers) in _addresses(who).items():
            cost = _cost(client, address, headers)
            print(f"{who} {name}: {cost.queries} queries, by the clock {cost.clock_ms:.0f} ms, {cost.kilobytes:.1f} kB")
            most = _MOST_SEARCH_MS if name.startswith("search") else _MOST_MS
            held.append(verdict(f"{who} {name}, p95 ms", cost.processor_ms, most, at_most=True))
    return held


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one screen: the p95 of its processor time and of its time by the clock, and its size, compressed."""

    processor_ms: float
    clock_ms: float
    queries: int
    kilobytes: float


def _addresses(who: str) -> dict[str, tuple[str, dict[str, str]]]:
    """By name: an address, and what the browser sends along."""
    from urllib.parse import quote

    from django.utils import timezone

    from comptoir.analysis.models import ContactReason
    from comptoir.conversations.models import Conversation
    from comptoir.people.models import Agent
    from comptoir.web.queries.inbox import StandingView

    half_a_year_ago = timezone.now() - timedelta(days=180)
    seen = Conversation.objects.visible_to(Agent.objects.get(user__email=f"{who[0]}@bench.example")).order_by("-id")
    conversation, public = seen[100], seen.filter(is_public=True)[100]
    long = Conversation.objects.order_by("id")[1]
    incoming = conversation.messages.incoming().order_by("id")[0]
    addresses = {f"inbox {view} {sort}": f"/inbox/{view}/?sort={sort}" for view in StandingView for sort in view.sorts}
    after = quote(f"{half_a_year_ago.isoformat()}~0")
    addresses |= {
        "inbox further down": f"/inbox/all/page/?after={after}",
        "inbox filtered by text": "/inbox/all/?text=999",
        "inbox filtered by account and wait": "/inbox/all/?channel=webhook&waiting=4320&sort=waiting",
        "inbox filtered, next to nothing": "/inbox/resolved/?text=introuvable",
        "inbox filtered by urgency": "/inbox/all/?urgency=3",
        "inbox filtered by feeling and kind": "/inbox/resolved/?sentiment=negative&intent=complaint",
        "inbox filtered by reason": f"/inbox/all/?topic={ContactReason.objects.latest('pk').pk}",
        "inbox filtered by priority": "/inbox/all/?priority=2",
        "inbox filtered by five things": "/inbox/all/?urgency=2&sentiment=negative&answer=yes&language=fr&tag=urgent",
        "inbox filters": "/inbox/all/filters/",
        "inbox counts": "/inbox/counts/",
        "conversation with the list": f"/conversations/{conversation.pk}/",
        "exchange": f"/conversations/{conversation.pk}/exchange/",
        "exchange of a public thread": f"/conversations/{public.pk}/exchange/",
        "head": f"/conversations/{conversation.pk}/head/",
        "receivers": f"/conversations/{conversation.pk}/receivers/",
        "composer": f"/conversations/{conversation.pk}/composer/",
        "reading of a message": f"/messages/{incoming.pk}/reading/",
        "catalogue": "/catalogue/",
        "gaps of the catalogue": "/catalogue/gaps/",
        "customer": f"/conversations/{conversation.pk}/person/",
        "notifications": "/notifications/",
        "colleagues": "/colleagues/",
        "settings": "/settings/",
    }
    if who == "supervisor":
        addresses |= {"exchange of 5,000": f"/conversations/{long.pk}/exchange/", "record": "/record/"}
        addresses |= {"readings": "/readings/", "contact reasons": "/contact-reasons/"}
        addresses |= {"accounts": "/accounts/", "deliveries": "/deliveries/"}
        addresses |= {"floor": "/floor/", "parts of the floor": "/floor/parts/"}
    addresses |= {f"search, {what}": f"/search/?q={quote(asked)}" for what, asked in _QUESTIONS.items()}
    alone = {"conversation alone": addresses["exchange"].replace("exchange/", "")}
    if who == "supervisor":
        alone |= {"conversation of 5,000": f"/conversations/{long.pk}/"}
    return {name: (address, {}) for name, address in addresses.items()} | {
        name: (address, {"HX-Request": "true"}) for name, address in alone.items()
    }


def _cost(client: Any, address: str, headers: dict[str, str]) -> Cost:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _warm in range(_WARM):
        client.get(address, headers=headers)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address, headers=headers)
        queries = len(asked)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    backend = connection.connection.info.backend_pid
    by_processor, by_clock = [], []
    for _round in range(_ROUNDS):
        begun, spent = time.perf_counter(), processor_seconds(backend)
        client.get(address, headers=headers)
        by_processor.append((processor_seconds(backend) - spent) * 1000)
        by_clock.append((time.perf_counter() - begun) * 1000)
    return Cost(ninety_fifth(by_processor), ninety_fifth(by_clock), queries, len(gzip.compress(answer.content)) / 1000)
