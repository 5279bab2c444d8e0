"""The `comptoir` command. Each sub-command is one module in commands/, imported only when it is asked for."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Protocol, cast

from comptoir import __version__
from comptoir.config.errors import plain_errors

#: Name on the command line -> (module in commands/, what it does).
COMMANDS = {
    "up": ("up", "start everything: database, web server, live updates, worker"),
    "web": ("web", "serve pages, the API and webhooks"),
    "live": ("live", "serve the stream of live updates"),
    "worker": ("worker", "read what comes in, send what goes out"),
    "migrate": ("migrate", "bring the database up to date"),
    "doctor": ("doctor", "check the installation, each finding with its remedy"),
    "sign-in": ("sign_in", "print a link that signs a person in once"),
    "brand": ("brand", "create brands"),
    "agent": ("agent", "create people who work at the counter"),
    "token": ("token", "create tokens for the API"),
    "account": ("account", "connect and check accounts on networks, set their opening hours"),
    "connector": ("connector", "list connectors, see what they make of a payload"),
    "deliveries": ("deliveries", "list and replay what was set aside"),
    "import": ("importing", "bring in messages as history"),
    "search": ("search", "make the search again from the messages"),
    "demo": ("demo", "load the demonstration brand"),
    "secrets": ("secrets", "rotate the key that encrypts credentials"),
    "backup": ("backup", "write everything into one file"),
    "restore": ("restore", "read a backup into an empty data folder"),
    "messages": ("messages", "merge and compile the translations"),
    "manage": ("manage", "run one of Django's own commands"),
}


class Command(Protocol):
    """What a module of commands/ has."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it, and return the exit code."""


def run_command(given: Sequence[str]) -> int:
    """Run one sub-command; its exit code."""
    parser = argparse.ArgumentParser(
        prog="comptoir", description="A customer-care counter for social media.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"comptoir {__version__}")
    names = parser.add_subparsers(dest="command", metavar="command", required=True)
    commands: dict[str, Command] = {}
    for name, (module, summary) in COMMANDS.items():
        own = names.add_parser(
            name, help=summary, description=summary[0].upper() + summary[1:] + ".", allow_abbrev=False
        )
        if name in given[:1]:
            commands[name] = cast("Command", importlib.import_module(f"comptoir.config.commands.{module}"))
            commands[name].add_arguments(own)
    options = parser.parse_args(given)
    with plain_errors() as outcome:
        outcome.code = commands[options.command].run(options)
    return outcome.code


def main() -> int:
    """Run what the command line says; a closed pipe behind us (`| head`) is no error."""
    try:
        code = run_command(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    return code


if __name__ == "__main__":
    sys.exit(main())
