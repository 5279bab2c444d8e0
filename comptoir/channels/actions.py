"""Connecting accounts, and finding out whether they still answer."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta

from django.db import IntegrityError, transaction

from comptoir.brands.models import Brand
from comptoir.channels.clocks import note_skew, watched
from comptoir.channels.connecting import opened, tried
from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.channels.subscribing import subscribe
from comptoir.channels.templates import read_templates
from comptoir.connectors.base import AuthError, Connector, ConnectorError, Health, PermanentError
from comptoir.connectors.registry import connector_class
from comptoir.core.clock import now
from comptoir.core.reasons import Reason
from comptoir.events.record import SYSTEM, Actor, record
from comptoir.people.models import Team

_VERSION_ENDS_SOON = timedelta(days=90)


class MissingCredentialError(Exception):
    """A credential the connector needs was left out; ``field`` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(f"“{field}” is missing.")
        self.field = field


class ShortCredentialError(Exception):
    """What was typed is too short to be safe: ``field`` names it, ``least_chars`` is how long it must be."""

    def __init__(self, field: str, least_chars: int) -> None:
        super().__init__(f"“{field}” must have at least {least_chars} characters.")
        self.field, self.least_chars = field, least_chars


def connect_account(
    *,
    brand: Brand,
    team: Team,
    kind: str,
    name: str,
    credentials: Mapping[str, str],
    own_id: str = "",
    weekly_hours: Mapping[str, list[list[str]]] | None = None,
    waits_for_sign_in: bool = False,
    by: Actor = SYSTEM,
) -> ChannelAccount:
    """Store a new account, not checked yet; call `check_account` next, or have somebody sign in where it waits for it.

    Raises UnknownKindError, MissingCredentialError, ShortCredentialError, ValidationError for the hours, and
    IntegrityError where the same identity is connected already.
    """
    _check_lengths(kind, credentials)
    wanted = _complete(kind, credentials)
    account = ChannelAccount(
        brand=brand, team=team, kind=kind, name=name, own_id=own_id, weekly_hours=dict(weekly_hours or {})
    )
    if waits_for_sign_in:
        account.status = ChannelAccount.Status.DISCONNECTED
    account.credentials = wanted
    if not own_id and (claimed := connector_class(kind).own_id_in(wanted)):
        account.identify_as(claimed, place="")  # before the network says so: nobody else connects it meanwhile
    account.clean_fields(exclude=["encrypted_credentials", "own_id", "handle"])
    with transaction.atomic():
        account.save()
        AccountHealth.objects.create(account=account)
        record("account.connected", subject=account, by=by, kind=kind)
    return account


def reconnect_account(
    account: ChannelAccount, *, credentials: Mapping[str, str], emptied: Collection[str] = (), by: Actor = SYSTEM
) -> Health:
    """Replace the credentials once they are seen to work for the very same identity; those left empty are kept, but
    for the ones that were ``emptied`` on purpose.

    The row is locked while the network is asked: a token that is renewed meanwhile would be overwritten by the old one.
    Raises MissingCredentialError, ShortCredentialError, UnreadableSecretError, or a ConnectorError for people; the old
    ones stay then. Raises IntegrityError, and keeps why with the account, where they open an account of the network
    that is connected here under another name.
    """
    try:
        return _reconnect(account, credentials, emptied, by)
    except IntegrityError:
        keep_error(account, reason=_connected_as(account))
        raise


@transaction.atomic
def prepare_sign_in(
    account: ChannelAccount, *, credentials: Mapping[str, str], emptied: Collection[str] = (), by: Actor = SYSTEM
) -> None:
    """Keep corrected credentials of an account that is not open and that somebody signs in to: only the sign-in can
    show that they work, and it needs them.

    Raises MissingCredentialError, ShortCredentialError, UnreadableSecretError; the old ones stay then.
    """
    account.credentials = _corrected(account, credentials, emptied)
    account.save(update_fields=["encrypted_credentials"])
    record("account.changed", subject=account, by=by)


def _reconnect(account: ChannelAccount, credentials: Mapping[str, str], emptied: Collection[str], by: Actor) -> Health:
    with transaction.atomic():
        wanted = _corrected(account, credentials, emptied)
        with tried(account, wanted) as connector:
            health, place = connector.check(), connector.people_scope() or ""
            working = connector.renewed_credentials() or wanted
        _keep_health(account, health, place, by)
        account.credentials = working
        account.save(update_fields=["encrypted_credentials"])
    return health


def check_account(account: ChannelAccount, *, by: Actor = SYSTEM) -> Health:
    """Ask the network who we are and keep what it says with the account.

    Raises ConnectorError (its text is for people) after keeping it as the account's last error; an AuthError
    disconnects. Raises IntegrityError where the same account of the network is connected already: this one is used no
    more, or everything would be read and answered twice.
    """
    try:
        with opened(account) as connector, watched(connector) as skew:
            health, place = connector.check(), connector.people_scope() or ""
            read_templates(connector, account)
            remarks = (subscribe(connector, account), skew.remark(), version_remark(connector))
    except AuthError as error:
        disconnect_account(account, reason=error.reason, by=by)
        raise
    except ConnectorError as error:
        keep_error(account, reason=error.reason)
        raise
    try:
        _keep_health(account, health, place, by)
    except IntegrityError:
        disconnect_account(account, reason=_connected_as(account), by=by)
        raise
    note_skew(account, skew)
    return replace(health, remarks=(*health.remarks, *filter(None, remarks)))


def _connected_as(account: ChannelAccount) -> Reason:
    other = ChannelAccount.objects.exclude(pk=account.pk).filter(kind=account.kind, own_id=account.own_id).first()
    if other is not None and other.status == ChannelAccount.Status.DISCONNECTED:
        return Reason(
            "“%(name)s” is the same account of the network: reconnect that one. This one is used no more.",
            name=other.name,
        )
    return Reason(
        "The same account of the network is connected here already, as “%(name)s”. This one is used no more.",
        name=other.name if other else "?",
    )


def version_remark(connector: Connector) -> Reason | None:
    """What people are told when the version of the network's API that is spoken here ends soon."""
    version = connector.api_version
    if version is None or version.ends_on is None or version.ends_on - now().date() > _VERSION_ENDS_SOON:
        return None
    return Reason(
        "The version of the network’s interface that is used here (%(version)s) ends on %(day)s: update Comptoir.",
        version=version.name,
        day=_said_day(version.ends_on),
    )


def _said_day(day: date) -> Reason:
    """“30 September 2027”, whose month is said in the reader's language."""
    return Reason("%(day)s %(month)s %(year)s", day=day.day, month=Reason(month_name[day.month]), year=day.year)


@transaction.atomic
def disconnect_account(account: ChannelAccount, *, reason: str, by: Actor = SYSTEM) -> None:
    """The credentials no longer work: stop using the account until a person renews them. Recorded once.

    Nothing happens where they were renewed since ``account`` was read: the ones that were refused are used no more.
    """
    stored = ChannelAccount.objects.select_for_update(no_key=True).filter(pk=account.pk).first()
    if stored is None or bytes(stored.encrypted_credentials) != bytes(account.encrypted_credentials):
        return
    keep_error(account, reason=reason)
    if stored.status == ChannelAccount.Status.ACTIVE:
        ChannelAccount.objects.filter(pk=account.pk).update(status=ChannelAccount.Status.DISCONNECTED)
        record("account.disconnected", subject=account, by=by, reason=reason)
    account.status = ChannelAccount.Status.DISCONNECTED


def keep_error(account: ChannelAccount, *, reason: str) -> None:
    """Keep the last thing that went wrong where the account's health is shown."""
    AccountHealth.objects.update_or_create(account=account, defaults={"last_error": reason, "last_error_at": now()})


@transaction.atomic
def _keep_health(account: ChannelAccount, health: Health, place: str, by: Actor) -> None:
    is_first = not AccountHealth.objects.filter(account=account).exclude(last_checked_at=None).exists()
    known = "" if is_first and _is_only_claimed(account) else account.own_id
    if health.own_id:
        account.identify_as(health.own_id, place=place)
    if known and health.own_id and known not in (account.own_id, health.own_id):
        account.own_id = known
        found, expected = health.handle or health.own_id, account.handle or account.network_id
        raise PermanentError(
            "These credentials open “%(found)s”, but this account is “%(expected)s”.", found=found, expected=expected
        )
    status = ChannelAccount.objects.select_for_update().get(pk=account.pk).status  # as it is now: it may rest since
    was_active = status == ChannelAccount.Status.ACTIVE
    account.handle = health.handle or account.handle
    account.status = ChannelAccount.Status.ACTIVE if status == ChannelAccount.Status.DISCONNECTED else status
    account.save(update_fields=["own_id", "handle", "status"])
    AccountHealth.objects.update_or_create(
        account=account,
        defaults={
            "last_checked_at": now(),
            "last_error": "",
            "last_error_at": None,
            "token_expires_at": health.token_expires_at,
        },
    )
    if is_first:
        record("account.opened", subject=account, by=by)
    if not was_active and account.status == ChannelAccount.Status.ACTIVE:
        record("account.reconnected", subject=account, by=by)


def _is_only_claimed(account: ChannelAccount) -> bool:
    """Whether our own id is what was typed when the account was made: a mistyped one is corrected."""
    claimed = connector_class(account.kind).own_id_in(account.credentials)
    return bool(claimed) and account.network_id == claimed


def _corrected(account: ChannelAccount, credentials: Mapping[str, str], emptied: Collection[str]) -> dict[str, str]:
    """What is stored, with what was typed in its place; the row is locked."""
    held = ChannelAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    account.encrypted_credentials = held.encrypted_credentials
    earlier = {name: text for name, text in account.credentials.items() if name not in emptied}
    typed = {name: text for name, text in credentials.items() if text}
    _check_lengths(account.kind, {name: text for name, text in typed.items() if text != earlier.get(name)})
    return _complete(account.kind, earlier | typed)


def _complete(kind: str, credentials: Mapping[str, str]) -> dict[str, str]:
    wanted: dict[str, str] = {}
    fields = connector_class(kind).credential_fields
    for field in fields:
        wanted[field.name] = credentials.get(field.name, "").strip() or field.default
        if field.required and not wanted[field.name]:
            raise MissingCredentialError(field.name)
    return dict(credentials) | wanted


def _check_lengths(kind: str, typed: Mapping[str, str]) -> None:
    for field in connector_class(kind).credential_fields:
        if 0 < len(typed.get(field.name, "").strip()) < field.least_chars:
            raise ShortCredentialError(field.name, field.least_chars)
