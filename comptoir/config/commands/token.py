"""`comptoir token create`: tokens for the API."""

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


def run(options: argparse.Namespace) -> int:
    """Create the token."""
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
