"""`comptoir brand create`: what customers talk about."""

from __future__ import annotations

import argparse

from comptoir.config.errors import CommandError
from comptoir.config.language import _
from comptoir.config.starting import django_ready


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    names = parser.add_subparsers(dest="what", metavar="what", required=True)
    create = names.add_parser("create", help=_("create a brand"))
    create.add_argument("name", help=_("as customers know it"))
    create.add_argument("--slug", help=_("a short name for commands; made from the name where it is left out"))
    create.add_argument("--language", choices=["fr", "en"], default="fr")
    create.add_argument("--time-zone", default="Europe/Paris", metavar="ZONE")


def run(options: argparse.Namespace) -> int:
    """Create the brand."""
    with django_ready("brand"):
        from django.db import IntegrityError

        from comptoir.brands.actions import UnknownTimeZoneError, create_brand

        try:
            brand = create_brand(
                name=options.name, slug=options.slug or "", language=options.language, time_zone=options.time_zone
            )
        except UnknownTimeZoneError:
            message = _("“{zone}” is not a time zone. An example: Europe/Paris.")
            raise CommandError(message.format(zone=options.time_zone), code=2) from None
        except IntegrityError:
            message = _("There is a brand “{slug}” already. Nothing was changed.")
            raise CommandError(message.format(slug=options.slug)) from None
    made = _(
        "Made the brand “{name}” ({slug}). Connect an account for it: comptoir account connect KIND --brand {slug}"
    )
    print(made.format(name=brand.name, slug=brand.slug))
    return 0
