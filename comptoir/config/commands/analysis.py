"""`comptoir analysis`: have messages read that were there before anything was read."""

from __future__ import annotations

import argparse
from datetime import datetime, time

from comptoir.config.errors import CommandError
from comptoir.config.language import _
from comptoir.config.starting import django_ready


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    names = parser.add_subparsers(dest="what", metavar="what", required=True)
    backfill = names.add_parser(
        "backfill", help=_("have the worker read what was never read, when nothing new is to be read")
    )
    backfill.add_argument("--since", metavar="DAY", help=_("only what was sent from that day on (2026-01-31)"))
    names.add_parser("status", help=_("say how much is to be read"))


def run(options: argparse.Namespace) -> int:
    """Ask for it, or say how far it is."""
    with django_ready("analysis"):
        from comptoir.analysis.backlog import ask_for_all, backlog

        if options.what == "backfill":
            asked = ask_for_all(since=_midnight(options.since) if options.since else None)
            print(_("{count} messages are to be read, once nothing new is.").format(count=asked))
            return 0
        left = backlog()
        print(_("To be read: {new} new messages, {late} older ones.").format(new=left.new, late=left.late))
    return 0


def _midnight(day: str) -> datetime:
    from django.utils import timezone
    from django.utils.dateparse import parse_date

    try:
        found = parse_date(day)
    except ValueError:
        found = None
    if found is None:
        raise CommandError(_("“{day}” is no day. Write it like 2026-01-31.").format(day=day))
    return timezone.make_aware(datetime.combine(found, time(0)))
