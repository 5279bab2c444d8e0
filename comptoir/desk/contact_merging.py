"""Two contacts found to be one person, on somebody's word, and taken apart again.

Nothing is merged by itself: an address alone proves nothing (families share one, shops give one away). What moved is
kept, so that an undoing moves exactly that back, and leaves what came since with the person it was said to.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from comptoir.channels.holding import hold_accounts
from comptoir.channels.models import ChannelAccount
from comptoir.contacts.models import Contact, ContactIdentity, ContactMerge
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.desk.errors import DeskError, EmptyTextError
from comptoir.events.record import SYSTEM, Actor, record
from comptoir.people.models import Agent

_KEPT_IF_EMPTY = ("name", "language", "about")


class SamePersonError(DeskError):
    """There are no two people to be made one."""

    def __init__(self) -> None:
        super().__init__(_("These are one person already."))


class MergeUndoneError(DeskError):
    """The merge was undone, or something was merged over it."""

    def __init__(self) -> None:
        super().__init__(_("This can no longer be undone: it has been, or these people were merged again since."))


@transaction.atomic
def merge_contacts(kept_id: int, gone_id: int, *, reason: str, by: Agent | None, actor: Actor = SYSTEM) -> ContactMerge:
    """Give everything of one contact to another. Raises SamePersonError, EmptyTextError without a reason."""
    words = reason.replace("\x00", "").strip()
    if not words:
        raise EmptyTextError
    _hold(gone_id)
    kept, gone = _both(kept_id, gone_id)
    if kept.merged_into_id or gone.merged_into_id:
        raise SamePersonError
    identities = list(gone.identities.values_list("pk", flat=True))
    conversations = list(gone.conversations.values_list("pk", flat=True))
    merge = ContactMerge.objects.create(
        kept=kept, gone=gone, by=by, reason=words, moved={"identities": identities, "conversations": conversations}
    )
    ContactIdentity.objects.filter(pk__in=identities).update(contact=kept)
    Conversation.objects.filter(pk__in=conversations).update(contact=kept)
    _take_over(kept, gone)
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    record("contact.merged", subject=kept, by=Actor("agent", by.pk) if by else actor, reason=words, gone=gone)
    return merge


@transaction.atomic
def undo_merge(merge_id: int, *, by: Agent | None, actor: Actor = SYSTEM) -> Contact:
    """Make the two contacts two again; returns the one that had gone. Raises MergeUndoneError."""
    merge = ContactMerge.objects.select_for_update().get(pk=merge_id)
    _hold(merge.kept_id)
    kept, gone = _both(merge.kept_id, merge.gone_id)
    if merge.undone_at or gone.merged_into_id != kept.pk or kept.merged_into_id:
        raise MergeUndoneError
    moved = merge.moved
    ContactIdentity.objects.filter(pk__in=moved["identities"], contact=kept).update(contact=gone)
    # What those identities have written since goes with them.
    theirs = Conversation.objects.filter(contact=kept, identity__in=moved["identities"])
    (theirs | Conversation.objects.filter(contact=kept, pk__in=moved["conversations"])).update(contact=gone)
    gone.merged_into = None
    gone.save(update_fields=["merged_into"])
    merge.undone_at = now()
    merge.save(update_fields=["undone_at"])
    record("contact.parted", subject=kept, by=Actor("agent", by.pk) if by else actor, gone=gone)
    return gone


def _hold(contact_id: int) -> None:
    """Nobody may receive from this person meanwhile: a conversation that begins now would miss the move."""
    channels = ContactIdentity.objects.filter(contact=contact_id).values("channel")
    hold_accounts(ChannelAccount.objects.filter(kind__in=channels).values_list("pk", flat=True))


def _both(kept_id: int, gone_id: int) -> tuple[Contact, Contact]:
    if kept_id == gone_id:
        raise SamePersonError
    found = {
        one.pk: one for one in Contact.objects.select_for_update().filter(pk__in=[kept_id, gone_id]).order_by("pk")
    }
    if len(found) < 2:
        raise SamePersonError
    return found[kept_id], found[gone_id]


def _take_over(kept: Contact, gone: Contact) -> None:
    """What is known of the one who goes fills what is not known of the one who stays."""
    for name in _KEPT_IF_EMPTY:
        setattr(kept, name, getattr(kept, name) or getattr(gone, name))
    kept.attributes = gone.attributes | kept.attributes
    kept.tags = sorted({*kept.tags, *gone.tags})
    kept.save(update_fields=[*_KEPT_IF_EMPTY, "attributes", "tags"])
