"""`comptoir search`: make the search again from the messages."""

from __future__ import annotations

import argparse

from comptoir.config.language import _
from comptoir.config.starting import django_ready


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    names = parser.add_subparsers(dest="what", metavar="what", required=True)
    names.add_parser("rebuild", help=_("empty the search and fill it again; people go on working meanwhile"))
    names.add_parser("catch-up", help=_("put in what is missing, now instead of within the minute"))


def run(options: argparse.Namespace) -> int:
    """Fill it, to the end."""
    with django_ready("search"):
        from comptoir.conversations.indexing import catch_up, forget_all

        if options.what == "rebuild":
            forget_all()
        added = 0
        while batch := catch_up():
            added += batch
            print(_("{count} in the search so far.").format(count=added), flush=True)
        print(_("The search holds everything."))
    return 0
