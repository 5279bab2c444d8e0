"""`comptoir bot try`: what the bot would do with messages, from a catalogue in a file; nothing stored, nothing sent."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from comptoir.config.errors import CommandError
from comptoir.config.language import _, gettext_noop
from comptoir.understanding.deciding.decision import Bot, Decision
from comptoir.understanding.embedding.loading import meaning_embedder
from comptoir.understanding.retrieval.entries import CatalogueError, read_catalogue

_BATCH = 64
#: A line longer than this is read up to here.
_MAX_BYTES = 1_000_000
#: Smaller catalogues are read before one begins to wonder.
_WORTH_TELLING = 2_000

_RULES = {
    "few_phrasings": gettext_noop("fewer than five phrasings"),
    "not_allowed": gettext_noop("not for bots"),
    "doubted": gettext_noop("wrong before"),
    "language": gettext_noop("another language"),
    "asks_for_person": gettext_noop("asks for a person"),
    "complaint": gettext_noop("complaint"),
    "anger": gettext_noop("anger"),
    "urgency": gettext_noop("urgent"),
    "legal": gettext_noop("legal matter"),
    "health": gettext_noop("health"),
    "minors": gettext_noop("minors"),
    "personal_data": gettext_noop("personal data"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the one thing one can ask."""
    names = parser.add_subparsers(dest="what", metavar="what", required=True)
    trying = names.add_parser(
        "try", help=_("say what the bot would do with each message read from the standard input, and why")
    )
    trying.add_argument("--catalogue", required=True, type=Path, metavar="FILE", help=_("the catalogue, as JSON lines"))
    trying.add_argument("--json", action="store_true", help=_("one JSON object for each"))


def run(options: argparse.Namespace) -> int:
    """One line out for each line in, in order."""
    try:
        entries = read_catalogue(options.catalogue)
    except CatalogueError as error:
        raise CommandError(_(error.template) % error.values) from None
    told = _progress()
    bot = Bot.of(entries, meaning_embedder(), told)
    messages = _messages()
    while batch := list(islice(messages, _BATCH)):
        for decision in bot.decide(batch):
            said = json.dumps(decision.to_json(), ensure_ascii=False) if options.json else _in_words(decision)
            sys.stdout.buffer.write(said.encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()
    return 0


def _messages() -> Iterator[str]:
    """The lines of the standard input: plain text, or an object with a `message`; what is not UTF-8 is replaced."""
    for line in sys.stdin.buffer:
        text = line.removesuffix(b"\n").removesuffix(b"\r")[:_MAX_BYTES].decode("utf-8", "replace")
        yield _said(text).encode("utf-8", "replace").decode()


def _said(line: str) -> str:
    if line.lstrip().startswith("{"):
        try:
            written = json.loads(line)
        except (ValueError, RecursionError):
            return line
        if isinstance(written, dict) and isinstance(written.get("message"), str):
            return str(written["message"])
    return line


def _progress() -> Callable[[int, int], None]:
    """Tells people at a terminal how far a large catalogue is."""
    shown = sys.stderr.isatty()

    def told(done: int, total: int) -> None:
        if shown and total >= _WORTH_TELLING:
            text = _("Reading the catalogue: {done} of {total} texts").format(done=done, total=total)
            print(f"\r{text}", end="\n" if done == total else "", file=sys.stderr, flush=True)

    return told


def _in_words(decision: Decision) -> str:
    modes = {"answer": _("answers"), "propose": _("proposes"), "nothing": _("nothing")}
    parts = [modes[decision.mode]]
    if decision.entry:
        parts.append(f"{decision.entry} {_('{count}%').format(count=int(100 * decision.confidence))}")
    if decision.entry and decision.nearest:
        parts.append(_("nearest: “{phrasing}”").format(phrasing=decision.nearest))
    if decision.forbidden_by:
        rules = ", ".join(_(_RULES[rule]) for rule in decision.forbidden_by)
        parts.append(_("not alone: {rules}").format(rules=rules))
    return " · ".join(parts)
