"""How long the server takes for each screen, and how many queries it asks, through Django's own client."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta
from typing import Any

from benchmarks._ground import verdict

_ROUNDS = 40
_MOST_MS = 60
_MOST_SEARCH_MS = 150

#: What is looked for: a word of every twelfth message, a rare one, two together, a phrase, with fields.
_QUESTIONS = {
    "a common word": "bouilloire",
    "a rare word": "CMD01234",
    "two words": "bouilloire cassée",
    "a phrase": "“pièce manquante”",
    "with fields": "channel:webhook status:resolved rembourser",
    "a person": "Cliente 1234",
    "nothing": "introuvable",
}


def measured(agents: dict[str, Any]) -> list[bool]:
    """Print every screen's p95 and number of queries; whether each is fast enough."""
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["testserver"]
    held = []
    for who, agent in agents.items():
        client = Client()
        client.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
        for name, address in _addresses(who).items():
            p95, queries = _timed(client, address)
            print(f"{who} {name}: {queries} queries")
            most = _MOST_SEARCH_MS if name.startswith("search") else _MOST_MS
            held.append(verdict(f"{who} {name}, p95 ms", p95, most, at_most=True))
    return held


def _addresses(who: str) -> dict[str, str]:
    from urllib.parse import quote

    from django.utils import timezone

    from comptoir.conversations.models import Conversation
    from comptoir.people.models import Agent
    from comptoir.web.queries.inbox import StandingView

    half_a_year_ago = timezone.now() - timedelta(days=180)
    seen = Conversation.objects.visible_to(Agent.objects.get(user__email=f"{who[0]}@bench.example")).order_by("-id")
    conversation = seen[100]
    long = Conversation.objects.order_by("id")[1]
    addresses = {f"inbox {view} {sort}": f"/inbox/{view}/?sort={sort}" for view in StandingView for sort in view.sorts}
    after = quote(f"{half_a_year_ago.isoformat()}~0")
    addresses |= {
        "inbox further down": f"/inbox/all/page/?after={after}",
        "inbox filtered by text": "/inbox/all/?text=999",
        "inbox filtered by account and wait": "/inbox/all/?channel=webhook&waiting=4320&sort=waiting",
        "inbox filtered, next to nothing": "/inbox/resolved/?text=introuvable",
        "inbox counts": "/inbox/counts/",
        "conversation": f"/conversations/{conversation.pk}/",
        "exchange": f"/conversations/{conversation.pk}/exchange/",
        "customer": f"/conversations/{conversation.pk}/person/",
    }
    if who == "supervisor":
        addresses |= {"exchange of 5,000": f"/conversations/{long.pk}/exchange/", "record": "/record/"}
        addresses |= {"people": "/people/", "accounts": "/accounts/", "deliveries": "/deliveries/"}
    return addresses | {f"search, {what}": f"/search/?q={quote(asked)}" for what, asked in _QUESTIONS.items()}


def _timed(client: Any, address: str) -> tuple[float, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    spent = []
    for _round in range(_ROUNDS):
        begun = time.perf_counter()
        client.get(address)
        spent.append((time.perf_counter() - begun) * 1000)
    return statistics.quantiles(spent, n=20)[18], len(asked)
