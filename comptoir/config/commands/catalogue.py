"""`comptoir catalogue`: bring answers in from a file, and give them out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from comptoir.config.errors import CommandError
from comptoir.config.language import _
from comptoir.config.starting import django_ready

_MOST_TOLD = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what one can ask."""
    names = parser.add_subparsers(dest="what", metavar="what", required=True)
    bringing = names.add_parser(
        "import", help=_("JSON lines, CSV, Markdown, or what Zendesk, Chatwoot and Zammad export; may be repeated")
    )
    bringing.add_argument("path", metavar="FILE", type=Path)
    bringing.add_argument("--dry-run", action="store_true", help=_("say what would be done, line by line, and stop"))
    bringing.add_argument("--approve", action="store_true", help=_("let what is brought in serve at once"))
    bringing.add_argument("--language", default="fr", help=_("of lines that name none (fr)"))
    bringing.add_argument("--by", metavar="EMAIL", help=_("who brings it in; the server itself where it is not said"))
    giving = names.add_parser("export", help=_("write every entry as it was last written; the ending says the form"))
    giving.add_argument("path", metavar="FILE", type=Path, help=_("ends in .jsonl, .csv or .md; - writes JSON lines"))
    giving.add_argument("--approved", action="store_true", help=_("only what serves, as it serves"))


def run(options: argparse.Namespace) -> int:
    """Do it."""
    with django_ready("catalogue"):
        return _import(options) if options.what == "import" else _export(options)


def _import(options: argparse.Namespace) -> int:
    from comptoir.catalogue.files.given import LineRefusedError
    from comptoir.catalogue.files.reading import read_file
    from comptoir.catalogue.importing import carry_out, plan
    from comptoir.people.models import Agent

    by = Agent.objects.filter(user__email=options.by.strip().lower()).first() if options.by else None
    if options.by and by is None:
        raise CommandError(_("Nobody here has the address {email}.").format(email=options.by), code=2)
    try:
        reading = read_file(options.path.read_bytes(), name=options.path.name)
    except OSError as error:
        told = _("{path} cannot be read: {reason}. Nothing was brought in.")
        raise CommandError(told.format(path=options.path, reason=error.strerror or "?"), code=2) from None
    except LineRefusedError as error:
        raise CommandError(f"{options.path}: {error}", code=2) from None
    planned = plan(reading, language=options.language, by=by)
    if options.dry_run:
        for one in planned:
            _tell(one.number, one.change, one.key or one.question, ", ".join(one.fields) or one.problem or one.notice)
        return 0
    done = carry_out(planned, by=by, approves=options.approve, reason=f"import {options.path.name}")
    for one in done.refused[:_MOST_TOLD]:
        _tell(one.number, "refused", one.key or one.question, one.problem)
    said = _("{new} new, {changed} changed, {same} unchanged, {refused} refused; {approved} approved.")
    counts = {name: getattr(done, name) for name in ("new", "changed", "same", "approved")}
    print(said.format(**counts, refused=len(done.refused)))
    return 1 if done.refused else 0


def _tell(number: int, change: str, named: str, rest: str) -> None:
    changes = {"new": _("new"), "changed": _("changed"), "same": _("unchanged"), "refused": _("refused")}
    line = _("line {number}: {change} · {named}").format(number=number, change=changes[change], named=named)
    print(f"{line} · {rest}" if rest else line, file=sys.stderr if change == "refused" else sys.stdout)


def _export(options: argparse.Namespace) -> int:
    from comptoir.brands.models import Brand
    from comptoir.catalogue.files.writing import FORMATS, written
    from comptoir.catalogue.importing import exported

    ending = {".jsonl": "jsonl", ".json": "jsonl", ".csv": "csv", ".md": "md"}.get(options.path.suffix.lower(), "jsonl")
    assert ending in FORMATS
    brands = dict(Brand.objects.values_list("pk", "slug"))
    pieces = written(exported(only_approved=options.approved), ending, brands)
    if str(options.path) == "-":
        for piece in pieces:
            sys.stdout.buffer.write(piece.encode("utf-8", "replace"))
        return 0
    try:
        with options.path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
    except OSError as error:
        told = _("{path} cannot be written: {reason}.")
        raise CommandError(told.format(path=options.path, reason=error.strerror or "?"), code=2) from None
    return 0
