"""`comptoir import messages`: bring in what was said before, as history."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from comptoir.config.errors import CommandError
from comptoir.config.language import _
from comptoir.config.starting import django_ready
from comptoir.core.reasons import said


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    names = parser.add_subparsers(dest="what", metavar="what", required=True)
    messages = names.add_parser(
        "messages", help=_("JSON lines, an mbox, or a folder of .eml; may be interrupted and repeated")
    )
    messages.add_argument("path", metavar="FILE", type=Path)
    messages.add_argument(
        "--account", metavar="ID|NAME", help=_("which account they belong to; needed where there are several")
    )


def run(options: argparse.Namespace) -> int:
    """Import, telling how far it is; 1 where something was left out."""
    if not options.path.exists():
        raise CommandError(_("{path} does not exist. Nothing was imported.").format(path=options.path), code=2)
    with django_ready("import"):
        from comptoir.config.lookups import one_account
        from comptoir.intake.import_sources import UnknownFormatError
        from comptoir.intake.importing import import_messages

        try:
            imported = import_messages(options.path, one_account(options.account), progress=_tell)
        except OSError as error:
            raise CommandError(
                _(
                    "{path} cannot be read: {reason}. What was imported is kept; the same command goes on from there."
                ).format(path=error.filename or options.path, reason=error.strerror)
            ) from None
        except UnknownFormatError as error:
            raise CommandError(f"{options.path}: {said(error.reason, _)}", code=2) from None
    if imported.unreadable:
        _tell(
            _("Done, but for {count} that cannot be read: repair them and import again, nothing comes twice.").format(
                count=imported.unreadable
            )
        )
        return 1
    _tell(_("Done."))
    return 0


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
