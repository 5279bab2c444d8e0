"""`comptoir tone check`: how a reply would be taken; one JSON line in, one out, nothing stored, Django not loaded."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from comptoir.config.language import _
from comptoir.understanding.tone.checking import Checked, Reply, ReplyError, check_reply, reply_from
from comptoir.understanding.tone.hints import hints

#: A line longer than this is no reply.
_MAX_BYTES = 1_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the one thing one can ask."""
    names = parser.add_subparsers(dest="what", metavar="what", required=True)
    check = names.add_parser("check", help=_("say how each reply read from the standard input would be taken"))
    check.add_argument("--json", action="store_true", help=_("one JSON object for each"))


def run(options: argparse.Namespace) -> int:
    """Answer line by line; 1 where one of them could not be understood."""
    failed = False
    for line in sys.stdin.buffer:
        text, wrong = _answered(line, as_json=options.json)
        failed |= wrong
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
        sys.stdout.buffer.flush()
    return 1 if failed else 0


def _answered(line: bytes, *, as_json: bool) -> tuple[str, bool]:
    """What to print, and whether the line could not be understood."""
    try:
        reply = _reply(line)
    except ReplyError as error:
        return _refused(_(error.reason).format(name=error.name), as_json=as_json), True
    except (ValueError, RecursionError):  # neither JSON nor UTF-8, or no object
        return _refused(_("The line is no JSON object."), as_json=as_json), True
    checked = check_reply(reply)
    return (_json(checked.to_json()) if as_json else _in_words(reply, checked)), False


def _reply(line: bytes) -> Reply:
    if len(line) > _MAX_BYTES:
        raise ValueError
    given = json.loads(line)
    if not isinstance(given, dict):
        raise ValueError
    return reply_from(given)


def _refused(reason: str, *, as_json: bool) -> str:
    return _json({"error": reason}) if as_json else reason


def _json(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False)


def _in_words(reply: Reply, checked: Checked) -> str:
    """The hints on one line, each with the words it is about."""
    told = [
        _told(reply, hint.said(_), hint.start, hint.end, of_message=hint.kind == "point")
        for hint in hints(reply, checked)
    ]
    return " · ".join(told) or _("Nothing to say: it can go.")


def _told(reply: Reply, said: str, start: int, end: int, *, of_message: bool) -> str:
    words = " ".join(reply.reply[start:end].split())
    return said if of_message or not words else f"{said} ({words})"
