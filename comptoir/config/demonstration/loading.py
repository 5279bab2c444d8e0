"""Two invented companies under one roof: lamps and coffee; their teams, their accounts, a week and a morning of their
customers' messages.

Everything goes in by the door that real messages use, so that what is shown is what the product does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction

from comptoir.brands.models import Brand
from comptoir.channels.actions import connect_account
from comptoir.channels.models import ChannelAccount
from comptoir.config.demonstration.answers import load_answers
from comptoir.config.demonstration.at_hand import keep_at_hand
from comptoir.config.demonstration.between import pass_between
from comptoir.config.demonstration.morning import MESSAGES, Spoken
from comptoir.config.demonstration.readings import DemonstrationReader
from comptoir.config.demonstration.ringing import ring_and_text, see_to_calls
from comptoir.config.demonstration.routing import arrange_routing
from comptoir.config.demonstration.telling import tell_week
from comptoir.connectors.base import Author, EventKind, NetworkEvent
from comptoir.core.clock import now
from comptoir.intake.actions import receive
from comptoir.people.actions import create_agent
from comptoir.people.models import Agent, Team

#: Where reviews are answered: a reserved name, which leads nowhere.
_REVIEWS = {"outgoing_url": "https://avis.example/reponses"}
ADMINISTRATOR = "camille@maison-lueur.example"


def load_demonstration(*, with_week: bool = True) -> bool:
    """Load the demonstration into an installation without any brand; False where there is one already.

    ``with_week``: several hundred conversations before this morning's.
    """
    with transaction.atomic():
        if Brand.objects.exists():
            return False
        lamps = Brand.objects.create(name="Maison Lueur", slug="maison-lueur")
        teams = _make_teams()
        _make_agents(teams)
        accounts = _make_accounts(lamps, teams)
        if with_week:
            coffee = Brand.objects.create(name="Brûlerie du Canal", slug="brulerie-du-canal")
            places = _places(lamps, coffee, accounts, teams)
        reader = DemonstrationReader()
        if with_week:
            tell_week(places, reader)
            _count_rows()
            load_answers()
            keep_at_hand(Agent.objects.get(user__email=ADMINISTRATOR))
        arrange_routing(teams)
        present = now()
        for account in accounts.values():
            spoken = [one for one in MESSAGES if accounts[one.account] is account]
            receive(account, [_event(one, account, present) for one in spoken])
        if with_week:
            ring_and_text(lamps, Brand.objects.get(slug="brulerie-du-canal"), teams["service"])
        reader.read()
        if with_week:
            pass_between(teams)
            see_to_calls()
    return True


def _count_rows() -> None:
    """Have the database know how many rows there are by now, and not count them anew before all of them are in.

    It counts by itself about once a minute; what a transaction under way has written is nothing to it, and a table
    that is taken for empty is then read whole for each row of another, for many minutes.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _places(
    lamps: Brand, coffee: Brand, accounts: dict[str, ChannelAccount], teams: dict[str, Team]
) -> dict[tuple[str, str], ChannelAccount]:
    """The accounts that the week takes place on, by brand and kind."""
    service = teams["service"]
    places = {(lamps.slug, kind): account for kind, account in accounts.items()}
    places[lamps.slug, "webhook"] = _paused(
        lamps, service, "webhook", "Avis en ligne", "avis-lueur", "Maison Lueur", _REVIEWS
    )
    places[coffee.slug, "bluesky"] = _paused(
        coffee, service, "bluesky", "Brûlerie du Canal", "did:example:brulerie-du-canal", "@brulerie-du-canal"
    )
    places[coffee.slug, "email"] = _paused(
        coffee, service, "email", "Courriel", "bonjour@brulerie-du-canal.example", "bonjour@brulerie-du-canal.example"
    )
    places[coffee.slug, "webhook"] = _paused(
        coffee, service, "webhook", "Avis en ligne", "avis-canal", "Brûlerie", _REVIEWS
    )
    return places


def _make_teams() -> dict[str, Team]:
    return {
        "service": Team.objects.create(name="Service clients", purpose=Team.Purpose.SERVICE),
        "experts": Team.objects.create(name="Atelier et éclairage", purpose=Team.Purpose.EXPERTISE),
        "marketing": Team.objects.create(name="Communication", purpose=Team.Purpose.MARKETING),
    }


def _make_agents(teams: dict[str, Team]) -> None:
    people = [
        (ADMINISTRATOR, "Camille Renard", Agent.Role.ADMINISTRATOR, ["service"]),
        ("awa@maison-lueur.example", "Awa Diop", Agent.Role.AGENT, ["service"]),
        ("hugo@maison-lueur.example", "Hugo Le Gall", Agent.Role.AGENT, ["service"]),
        ("ines@maison-lueur.example", "Inès Moreau", Agent.Role.COMMUNITY_MANAGER, ["marketing"]),
        ("tomas@maison-lueur.example", "Tomàs Vidal", Agent.Role.EXPERT, ["experts", "service"]),
        ("jeanne@maison-lueur.example", "Jeanne Abadie", Agent.Role.SUPERVISOR, ["service", "experts"]),
    ]
    for email, name, role, members in people:
        create_agent(email=email, name=name, role=role, teams=[teams[team] for team in members])


def _make_accounts(brand: Brand, teams: dict[str, Team]) -> dict[str, ChannelAccount]:
    """A chat and a webhook account that work at once; a Bluesky and an e-mail account that wait for real
    credentials.
    """
    open_ones = {
        "chat": connect_account(
            brand=brand, team=teams["service"], kind="chat", name="Chat du site", credentials={}, own_id="chat"
        ),
    }
    return open_ones | {
        "bluesky": _paused(
            brand, teams["service"], "bluesky", "Maison Lueur", "did:example:maison-lueur", "@maison-lueur"
        ),
        "email": _paused(
            brand, teams["service"], "email", "Courriel", "bonjour@maison-lueur.example", "bonjour@maison-lueur.example"
        ),
    }


def _paused(
    brand: Brand,
    team: Team,
    kind: str,
    name: str,
    own_id: str,
    handle: str,
    credentials: Mapping[str, str] | None = None,
) -> ChannelAccount:
    """An account to look at: nothing is fetched from the network, replies stay queued until it is connected for
    real.
    """
    account = ChannelAccount(
        brand=brand, team=team, kind=kind, name=name, own_id=own_id, handle=handle, status=ChannelAccount.Status.PAUSED
    )
    account.credentials = dict(credentials or {})
    account.save()
    return account


def _event(one: Spoken, account: ChannelAccount, present: datetime) -> NetworkEvent:
    at = present - timedelta(minutes=one.minutes_ago)
    by_us = one.by == "us"
    person = Author(id=f"demo-{one.person}", handle=one.person, name=one.name or None)
    key = f"demo-{account.kind}-{one.thread}-{one.minutes_ago}"
    return NetworkEvent(
        event=EventKind(one.kind),
        direction="outgoing" if by_us else "incoming",
        visibility="public" if account.kind == "bluesky" else "private",
        external_id=key,
        thread_id=f"demo-{one.thread}",
        author=Author(id=account.own_id, handle=account.handle, name=account.brand.name) if by_us else person,
        counterpart=person if by_us else None,
        text=one.text,
        subject=one.subject or None,
        sent_at=at,
        language=one.language,
    )
