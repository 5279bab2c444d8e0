"""`comptoir reports recount`: count the figures of service anew, from the record."""

from __future__ import annotations

import argparse

from comptoir.config.language import _
from comptoir.config.starting import django_ready


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    names = parser.add_subparsers(dest="what", metavar="what", required=True)
    names.add_parser("recount", help=_("count every conversation anew; the figures stay there meanwhile"))


def run(options: argparse.Namespace) -> int:
    """Count to the end; where a worker runs, it follows what happens meanwhile."""
    with django_ready("reports"):
        from comptoir.reporting.following import analyse_counted, count_everything_anew, count_past
        from comptoir.reporting.models import CountedConversation, PastCounting

        count_everything_anew()
        told = 0
        while count_past():
            past = PastCounting.objects.get()
            if past.percent >= told + 10:
                told = past.percent
                print(_("{percent}% counted.").format(percent=told), flush=True)
        analyse_counted()
        print(_("{count} conversations are counted.").format(count=CountedConversation.objects.count()))
    return 0
