"""`comptoir manage …`: Django's own commands (makemigrations, shell, dbshell…), for developers."""

from __future__ import annotations

import argparse

from comptoir.config.language import _
from comptoir.config.starting import django_ready


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything that follows is Django's."""
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help=_("the command and its arguments"))


def run(options: argparse.Namespace) -> int:
    """Run it."""
    with django_ready("manage", migrated=False):
        from django.core.management import execute_from_command_line

        execute_from_command_line(["comptoir manage", *options.arguments])
    return 0
