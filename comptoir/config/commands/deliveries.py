"""`comptoir deliveries`: what came in and could not be read: list it, replay it."""

from __future__ import annotations

import argparse

from comptoir.config.language import _
from comptoir.config.starting import django_ready
from comptoir.core.reasons import said


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    names = parser.add_subparsers(dest="what", metavar="what", required=True)
    listing = names.add_parser("list", help=_("list what was set aside, newest first"))
    listing.add_argument("--limit", type=int, default=50)
    show = names.add_parser("show", help=_("print one delivery as it came"))
    show.add_argument("id", type=int)
    replay = names.add_parser("replay", help=_("read again what was set aside"))
    which = replay.add_mutually_exclusive_group(required=True)
    which.add_argument("--all", action="store_true")
    which.add_argument("ids", type=int, nargs="*", default=[], metavar="ID")


def run(options: argparse.Namespace) -> int:
    """Do what was asked."""
    with django_ready("deliveries"):
        return {"list": _list, "show": _show, "replay": _replay}[options.what](options)


def _list(options: argparse.Namespace) -> int:
    from comptoir.intake.models import RawDelivery

    aside = RawDelivery.objects.filter(state=RawDelivery.State.SET_ASIDE).select_related("account").order_by("-pk")
    for delivery in aside[: options.limit]:
        reason = " ".join(said(delivery.reason, _).split())
        print(f"{delivery.pk:>10}  {delivery.received_at:%Y-%m-%d %H:%M}  {delivery.account.name}: {reason}")
    if not aside.exists():
        print(_("Nothing was set aside."))
    return 0


def _show(options: argparse.Namespace) -> int:
    import sys

    from comptoir.config.errors import CommandError
    from comptoir.intake.models import RawDelivery

    delivery = RawDelivery.objects.filter(pk=options.id).first()
    if delivery is None:
        raise CommandError(_("There is no delivery {number}.").format(number=options.id))
    sys.stdout.buffer.write(bytes(delivery.body) + b"\n")
    return 0


def _replay(options: argparse.Namespace) -> int:
    from comptoir.intake.actions import replay_deliveries

    count = replay_deliveries(ids=None if options.all else options.ids)
    print(_("{count} to be read again by the worker.").format(count=count))
    return 0
