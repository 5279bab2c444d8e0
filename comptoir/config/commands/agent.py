"""`comptoir agent create`: people who work at the counter."""

from __future__ import annotations

import argparse
import getpass

from comptoir.config.errors import CommandError
from comptoir.config.language import _
from comptoir.config.starting import django_ready

_ROLES = ["agent", "community_manager", "expert", "supervisor", "director", "administrator"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    names = parser.add_subparsers(dest="what", metavar="what", required=True)
    create = names.add_parser("create", help=_("create a person, and print a link that signs them in once"))
    create.add_argument("email")
    create.add_argument("--name", required=True, help=_("the name that customers see"))
    create.add_argument("--role", choices=_ROLES, default="agent")
    create.add_argument("--language", choices=["fr", "en"], default="fr")
    create.add_argument(
        "--team",
        action="append",
        default=[],
        metavar="NAME",
        help=_("a team, made if there is none of that name; may be repeated"),
    )
    create.add_argument("--password", action="store_true", help=_("ask for a password"))


def run(options: argparse.Namespace) -> int:
    """Create the person."""
    password = getpass.getpass(_("Password: ")) if options.password else None
    with django_ready("agent"):
        from django.conf import settings
        from django.core.exceptions import ValidationError
        from django.core.validators import validate_email
        from django.db import IntegrityError, transaction

        from comptoir.people.actions import create_agent, create_sign_in_link
        from comptoir.people.models import Team

        try:
            validate_email(options.email)
            with transaction.atomic():
                teams = [Team.objects.get_or_create(name=name)[0] for name in options.team]
                agent = create_agent(
                    email=options.email,
                    name=options.name,
                    role=options.role,
                    language=options.language,
                    teams=teams,
                    password=password,
                )
                token = create_sign_in_link(agent=agent)
        except ValidationError:
            raise CommandError(_("“{email}” is not an e-mail address.").format(email=options.email), code=2) from None
        except IntegrityError:
            raise CommandError(
                _("Somebody signs in with {email} already. Nothing was changed.").format(email=options.email)
            ) from None
        print(_("{name} is created. To sign in once, within half an hour:").format(name=agent.name))
        print(f"  {settings.BASE_URL}/sign-in/{token}/")
    return 0
