"""`comptoir migrate`: bring the database up to date; on a first start, load the demonstration brand."""

from __future__ import annotations

import argparse

from comptoir.config.errors import CommandError
from comptoir.config.language import _
from comptoir.config.schema import (
    fingerprint,
    is_of_newer_release,
    newest_applied,
    record_fingerprint,
    recorded_fingerprint,
)
from comptoir.config.starting import django_ready
from comptoir.config.tables import lay_out_tables


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--demo-if-new", action="store_true", help=_("load the demonstration brand if this is the first start")
    )
    parser.add_argument("--quiet", action="store_true", help=_("do not name each step"))


def run(options: argparse.Namespace) -> int:
    """Migrate, and note what the database was migrated to, so that the next start need not look."""
    with django_ready("migrate", migrated=False):
        from django.core.management import call_command
        from django.db import connection

        connection.ensure_connection()
        if is_of_newer_release(newest_applied(connection.connection).items()):
            raise CommandError(
                _(
                    "The database was brought up to date by a newer release of Comptoir, which this one does not know. "
                    "Nothing was changed. Start that release, or restore a backup made by this one."
                )
            )
        is_new = recorded_fingerprint(connection.connection) is None
        if is_new:
            lay_out_tables(connection.connection)
        call_command("migrate", interactive=False, verbosity=0 if options.quiet else 1)
        if is_new and options.demo_if_new:
            _load_demonstration_if_empty()
        record_fingerprint(connection.connection, fingerprint())
    return 0


def _load_demonstration_if_empty() -> None:
    from comptoir.brands.models import Brand
    from comptoir.config.demonstration import load_demonstration

    if not Brand.objects.exists():
        load_demonstration()
