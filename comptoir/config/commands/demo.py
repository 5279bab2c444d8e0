"""`comptoir demo load`: the demonstration brand."""

from __future__ import annotations

import argparse

from comptoir.config.starting import django_ready


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("what", choices=["load"])


def run(options: argparse.Namespace) -> int:
    """Load it; where it is loaded already nothing changes."""
    with django_ready("demo"):
        from comptoir.config.demonstration import load_demonstration

        load_demonstration()
    print("The demonstration brand is loaded.")
    return 0
