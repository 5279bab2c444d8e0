"""`comptoir messages`: merge the translations, compile them, and fail when a text has no French."""

from __future__ import annotations

import argparse
import sys

from comptoir.config.catalogue import (
    CatalogueError,
    Entry,
    compile_if_older,
    compiled_mo,
    is_translated,
    merge,
    written_po,
)
from comptoir.config.errors import CommandError
from comptoir.config.language import _
from comptoir.config.paths import PACKAGE

_FRENCH = PACKAGE / "locale" / "fr"
PO = _FRENCH / "LC_MESSAGES" / "django.po"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--compile-if-older", action="store_true", help=_("only compile, and only if the translations changed")
    )
    parser.add_argument("--missing", action="store_true", help=_("print the missing ones as entries to fill in"))


def run(options: argparse.Namespace) -> int:
    """Merge, compile, compare with the source."""
    if options.compile_if_older:
        compile_if_older(PO)
        return 0
    from comptoir.config.msgids import used_texts

    try:
        merged = merge(sorted((_FRENCH / "parts").glob("*.po")))
    except CatalogueError as error:
        raise CommandError(str(error)) from None
    PO.parent.mkdir(parents=True, exist_ok=True)
    translated = [entry for entry in merged.values() if is_translated(entry)]
    PO.write_text(written_po(translated), "utf-8")
    PO.with_suffix(".mo").write_bytes(compiled_mo(translated))
    used = used_texts(PACKAGE)
    known = {entry.key for entry in translated}
    missing = [key for key in used if key not in known]
    if options.missing:
        print(written_po(Entry(key, ["", ""] if key.plural else [""]) for key in missing))
    for key in missing:
        print(f"no French for “{key.text}” ({used[key]})", file=sys.stderr)
    print(f"{len(translated)} texts in French, {len(known - set(used))} not in the source, {len(missing)} missing.")
    return 1 if missing else 0
