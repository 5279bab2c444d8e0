"""Bringing in what was said before, as history: nobody waits for an answer, nobody is told of each message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import structlog
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from comptoir.channels.connecting import parser_for
from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import Connector, Delivery, NetworkEvent, PayloadError
from comptoir.connectors.registry import connector_class
from comptoir.core.away import is_away
from comptoir.core.clock import now
from comptoir.core.saying import in_words
from comptoir.intake.actions import receive
from comptoir.intake.import_sources import Item, event_of_line, items, name_of
from comptoir.intake.models import ImportRun
from comptoir.intake.reading import broken

log = structlog.get_logger("comptoir.import")

BATCH_ITEMS = 300
_MAIL = "email"

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import has brought: items read, messages that are new, items that could not be read."""

    items: int
    messages: int
    unreadable: int


def import_messages(path: Path, account: ChannelAccount, *, progress: Progress = lambda _text: None) -> Imported:
    """Import a file or folder into one account, going on where an interrupted import of it stopped.

    What cannot be read is named to ``progress`` and left out. Importing the same again makes nothing twice.
    Raises OSError and UnknownFormatError.
    """
    source = items(path)
    run, _is_new = ImportRun.objects.get_or_create(account=account, source=name_of(path))
    if run.position:
        progress(_("Going on after the %(count)d items that are imported already.") % {"count": run.position})
    left, messages = islice(source, run.position, None), 0
    mail = parser_for(account) if account.kind == _MAIL else _mail_reader(account)
    while batch := list(islice(left, BATCH_ITEMS)):
        messages += _import_batch(run, account, mail, batch, progress)
        told = {"items": run.position, "messages": messages, "unreadable": run.set_aside}
        progress(_("%(items)d items, %(messages)d new messages, %(unreadable)d that cannot be read") % told)
    run.finished_at = now()
    run.save()
    return Imported(run.position, messages, run.set_aside)


def _mail_reader(account: ChannelAccount) -> Connector:
    """Mails can be history of an account of another kind."""
    return connector_class(_MAIL)({}, parser_for(account).http, own_id=account.network_id or None)


@transaction.atomic
def _import_batch(
    run: ImportRun, account: ChannelAccount, mail: Connector, batch: Sequence[Item], progress: Progress
) -> int:
    """Import some items and, in the same transaction, say how far we are; how many messages are new."""
    read = [(item, events) for item in batch if (events := _events(item, mail, progress)) is not None]
    try:
        with transaction.atomic():
            messages, refused = (
                receive(account, chain.from_iterable(events for _item, events in read), as_history=True),
                0,
            )
    except DatabaseError as error:
        if is_away(error):
            raise
        messages, refused = _one_by_one(account, read, progress)
    run.position += len(batch)
    run.set_aside += len(batch) - len(read) + refused
    run.save()
    return messages


def _events(item: Item, mail: Connector, progress: Progress) -> list[NetworkEvent] | None:
    """What one item says; None where it cannot be read, which is told."""
    if item.unreadable:
        progress(f"{item.place}: {item.unreadable}")
        return None
    try:
        return mail.parse(Delivery(item.body, "message/rfc822")) if item.is_mail else [event_of_line(item.body)]
    except PayloadError as error:
        progress(f"{item.place}: {in_words(error.reason)}")
    except Exception as error:
        log.exception("an item cannot be imported", place=item.place)
        progress(f"{item.place}: {in_words(broken(error))}")
    return None


def _one_by_one(
    account: ChannelAccount, read: Sequence[tuple[Item, list[NetworkEvent]]], progress: Progress
) -> tuple[int, int]:
    """Leave out only what the database refuses: new messages, items refused."""
    messages = refused = 0
    for item, events in read:
        try:
            with transaction.atomic():
                messages += receive(account, events, as_history=True)
        except DatabaseError as error:
            if is_away(error):
                raise
            log.exception("an item cannot be stored", place=item.place)
            progress(f"{item.place}: {in_words(broken(error))}")
            refused += 1
    return messages, refused
