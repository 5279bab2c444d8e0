"""`comptoir account`: connect accounts on networks, and check whether they answer."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from typing import TYPE_CHECKING

from comptoir.config.errors import CommandError
from comptoir.config.language import _, language
from comptoir.config.starting import django_ready
from comptoir.connectors.base import ConnectorError, CredentialField, ReceivesWebhooks
from comptoir.connectors.registry import UnknownKindError, connector_class
from comptoir.core.reasons import said

if TYPE_CHECKING:
    from comptoir.channels.models import ChannelAccount

_EXAMPLE = '{"mon": [["09:00", "12:30"], ["14:00", "18:00"]]}'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    names = parser.add_subparsers(dest="what", metavar="what", required=True)
    connect = names.add_parser("connect", help=_("connect an account; what is not given is asked for"))
    connect.add_argument("kind", metavar="KIND", help=_("see `comptoir connector list`"))
    connect.add_argument("--name", required=True, help=_("how it is called here"))
    connect.add_argument("--brand", metavar="SLUG", help=_("needed where there are several brands"))
    connect.add_argument("--team", metavar="NAME", help=_("who answers; needed where there are several teams"))
    connect.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help=_("one credential; VALUE may be @FILE, or $NAME of a variable"),
    )
    check = names.add_parser("check", help=_("ask the network whether the account still answers"))
    check.add_argument("account", metavar="ID|NAME", nargs="?", help=_("without it, every account"))
    leave = names.add_parser(
        "disconnect", help=_("give an account’s access back and forget what opens it; what was said stays")
    )
    leave.add_argument("account", metavar="ID|NAME")
    hours = names.add_parser("hours", help=_("set the weekly opening hours of an account"))
    hours.add_argument("account", metavar="ID|NAME")
    hours.add_argument(
        "hours", metavar="HOURS", help=_("the word always, or JSON like {example}").format(example=_EXAMPLE)
    )
    names.add_parser("list", help=_("list the accounts with their health"))


def run(options: argparse.Namespace) -> int:
    """Do what was asked."""
    with django_ready("account"):
        return {"connect": _connect, "check": _check, "disconnect": _disconnect, "list": _list, "hours": _set_hours}[
            options.what
        ](options)


def _connect(options: argparse.Namespace) -> int:
    from django.db import IntegrityError

    from comptoir.brands.models import Brand
    from comptoir.channels.actions import (
        MissingCredentialError,
        ShortCredentialError,
        check_account,
        connect_account,
    )
    from comptoir.config.lookups import the_one
    from comptoir.people.models import Team

    try:
        fields = connector_class(options.kind).credential_fields
    except UnknownKindError as error:
        raise CommandError(str(error), code=2) from None
    brand = the_one(Brand, "slug", options.brand, "--brand")
    team = the_one(Team, "name", options.team, "--team")
    try:
        account = connect_account(
            brand=brand, team=team, kind=options.kind, name=options.name, credentials=_asked(fields, options.set)
        )
    except MissingCredentialError as error:
        raise CommandError(
            _("{field} is missing: give it with --set {field}=…").format(field=error.field), code=2
        ) from None
    except ShortCredentialError as error:
        said_of_it = _("{field} is too short: choose at least {least} characters.")
        raise CommandError(said_of_it.format(field=error.field, least=error.least_chars), code=2) from None
    except IntegrityError:
        raise CommandError(_("This account is connected already."), code=2) from None
    try:
        health = check_account(account)
    except IntegrityError:
        account.health.refresh_from_db()
        said_of_it = _("{reason} It stays as number {number}, and does nothing.")
        raise CommandError(said_of_it.format(reason=said(account.health.last_error, _), number=account.pk)) from None
    except ConnectorError as error:
        raise CommandError(
            _(
                "The account is stored (number {number}), but the network refuses it: {reason} "
                "Check again with: comptoir account check {number}"
            ).format(number=account.pk, reason=said(error.reason, _))
        ) from error
    print(
        _("Connected: {name} (number {number}), {who}.").format(
            name=account.name, number=account.pk, who=health.handle or health.own_id or options.kind
        )
    )
    for remark in health.remarks:
        print(f"  {said(remark, _)}")
    _tell_what_is_left(account)
    return 0


def _tell_what_is_left(account: ChannelAccount) -> None:
    """What the other side needs of us, as the account's page says it."""
    from django.conf import settings

    from comptoir.channels.subscribing import hook_url

    kind = connector_class(account.kind)
    if issubclass(kind, ReceivesWebhooks):
        print("  " + _("It delivers to: {url}").format(url=hook_url(account)))
    if kind.embedding:
        line = kind.embedding.format(base=settings.BASE_URL, key=account.hook_key)
        print("  " + _("The line for your site: {line}").format(line=line))


def _check(options: argparse.Namespace) -> int:
    from django.db import IntegrityError

    from comptoir.channels.actions import check_account
    from comptoir.config.lookups import accounts_named
    from comptoir.delivery.held_up import let_go

    failed = False
    for account in accounts_named(options.account):
        try:
            health = check_account(account)
        except IntegrityError:
            failed = True
            account.health.refresh_from_db()
            print(f"✗ {account.pk} {account.name} ({account.kind}): {said(account.health.last_error, _)}")
        except ConnectorError as error:
            failed = True
            print(f"✗ {account.pk} {account.name} ({account.kind}): {said(error.reason, _)}")
        else:
            let_go(account.pk)
            print(f"✓ {account.pk} {account.name} ({account.kind}): {health.handle or health.own_id or 'ok'}")
            for remark in health.remarks:
                print(f"  {said(remark, _)}")
    return 1 if failed else 0


def _disconnect(options: argparse.Namespace) -> int:
    from comptoir.channels.leaving import leave_network
    from comptoir.config.lookups import accounts_named

    for account in accounts_named(options.account):
        left_to_do = leave_network(account)
        print(_("{name} is disconnected, and what opened it is forgotten.").format(name=account.name))
        if left_to_do:
            print(f"  {said(left_to_do, _)}")
    return 0


def _set_hours(options: argparse.Namespace) -> int:
    from django.core.exceptions import ValidationError

    from comptoir.channels.hours import check_weekly_hours
    from comptoir.config.lookups import accounts_named

    try:
        hours = {} if options.hours == "always" else json.loads(options.hours)
        check_weekly_hours(hours)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages), code=2) from None
    except ValueError:
        message = _("The hours are JSON, like {example}, or the word always.")
        raise CommandError(message.format(example=_EXAMPLE), code=2) from None
    for account in accounts_named(options.account):
        account.weekly_hours = hours
        account.save(update_fields=["weekly_hours"])
        print(_("The hours of {name} are kept.").format(name=account.name))
    return 0


def _list(options: argparse.Namespace) -> int:
    from comptoir.config.lookups import accounts_named

    for account in accounts_named(None):
        error = said(getattr(getattr(account, "health", None), "last_error", ""), _)
        who = account.handle or account.own_id
        print(f"{account.pk:>4}  {account.kind:<12} {account.status:<13} {account.name}  {who}  {error}".rstrip())
    return 0


def _asked(fields: tuple[CredentialField, ...], given: list[str]) -> dict[str, str]:
    """The credentials of the command line; on a terminal, the missing ones are asked for."""
    credentials: dict[str, str] = {}
    for one in given:
        name, sign, text = one.partition("=")
        if not sign or name not in {field.name for field in fields}:
            known = ", ".join(field.name for field in fields)
            raise CommandError(
                _("--set {one} names no field of this connector. There are: {known}.").format(one=name, known=known),
                code=2,
            )
        credentials[name] = _resolved(text)
    for field in fields:
        if field.name not in credentials and field.required and not field.default and sys.stdin.isatty():
            label = field.label[0 if language() == "fr" else 1]
            credentials[field.name] = getpass.getpass(f"{label}: ") if field.secret else input(f"{label}: ")
    return credentials


def _resolved(text: str) -> str:
    """A secret need not stand on the command line, where others can read it."""
    if text.startswith("@"):
        with open(text[1:], encoding="utf-8") as file:
            return file.read().strip()
    return os.environ.get(text[1:], "") if text.startswith("$") else text
