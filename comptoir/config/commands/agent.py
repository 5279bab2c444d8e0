"""`comptoir agent`: people who work at the counter."""

from __future__ import annotations

import argparse
import getpass
from typing import TYPE_CHECKING, TypeVar

from comptoir.config.errors import CommandError
from comptoir.config.language import _
from comptoir.config.starting import django_ready

if TYPE_CHECKING:
    from django.db.models import Model

Row = TypeVar("Row", bound="Model")

_ROLES = ["agent", "community_manager", "expert", "supervisor", "director", "administrator", "reader"]


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
    edit = names.add_parser("edit", help=_("change who somebody is here; what is not given stays"))
    edit.add_argument("email")
    edit.add_argument("--name")
    edit.add_argument("--role", choices=_ROLES)
    edit.add_argument("--language", choices=["fr", "en"])
    edit.add_argument("--team", action="append", metavar="NAME", help=_("their teams from now on; may be repeated"))
    edit.add_argument(
        "--brand", action="append", metavar="SLUG", help=_("the brands they see from now on; “all” for all")
    )
    edit.add_argument("--forget-second-factor", action="store_true", help=_("for who has lost their telephone or key"))
    deactivate = names.add_parser(
        "deactivate", help=_("let somebody in no longer; their conversations go to their teams")
    )
    deactivate.add_argument("email")


def run(options: argparse.Namespace) -> int:
    """Do what was asked."""
    return {"create": _create, "edit": _edit, "deactivate": _deactivate}[options.what](options)


def _edit(options: argparse.Namespace) -> int:
    with django_ready("agent"):
        from comptoir.brands.models import Brand
        from comptoir.config.lookups import active_agent
        from comptoir.people.actions import LastAdministratorError, edit_agent, forget_second_factor
        from comptoir.people.models import Team

        agent = active_agent(options.email)
        teams = _all_named(Team, "name", options.team) if options.team else list(agent.teams.all())
        brands = list(agent.brands.all())
        if options.brand:
            brands = [] if options.brand == ["all"] else _all_named(Brand, "slug", options.brand)
        try:
            edited = edit_agent(
                agent.pk,
                name=options.name or agent.name,
                role=options.role or agent.role,
                language=options.language or agent.language,
                teams=teams,
                brands=brands,
            )
        except LastAdministratorError:
            raise CommandError(_("There must be one administrator at least. Nothing was changed.")) from None
        if options.forget_second_factor:
            forget_second_factor(agent.pk)
        print(_("{name} is changed.").format(name=edited.name))
    return 0


def _deactivate(options: argparse.Namespace) -> int:
    with django_ready("agent"):
        from comptoir.config.lookups import active_agent
        from comptoir.desk.departures import see_off
        from comptoir.people.actions import LastAdministratorError

        agent = active_agent(options.email)
        try:
            count = see_off(agent.pk)
        except LastAdministratorError:
            raise CommandError(_("There must be one administrator at least. Nothing was changed.")) from None
        said = _("{name} no longer gets in. Conversations that went back to their teams: {count}.")
        print(said.format(name=agent.name, count=count))
    return 0


def _all_named(model: type[Row], field: str, wanted: list[str]) -> list[Row]:
    rows = list(model._default_manager.filter(**{f"{field}__in": wanted}))
    missing = sorted(set(wanted) - {str(getattr(row, field)) for row in rows})
    if missing:
        known = ", ".join(str(getattr(row, field)) for row in model._default_manager.all()) or "–"
        raise CommandError(
            _("There is no {wanted}. There are: {known}.").format(wanted=", ".join(missing), known=known), code=2
        )
    return rows


def _create(options: argparse.Namespace) -> int:
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
