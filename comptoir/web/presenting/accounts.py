"""What is shown of an account: its health in words, its addresses, what is not verified."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from comptoir.channels.connecting import parser_for
from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.channels.signing_in import signs_in
from comptoir.channels.subscribing import hook_url, is_heard_otherwise
from comptoir.connectors.base import (
    Connector,
    CredentialField,
    Family,
    ReceivesWebhooks,
    RenewsCredentials,
    SignsIn,
    SubscribesWebhooks,
)
from comptoir.connectors.registry import UnknownKindError, connector_class, connector_classes
from comptoir.core.clock import now
from comptoir.core.crypto import UnreadableSecretError
from comptoir.core.hours import DAYS, WeeklyHours, spans_written
from comptoir.web.wording import connector_label

_SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """One account and how it is. ``state`` is a word for the eye: fine, trouble, broken, paused."""

    account: ChannelAccount
    health: AccountHealth | None
    state: str
    is_expiring: bool
    cursor: str
    reservations: str
    absences: list[str]
    signs_in: bool
    renews: bool


def _renews(kind: type[Connector] | None) -> bool:
    """Whether its access is renewed before it ends, without anybody."""
    return kind is not None and issubclass(kind, RenewsCredentials)


def accounts_seen() -> Sequence[AccountSeen]:
    """Every account, in one query."""
    return [_seen(account) for account in ChannelAccount.objects.select_related("health", "brand", "team")]


def _seen(account: ChannelAccount) -> AccountSeen:
    health: AccountHealth | None = getattr(account, "health", None)
    kind = _kind_of(account)
    expires_at: datetime | None = health.token_expires_at if health else None
    return AccountSeen(
        account=account,
        health=health,
        state=_state(account, health),
        is_expiring=expires_at is not None and expires_at - now() < _SOON and not _renews(kind),
        renews=_renews(kind),
        cursor=_short(health.cursor) if health else "",
        reservations=reservations(kind) if kind else "",
        absences=absences(kind) if kind else [],
        signs_in=kind is not None and signs_in(kind),
    )


def _state(account: ChannelAccount, health: AccountHealth | None) -> str:
    if account.status == ChannelAccount.Status.DISCONNECTED:
        return "broken"
    if account.status == ChannelAccount.Status.PAUSED:
        return "paused"
    if health is None:
        return "fine"
    since = (health.silent_since, health.subscription_lost_at, health.clock_differs_since, health.unsent_since)
    return "trouble" if health.last_error or any(since) else "fine"


def _short(cursor: Any) -> str:
    text = json.dumps(cursor, ensure_ascii=False) if cursor else ""
    return text if len(text) <= 200 else text[:200] + "…"


def _kind_of(account: ChannelAccount) -> type[Connector] | None:
    try:
        return connector_class(account.kind)
    except UnknownKindError:
        return None


def _reader() -> int:
    """Which of a connector's (French, English) pairs is read."""
    return 0 if (get_language() or "fr").startswith("fr") else 1


def reservations(connector: type[Connector]) -> str:
    """What of the connector was not tried against the real service, in the reader's language."""
    return connector.unverified[_reader()]


def first_steps(connector: type[Connector]) -> list[str]:
    """What to do on the network's side first, in the reader's language."""
    return [step[_reader()] for step in connector.preparations]


def absences(connector: type[Connector]) -> list[str]:
    """What cannot be done there, in the reader's language."""
    said = [one[_reader()] for one in connector.absences]
    if connector.offers_publishing:
        said.append(_("Posts of our own are not published from here yet, though the network would let us."))
    return said


def scopes_asked(connector: type[Connector]) -> list[tuple[str, str]]:
    """The permissions that are asked for at sign-in, and what for; none where one does not sign in."""
    if not issubclass(connector, SignsIn):
        return []
    return [(scope.name, scope.why[_reader()]) for scope in connector.oauth.scopes]


def families() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every kind of account that can be connected, (kind, name), by what kind of place it is."""
    names = {
        Family.OWN: _("Your own"),
        Family.SOCIAL: _("Social networks"),
        Family.PRIVATE: _("Messaging"),
        Family.REVIEWS: _("Reviews"),
        Family.FORUMS: _("Forums, blogs and feeds"),
        Family.TELEPHONE: _("Telephone"),
    }
    known = [(kind, connector.family, connector_label(connector)) for kind, connector in connector_classes().items()]
    return [
        (
            name,
            sorted(((kind, label) for kind, where, label in known if where == family), key=lambda one: one[1].lower()),
        )
        for family, name in names.items()
        if any(where == family for _kind, where, _label in known)
    ]


def embedding(account: ChannelAccount) -> str:
    """What the company adds to its own site for this account; empty where there is nothing to add."""
    try:
        line = connector_class(account.kind).embedding
    except UnknownKindError:
        return ""
    return line.format(base=settings.BASE_URL, key=account.hook_key)


def own_addresses(account: ChannelAccount) -> list[str]:
    """Where the network delivers to us, where it does; an account that its stream brings everything needs none."""
    try:
        receives = issubclass(connector_class(account.kind), ReceivesWebhooks)
        is_needed = receives and not is_heard_otherwise(parser_for(account))
    except UnknownKindError:
        return []
    except UnreadableSecretError:
        is_needed = receives
    return [hook_url(account)] if is_needed else []


def is_told_by_us(account: ChannelAccount) -> bool:
    """Whether the network is told of our address by ourselves, so that mostly nobody has to."""
    try:
        connector = parser_for(account)
    except (UnknownKindError, UnreadableSecretError):
        return False
    return isinstance(connector, SubscribesWebhooks) and connector.subscribes_here()


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that was filled in to connect an account; a secret is only said to be there."""

    label: str
    value: str
    is_secret: bool


def connection_settings(account: ChannelAccount) -> list[Setting]:
    """What was filled in, but the secrets themselves."""
    try:
        fields = connector_class(account.kind).credential_fields
        stored = account.credentials
    except (UnknownKindError, UnreadableSecretError):
        return []
    reader = _reader()
    return [
        Setting(one.label[reader], (_("kept, not shown") if one.secret else _called(one, stored[one.name])), one.secret)
        if stored.get(one.name)
        else Setting(one.label[reader], "", one.secret)
        for one in fields
    ]


def _called(field: CredentialField, value: str) -> str:
    """What was chosen as its choice is called; what was typed as it stands."""
    return next((called[_reader()] for choice, called in field.choices if choice == value), value)


def stored_openly(account: ChannelAccount) -> dict[str, str]:
    """What was filled in and is no secret, to be edited."""
    try:
        stored = account.credentials
    except UnreadableSecretError:
        return {}
    fields = connector_class(account.kind).credential_fields
    return {one.name: stored.get(one.name, "") for one in fields if not one.secret}


def week_words(hours: WeeklyHours) -> list[tuple[str, str]]:
    """The opening hours as lines, days that are alike together: « lundi – vendredi », « 09:00–18:00 »."""
    if not hours:
        return []
    days = [(formats.date_format(date(2024, 1, 1 + number), "l"), spans_written(hours.get(day, ())))
            for number, day in enumerate(DAYS)]  # fmt: skip
    lines: list[tuple[list[str], str]] = []
    for label, spans in days:
        if lines and lines[-1][1] == spans:
            lines[-1][0].append(label)
        else:
            lines.append(([label], spans))
    return [
        (names[0] if len(names) == 1 else f"{names[0]} – {names[-1]}", spans or _("closed")) for names, spans in lines
    ]
