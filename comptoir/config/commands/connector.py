"""`comptoir connector`: which connectors there are, and what they make of a payload.

Nothing is stored, and Django is not loaded.
"""

from __future__ import annotations

import argparse
import json
import sys

from comptoir.config.errors import CommandError
from comptoir.config.language import _
from comptoir.config.payloads import event_lines
from comptoir.connectors.base import Connector, HidesOthers, Moderates, Polls, ReceivesWebhooks, SendsMessages, Streams
from comptoir.connectors.registry import UnknownKindError, connector_class, connector_classes

_ABILITIES: dict[str, type] = {
    "webhooks": ReceivesWebhooks,
    "polling": Polls,
    "streaming": Streams,
    "sending": SendsMessages,
    "deleting": Moderates,
    "hiding": HidesOthers,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the two things one can ask."""
    names = parser.add_subparsers(dest="what", metavar="what", required=True)
    listing = names.add_parser("list", help=_("list the connectors"))
    listing.add_argument("--json", action="store_true", help=_("one JSON object for each"))
    parsing = names.add_parser("parse", help=_("print one JSON line for each event of each payload; nothing is stored"))
    parsing.add_argument("--own", metavar="ID", help=_("who we are on the network, where the payload does not say"))
    parsing.add_argument("kind", metavar="KIND")
    parsing.add_argument("files", metavar="FILE", nargs="+", help=_("- reads the standard input"))


def run(options: argparse.Namespace) -> int:
    """Do one of them."""
    return _list(as_json=options.json) if options.what == "list" else _parse(options)


def _list(*, as_json: bool) -> int:
    for kind, connector in connector_classes().items():
        if as_json:
            _say({"kind": kind, "label": connector.label, "abilities": _abilities(connector)})
        else:
            print(f"{kind:<12} {connector.label:<20} {', '.join(_abilities(connector))}")
    return 0


def _abilities(connector: type[Connector]) -> list[str]:
    return [name for name, ability in _ABILITIES.items() if issubclass(connector, ability)]


def _parse(options: argparse.Namespace) -> int:
    try:
        kind = connector_class(options.kind)
    except UnknownKindError:
        known = ", ".join(connector_classes())
        raise CommandError(
            _("There is no connector “{kind}”. There are: {known}.").format(kind=options.kind, known=known), code=2
        ) from None
    failed = False
    for file in options.files:
        for line in event_lines(kind, file, own_id=options.own):
            failed |= line["event"] == "error"
            _say(line)
    return 1 if failed else 0


def _say(line: object) -> None:
    """Always UTF-8, whatever the terminal; half a character is written as its escape, which JSON knows."""
    sys.stdout.buffer.write(json.dumps(line, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
