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
from comptoir.config.language import _, gettext_noop, speaking

#: Name on the command line -> (module in commands/, what it does).
COMMANDS = {
    "up": ("up", gettext_noop("start everything: database, web server, live updates, worker")),
    "web": ("web", gettext_noop("serve pages, the API and webhooks")),
    "live": ("live", gettext_noop("serve the stream of live updates")),
    "worker": ("worker", gettext_noop("read what comes in, send what goes out")),
    "task": ("task", gettext_noop("do one of the worker's tasks here and now")),
    "migrate": ("migrate", gettext_noop("bring the database up to date")),
    "doctor": ("doctor", gettext_noop("check the installation, each finding with its remedy")),
    "sign-in": ("sign_in", gettext_noop("print a link that signs a person in once")),
    "sla": ("sla", gettext_noop("say when a promise is due, and why")),
    "brand": ("brand", gettext_noop("create brands")),
    "agent": ("agent", gettext_noop("create people who work at the counter")),
    "token": ("token", gettext_noop("create tokens for the API")),
    "account": ("account", gettext_noop("connect and check accounts on networks, set their opening hours")),
    "connector": ("connector", gettext_noop("list connectors, see what they make of a payload")),
    "deliveries": ("deliveries", gettext_noop("list and replay what was set aside")),
    "import": ("importing", gettext_noop("bring in messages as history")),
    "understand": ("understand", gettext_noop("read lines of text: language, feeling, intent, urgency, personal data")),
    "analysis": ("analysis", gettext_noop("have messages read that were there before")),
    "tone": ("tone", gettext_noop("say how replies would be taken, before they are sent")),
    "bot": ("bot", gettext_noop("try the bot on messages, from a catalogue in a file")),
    "catalogue": ("catalogue", gettext_noop("bring the company's answers in from a file, and give them out")),
    "reports": ("reports", gettext_noop("count the figures of service anew")),
    "search": ("search", gettext_noop("make the search again from the messages")),
    "demo": ("demo", gettext_noop("load the demonstration brand")),
    "secrets": ("secrets", gettext_noop("rotate the key that encrypts credentials")),
    "backup": ("backup", gettext_noop("write everything into one file")),
    "restore": ("restore", gettext_noop("read a backup into an empty data folder")),
    "messages": ("messages", gettext_noop("merge and compile the translations")),
    "manage": ("manage", gettext_noop("run one of Django's own commands")),
}


class Command(Protocol):
    """What a module of commands/ has."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it, and return the exit code."""


def run_command(given: Sequence[str]) -> int:
    """Run one sub-command; its exit code."""
    with speaking():
        options, command = _parsed(given)
    with plain_errors() as outcome:
        outcome.code = command.run(options)
    return outcome.code


def _parsed(given: Sequence[str]) -> tuple[argparse.Namespace, Command]:
    parser = argparse.ArgumentParser(
        prog="comptoir", description=_("A customer-care counter for social media."), allow_abbrev=False
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"comptoir {__version__}",
        help=_("show program's version number and exit"),  # the one text that argparse leaves in English
    )
    names = parser.add_subparsers(dest="command", metavar="command", required=True)
    commands: dict[str, Command] = {}
    for name, (module, text) in COMMANDS.items():
        summary = _(text)
        own = names.add_parser(
            name, help=summary, description=summary[0].upper() + summary[1:] + ".", allow_abbrev=False
        )
        if name in given[:1]:
            commands[name] = cast("Command", importlib.import_module(f"comptoir.config.commands.{module}"))
            commands[name].add_arguments(own)
    options = parser.parse_args(given)
    return options, commands[options.command]


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
