"""Routing: what 200 rules cost a message inside intake, and how evenly 50 equal agents are loaded.

Rules are of every kind that is decided at once; the last one matches, so that all are tried on each message. Intake is
measured with and without them in turns, so that a busy machine slows both alike.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks._ground import ground, make_account, verdict

_RULES = 200
_TURNS = 7
_MESSAGES = 900  # a turn
_AGENTS = 50
_WAVES = (1, 49, 137, 3, 260, 12, 88, 401, 5, 44)
_WORDS = (
    "facture", "avoir", "échange", "taille", "point relais", "rembours*", "garantie", "notice", "livreur", "code promo",
    "carte cadeau", "compte client", "mot de passe", "abonnement", "salon", "revendeur", "franchise", "partenariat",
    "stage", "candidature",
)  # fmt: skip
_TEXT = (
    "Bonjour, j'ai commandé une bouilloire il y a dix jours et je n'ai toujours rien reçu. Le suivi dit « en "
    "préparation » depuis mardi. Pouvez-vous me dire quand elle partira ? Ma fille fête son anniversaire samedi, et "
    "c'est son cadeau. J'ai déjà écrit deux fois par le formulaire, sans réponse. Numéro de commande {}"
)


def main() -> bool:
    """Print what it costs and how even it is; whether the floors are reached."""
    with ground():
        account = make_account("webhook", secret="s3cret")
        without, with_rules = _intake(account)
        holds = [
            verdict("ms median a message for deciding by 200 rules", _decided(account), 1, at_most=True),
            verdict("ms median a message for 200 rules inside intake", with_rules - without, 1, at_most=True),
        ]
        print(f"a rule tried on the last 5,000 messages: {_tried():.2f} s")
        print(f"intake {without:.3f} ms a message without rules, {with_rules:.3f} ms with {_RULES}")
        spread, rate = _given_out(account)
        print(f"{rate:.0f} conversations given out a second")
        holds.append(verdict("between the most and the least loaded of 50 equal agents", spread, 1, at_most=True))
    return all(holds)


def _intake(account: Any) -> tuple[float, float]:
    """Median milliseconds a message without and with rules."""
    _write_rules(account)
    costs: dict[bool, list[float]] = {False: [], True: []}
    for turn in range(2 * _TURNS + 2):  # the first of each warms up
        has_rules = turn % 2 == 1
        _hold(has_rules)
        took = _received(account, turn)
        if turn >= 2:
            costs[has_rules].append(took)
    _hold(True)
    return statistics.median(costs[False]), statistics.median(costs[True])


def _hold(on: bool) -> None:
    """All rules at once, as a switch does it for one."""
    from comptoir.routing.models import RoutingRule, RuleBook

    RoutingRule.objects.update(is_active=on)
    RuleBook.objects.update(version=uuid.uuid4())


def _write_rules(account: Any) -> None:
    from comptoir.people.models import Team
    from comptoir.routing.rules import Terms, create_rule

    chance = random.Random(7)  # the same rules every time
    team = Team.objects.create(name="Ailleurs")
    kinds = (
        lambda: {"kind": "text", "among": chance.sample(_WORDS, 6)},
        lambda: {"kind": "author_tag", "among": ["grossiste", "presse"]},
        lambda: {"kind": "author_is", "among": ["returning"]},
        lambda: {"kind": "language", "among": ["de", "es"]},
        lambda: {"kind": "under_our_post", "among": []},
        lambda: {"kind": "rating", "among": ["2"]},
        lambda: {"kind": "hours", "among": ["closed"]},
        lambda: {"kind": "vip", "among": []},
    )
    for number in range(_RULES - 1):
        asked = {one["kind"]: one for one in (kinds[0](), kinds[number % len(kinds)]())}
        conditions = [{"kind": "brand", "among": [str(account.brand_id)]}, *asked.values()]
        create_rule(Terms(conditions, [{"kind": "team", "among": [str(team.pk)]}]))
    create_rule(Terms([{"kind": "text", "among": ["commande"]}], [{"kind": "priority", "among": ["2"]}]))


def _received(account: Any, turn: int) -> float:
    """Milliseconds a message of receiving messages that each begin a conversation."""
    from comptoir.connectors.base import Delivery
    from comptoir.intake.consumer import consume_once
    from comptoir.intake.storing import store_deliveries

    begun = datetime(2026, 3, 2, 9, tzinfo=UTC)
    deliveries = []
    for number in range(turn * _MESSAGES, (turn + 1) * _MESSAGES):
        event = {
            "event": "message",
            "external_id": f"wamid.{number:012d}",
            "thread_id": f"thread-{number}",
            "author": {"id": f"person-{number}", "handle": f"cliente{number}", "name": f"Cliente {number}"},
            "text": _TEXT.format(number),
            "sent_at": (begun + timedelta(seconds=number)).isoformat(),
        }
        deliveries.append(Delivery(json.dumps(event).encode()))
    store_deliveries(account.pk, deliveries)
    before = time.perf_counter()
    done = 0
    while taken := consume_once():
        done += taken
    assert done == _MESSAGES, "all of them were read"
    return (time.perf_counter() - before) / _MESSAGES * 1000


def _decided(account: Any) -> float:
    """Median milliseconds of deciding, of messages that have not been looked at before."""
    from comptoir.conversations.models import Conversation
    from comptoir.intake.posts import under_our_posts
    from comptoir.routing.book import book_in_force
    from comptoir.routing.gathering import facts_of_conversations

    book = book_in_force()
    ids = list(Conversation.objects.order_by("pk").values_list("pk", flat=True)[:2000])
    facts = facts_of_conversations(ids, asks=book.asks, under_our_posts=under_our_posts)
    took = []
    for one in facts:
        before = time.perf_counter()
        decision = book.decide(one)
        took.append((time.perf_counter() - before) * 1000)
        assert decision.priority == 2, "only the last of them matches"  # else it measures less
    return statistics.median(took)


def _tried() -> float:
    """Seconds of trying a rule that asks for everything but a reading."""
    from comptoir.intake.posts import under_our_posts
    from comptoir.people.actions import create_agent
    from comptoir.routing.rules import Terms
    from comptoir.routing.trying import try_rule

    supervisor = create_agent(email="cheffe@maison.example", name="Cheffe", role="supervisor")
    conditions = [
        {"kind": "text", "among": ["commande"]},
        {"kind": "under_our_post", "among": [], "not": True},
        {"kind": "hours", "among": ["open"]},
        {"kind": "author_is", "among": ["new"]},
    ]
    revision = Terms(conditions, [{"kind": "vip", "among": []}]).revision()
    before = time.perf_counter()
    trial = try_rule(revision, agent=supervisor, under_our_posts=under_our_posts)
    assert trial.looked_at == 5000, "there are more than that"
    return time.perf_counter() - before


def _given_out(account: Any) -> tuple[int, float]:
    """The widest spread of load after any pass, and conversations a second."""
    from django.db import connection
    from django.db.models import Count

    from comptoir.conversations.models import Conversation
    from comptoir.people.actions import create_agent
    from comptoir.people.models import Team
    from comptoir.routing.assigning.giving import offer_all
    from comptoir.routing.models import TeamRouting

    Conversation.objects.update(waiting_since=None)
    team = Team.objects.create(name="Plateau")
    for number in range(_AGENTS):
        create_agent(email=f"agent{number}@maison.example", name=f"Agent {number}", teams=[team])
    team.agents.update(capacity_points=500)
    TeamRouting.objects.create(team=team, strategy="least_load", same_agent_within=None)
    waiting = list(Conversation.objects.order_by("pk").values_list("pk", flat=True)[: sum(_WAVES)])
    spread, took = 0, 0.0
    for count in _WAVES:
        wave, waiting = waiting[:count], waiting[count:]
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE conversations_conversation SET team_id = %s, waiting_since = now() WHERE id = ANY(%s)",
                [team.pk, wave],
            )
        before = time.perf_counter()
        given = offer_all()
        took += time.perf_counter() - before
        assert given == count, "each found somebody"  # else it measures less
        held = list(team.agents.annotate(held=Count("conversations")).values_list("held", flat=True))
        spread = max(spread, max(held) - min(held))
    return spread, sum(_WAVES) / took


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
