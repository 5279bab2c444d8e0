"""`comptoir task NAME [ARGUMENTS]`: what a worker has done in a process of its own."""

from __future__ import annotations

import argparse
import json
import os

from comptoir.config.errors import CommandError
from comptoir.config.language import _
from comptoir.config.parents import end_with_supervisor
from comptoir.config.starting import django_ready


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", help=_("the task, as in catalogue.read"))
    parser.add_argument("arguments", nargs="?", default="{}", type=json.loads, help=_("what it is given, in JSON"))


def run(options: argparse.Namespace) -> int:
    """Do it, giving way to everything else."""
    end_with_supervisor()
    from comptoir.core.apart import NICE

    os.nice(NICE)
    with django_ready("task"):
        from comptoir.core.tasks import UnknownTaskError, do_here

        try:
            do_here(options.name, **options.arguments)
        except UnknownTaskError:
            raise CommandError(_("There is no task “{name}”.").format(name=options.name)) from None
    return 0
