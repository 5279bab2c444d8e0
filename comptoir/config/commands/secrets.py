"""`comptoir secrets rotate`: a new key for the credentials of accounts, which are encrypted again with it."""

from __future__ import annotations

import argparse

from comptoir.config.errors import CommandError
from comptoir.config.language import _
from comptoir.config.only_one import is_up
from comptoir.config.paths import data_directory
from comptoir.config.starting import django_ready, require_set_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    names = parser.add_subparsers(dest="what", metavar="what", required=True)
    rotate = names.add_parser(
        "rotate", help=_("add a key and encrypt everything with it; running processes take it up when they restart")
    )
    rotate.add_argument(
        "--drop-former", action="store_true", help=_("forget the former keys afterwards (older backups keep theirs)")
    )


def run(options: argparse.Namespace) -> int:
    """Add the key first: whoever is interrupted has all keys, and simply does it again."""
    from comptoir.config.secrets import add_encryption_key, drop_former_keys

    require_set_up(data_directory())
    if is_up(data_directory()):
        raise CommandError(_("End `comptoir up` first: what runs would not know the new key. Nothing was changed."))
    add_encryption_key(data_directory())
    with django_ready("secrets"):
        from comptoir.config.rotation import encrypt_again

        count = encrypt_again()
    print(_("{count} stored secrets are encrypted with the new key.").format(count=count))
    if options.drop_former:
        drop_former_keys(data_directory())
        print(_("The former keys are forgotten. Restart Comptoir now."))
    return 0
