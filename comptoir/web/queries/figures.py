"""What networks count of our accounts: the newest figure of each, beside that of a month before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Sum
from django.db.models.functions import TruncWeek
from django.utils.formats import number_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from comptoir.channels.models import ChannelAccount, Figure
from comptoir.connectors import registry
from comptoir.connectors.base import Family
from comptoir.intake.measuring import RECEIVED

_COMPARED = timedelta(days=30)
_OLDEST = timedelta(days=45)
_SHOWN = timedelta(days=365)
_TOLD_BY_DAY = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class FigureSeen:
    """One figure as it is shown; ``change`` is against the same figure some thirty days before, empty if unknown."""

    name: str
    label: str
    meaning: str
    shown: str
    change: str


@dataclass(frozen=True, slots=True)
class Place:
    """One account: what came from customers there in thirty days, its share of all, and what its network counts."""

    account: ChannelAccount
    received: int
    share_percent: int
    figures: list[FigureSeen]


@dataclass(frozen=True, slots=True)
class Dependence:
    """One network, whatever the number of accounts there, and its share of what customers say."""

    kind: str
    share_percent: int


def largest_network(found: Iterable[Place]) -> Dependence | None:
    """The network of others where most is said; None where all is said in places of one's own, or nothing is."""
    received: defaultdict[str, int] = defaultdict(int)
    for place in found:
        received[place.account.kind] += place.received
    of_others = {kind: number for kind, number in received.items() if number and not _is_own(kind)}
    if not of_others:
        return None
    kind = max(of_others, key=lambda one: of_others[one])
    return Dependence(kind, round(100 * of_others[kind] / sum(received.values())))


def _is_own(kind: str) -> bool:
    connector = registry.connector_classes().get(kind)
    return connector is not None and connector.family is Family.OWN


def latest_figures(account_ids: Iterable[int]) -> Mapping[int, list[FigureSeen]]:
    """The figures of accounts themselves, by account, in two queries whatever their number."""
    ids, today = list(account_ids), localdate()
    recent = Figure.objects.filter(account__in=ids, external_id="", measured_on__gt=today - _OLDEST)
    recent = recent.exclude(name=RECEIVED)
    newest = recent.order_by("account_id", "name", "-measured_on").distinct("account_id", "name")
    before = recent.filter(measured_on__lte=today - _COMPARED).order_by("account_id", "name", "-measured_on")
    earlier = {(one.account_id, one.name): one.value for one in before.distinct("account_id", "name")}
    seen: defaultdict[int, list[FigureSeen]] = defaultdict(list)
    for one in newest:
        seen[one.account_id].append(_seen(one, earlier.get((one.account_id, one.name))))
    return seen


def ratings(account_id: int) -> list[Figure]:
    """An account's rating over the last year, as it stood at the end of each week, the oldest first; on each day where
    it was first counted so short ago that its weeks would tell little.
    """
    counted = Figure.objects.filter(account=account_id, external_id="", name="rating")
    within = counted.filter(measured_on__gt=localdate() - _SHOWN)
    if not counted.filter(measured_on__lte=localdate() - _TOLD_BY_DAY).exists():
        return list(within.order_by("measured_on"))
    weekly = within.annotate(week=TruncWeek("measured_on"))
    return list(weekly.order_by("week", "-measured_on").distinct("week"))


def places() -> list[Place]:
    """Every account, those where most is said first."""
    today = localdate()
    counted = Figure.objects.filter(name=RECEIVED, external_id="", measured_on__gt=today - _COMPARED)
    received = dict(counted.values_list("account").annotate(total=Sum(F("value"))).values_list("account", "total"))
    accounts = list(ChannelAccount.objects.select_related("brand"))
    figures = latest_figures(one.pk for one in accounts)
    everything = sum(received.values()) or 1
    found = [
        Place(one, int(received.get(one.pk, 0)), round(100 * received.get(one.pk, 0) / everything),
              figures.get(one.pk, []))
        for one in accounts
    ]  # fmt: skip
    return sorted(found, key=lambda place: (-place.received, place.account.name))


def measured_since() -> date | None:
    """The first day that was counted; None before there was one."""
    counted = Figure.objects.filter(name=RECEIVED).order_by("measured_on")
    return counted.values_list("measured_on", flat=True).first()


def _seen(figure: Figure, before: float | None) -> FigureSeen:
    label, meaning = _names().get(figure.name, (figure.name, ""))
    decimals = 0 if figure.value == int(figure.value) and figure.best is None else 1
    shown = number_format(figure.value, decimals, force_grouping=True)
    if figure.best:
        shown = _("%(value)s out of %(best)s") % {"value": shown, "best": number_format(figure.best, 0)}
    return FigureSeen(figure.name, label, meaning, shown, _change(figure.value, before, decimals))


def _change(value: float, before: float | None, decimals: int) -> str:
    if before is None:
        return ""
    difference = value - before
    if round(difference, decimals) == 0:
        return _("unchanged in 30 days")
    sign = "+" if difference > 0 else "−"
    return _("%(change)s in 30 days") % {"change": sign + number_format(abs(difference), decimals, force_grouping=True)}


def _names() -> dict[str, tuple[str, str]]:
    return {
        "followers": (_("Followers"), _("People who follow the account.")),
        "following": (_("Followed"), _("Accounts that this one follows.")),
        "posts": (_("Publications"), _("What the account has published since it exists.")),
        "views": (_("Views"), _("How often its content was shown, since it exists.")),
        "reach": (_("People reached"), _("People who saw its content, in the network’s own span.")),
        "clicks": (_("Clicks"), _("Clicks on its content, in the network’s own span.")),
        "likes": (_("Likes"), _("Likes that its content received, since it exists.")),
        "comments": (_("Comments"), _("Comments that its content received, since it exists.")),
        "shares": (_("Shares"), _("How often its content was passed on, since it exists.")),
        "reviews": (_("Reviews"), _("Reviews that the account has received, since it exists.")),
        "rating": (_("Rating"), _("The average of all its reviews, as the network counts it.")),
        "members": (_("Members"), _("People who are members of the space.")),
    }
