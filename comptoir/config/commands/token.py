"""`comptoir token`: tokens for the API."""

from __future__ import annotations

import argparse
from datetime import timedelta

from comptoir.config.errors import CommandError
from comptoir.config.language import _
from comptoir.config.starting import django_ready


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    names = parser.add_subparsers(dest="what", metavar="what", required=True)
    create = names.add_parser("create", help=_("create a token; its secret is printed once"))
    create.add_argument("name", help=_("what it is for"))
    create.add_argument("--agent", metavar="EMAIL", help=_("as whom it acts; without it, the first administrator"))
    create.add_argument(
        "--scope", action="append", default=[], metavar="SCOPE", help=_("may be repeated; without it, all but admin")
    )
    create.add_argument("--days", type=int, help=_("how long it lasts; without it, until it is revoked"))

    names.add_parser("list", help=_("list the tokens, without their secrets"))
    revoke = names.add_parser("revoke", help=_("end a token at once"))
    revoke.add_argument("number", type=int, metavar="NUMBER", help=_("see `comptoir token list`"))


def run(options: argparse.Namespace) -> int:
    """Do what was asked."""
    return {"create": _create, "list": _list, "revoke": _revoke}[options.what](options)


def _list(_options: argparse.Namespace) -> int:
    with django_ready("token"):
        from comptoir.api.models import ApiToken

        live = set(ApiToken.objects.live().values_list("pk", flat=True))
        for token in ApiToken.objects.select_related("agent"):
            state = "live" if token.pk in live else "over"
            used = f"{token.last_used_at:%Y-%m-%d %H:%M}" if token.last_used_at else "–"
            print(f"{token.pk:>4}  {state}  {token.prefix}…  {used:<16}  {token.name} ({token.agent.name})")
    return 0


def _revoke(options: argparse.Namespace) -> int:
    with django_ready("token"):
        from comptoir.api.actions import revoke_token
        from comptoir.api.models import ApiToken

        token = ApiToken.objects.filter(pk=options.number).first()
        if token is None:
            message = _("There is no token {number}. See: comptoir token list")
            raise CommandError(message.format(number=options.number), code=2)
        revoke_token(token)
        print(_("“{name}” opens nothing any more.").format(name=token.name))
    return 0


def _create(options: argparse.Namespace) -> int:
    with django_ready("token"):
        from comptoir.api.actions import create_token
        from comptoir.api.scopes import Scope
        from comptoir.config.lookups import active_agent
        from comptoir.core.clock import now

        known = [scope.value for scope in Scope]
        unknown = sorted(set(options.scope) - set(known))
        if unknown:
            raise CommandError(
                _("There is no scope {unknown}. There are: {known}.").format(
                    unknown=", ".join(unknown), known=", ".join(known)
                ),
                code=2,
            )
        agent = active_agent(options.agent)
        scopes = options.scope or [scope for scope in known if scope != Scope.ADMIN]
        expires_at = now() + timedelta(days=options.days) if options.days else None
        _token, secret = create_token(name=options.name, agent=agent, scopes=scopes, expires_at=expires_at)
        print(secret)
    return 0
