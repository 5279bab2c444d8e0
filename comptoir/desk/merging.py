"""Making one conversation of two, and two again.

What was merged is closed and points to the one that goes on; whatever comes for it later arrives there (intake follows
the pointer). What moved is written in the record, which is what undoing reads.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from comptoir.conversations.models import (
    Consultation,
    Conversation,
    Draft,
    DraftFile,
    Following,
    HandOff,
    JoinedConversation,
    Message,
    Note,
    NoteMention,
)
from comptoir.conversations.waiting import TOLD, retell, unanswered_since
from comptoir.core.clock import now
from comptoir.delivery.actions import acting
from comptoir.desk.errors import MergeRefusedError, ReplacedConversationError
from comptoir.desk.following import follow_instead, read_no_longer
from comptoir.desk.hand_offs import withdraw_open_hand_off
from comptoir.desk.models import CallBack, Invitation
from comptoir.events.models import Event
from comptoir.events.record import Actor, record
from comptoir.people.models import Agent
from comptoir.sla.actions import start_clocks
from comptoir.sla.moving import hand_over_clocks
from comptoir.sla.recomputing import MERGED, PARTED, recompute_clocks

IN_FLIGHT = (Message.State.QUEUED, Message.State.SENDING)
_MOST_REASON_CHARS = 2000
#: Where each visitor reads one exchange of their own and no other: what is merged away, or split off, they would lose.
OWN_EXCHANGE_ONLY = frozenset({"chat"})


@transaction.atomic
def merge_conversations(
    kept_id: int, *, gone_id: int, by: Agent | None, reason: str = "", actor: Actor | None = None
) -> Conversation:
    """Move everything of one conversation into another, which goes on. Raises MergeRefusedError, with words."""
    kept, gone = _both(kept_id, gone_id)
    words = reason.replace("\x00", "").strip()[:_MOST_REASON_CHARS]
    _check(kept, gone, words)
    was = {"status": gone.status, "waiting_since": _written(gone.waiting_since)}
    waiting = [since for since in (kept.waiting_since, gone.waiting_since) if since]
    withdraw_open_hand_off(gone, by=by, actor=actor)
    moved = _move(gone, kept)
    retell(kept)
    kept.waiting_since = min(waiting, default=None)
    if gone.status == Conversation.Status.OPEN and kept.status != Conversation.Status.OPEN:
        kept.reopen()
    kept.save(update_fields=[*TOLD, "status", "snoozed_until", "resolved_at"])
    if gone.status != Conversation.Status.RESOLVED:
        gone.resolve(now())
    gone.waiting_since, gone.merged_into = None, kept
    gone.save(update_fields=["status", "resolved_at", "snoozed_until", "waiting_since", "merged_into"])
    Conversation.objects.filter(merged_into=gone).update(merged_into=kept)
    recompute_clocks([kept.pk, gone.pk], because=MERGED)
    who = acting(by, actor)
    record("conversation.merged_away", subject=gone, by=who, reason=words, into=kept, was=was, moved=moved)
    record("conversation.merged", subject=kept, by=who, reason=words, gone=gone)
    return kept


@transaction.atomic
def unmerge_conversation(gone_id: int, *, by: Agent | None, actor: Actor | None = None) -> Conversation:
    """Two again: what had moved goes back; what was said since stays where it was said. Raises MergeRefusedError."""
    merge = Event.objects.filter(name="conversation.merged_away", subject_kind="conversation", subject_id=gone_id)
    event = merge.order_by("-id").first()
    if event is None and Conversation.objects.filter(pk=gone_id, merged_into__isnull=False).exists():
        raise MergeRefusedError(_("It was moved to another account: open it there, and move it back."))
    if event is None:
        raise MergeRefusedError(_("This conversation was not merged."))
    kept, gone = _both(event.details["into"], gone_id)
    if gone.merged_into_id != kept.pk:
        raise MergeRefusedError(_("It was merged further since: undo that first."))
    _move_back(event, kept, gone)
    _wait_apart(event, kept, gone)
    _reopen(gone, event.details["was"]["status"])
    recompute_clocks([kept.pk, gone.pk], because=PARTED)
    who = acting(by, actor)
    record("conversation.unmerged", subject=gone, by=who, former=kept)
    record("conversation.parted", subject=kept, by=who, gone=gone)
    return gone


def _both(kept_id: int, gone_id: int) -> tuple[Conversation, Conversation]:
    """Both rows, held, always in one order."""
    if kept_id == gone_id:
        raise MergeRefusedError(_("A conversation cannot be merged with itself."))
    held = Conversation.objects.select_for_update(of=("self",)).select_related("account").order_by("pk")
    rows = {one.pk: one for one in held.filter(pk__in=[kept_id, gone_id])}
    if len(rows) != 2:
        raise Conversation.DoesNotExist
    return rows[kept_id], rows[gone_id]


def _check(kept: Conversation, gone: Conversation, reason: str) -> None:
    if kept.merged_into_id or gone.merged_into_id:
        raise MergeRefusedError(_("One of them was merged already."))
    if kept.account_id != gone.account_id:
        raise MergeRefusedError(_("They are on two accounts: an answer could not reach both."))
    if kept.is_public != gone.is_public:
        raise MergeRefusedError(
            _("One is public and the other private: they are kept apart, so that nothing private slips out.")
        )
    if kept.status == Conversation.Status.RESOLVED:
        raise MergeRefusedError(_("The one that is to go on is resolved: reopen it first."))
    if kept.identity_id != gone.identity_id and kept.account.kind in OWN_EXCHANGE_ONLY:
        raise MergeRefusedError(
            _("On this channel each visitor sees one exchange only: the other would lose sight of theirs.")
        )
    if kept.contact_id != gone.contact_id and not reason:
        raise MergeRefusedError(_("They are of two people: say why they belong together."))
    if gone.messages.filter(state__in=IN_FLIGHT).exists():
        raise MergeRefusedError(
            _("A reply is just leaving from the one to be merged: wait until it has, or take it back.")
        )


def _move(gone: Conversation, kept: Conversation) -> dict[str, Any]:
    """Everything in it; returns what moved, as ids."""
    moved: dict[str, Any] = {
        "messages": _taken(gone.messages.all(), kept),
        "notes": _taken(gone.notes.all(), kept),
        "invitations": _taken(Invitation.objects.filter(conversation=gone), kept),
        "hand_offs": _taken(gone.hand_offs.all(), kept),
        "consultations": _taken(gone.consultations.all(), kept),
        "joined": _joined_instead(gone, kept),
        "call_backs": _called_instead(gone, kept),
        "tags": [],
    }
    NoteMention.objects.filter(conversation=gone).update(conversation=kept)
    Invitation.objects.filter(joined=gone).update(joined=kept)
    CallBack.objects.filter(call=gone).update(call=kept)
    for tag in gone.tags.exclude(pk__in=kept.tags.values("pk")):
        kept.tags.add(tag)
        moved["tags"].append(tag.pk)
    moved["readers"] = _followed_instead(gone, kept)
    _move_drafts(gone, kept)
    moved["clocks"] = hand_over_clocks(gone.pk, to=kept.pk)
    return moved


def _taken(rows: QuerySet[Any], kept: Conversation) -> list[int]:
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.model._default_manager.filter(pk__in=ids).update(conversation=kept)
    return ids


def _joined_instead(gone: Conversation, kept: Conversation) -> list[int]:
    """Its matter goes on with the one that is kept, unless that one is part of one already."""
    if JoinedConversation.objects.filter(conversation=kept).exists():
        return []
    return _taken(JoinedConversation.objects.filter(conversation=gone), kept)


def _followed_instead(gone: Conversation, kept: Conversation) -> list[int]:
    """Who followed it follows the one that is kept; returns those who would not read that one otherwise."""
    reading = set(Following.objects.filter(conversation=kept, keeps_reading=True).values_list("agent", flat=True))
    following = list(Following.objects.filter(conversation=gone).values_list("agent", "keeps_reading"))
    for follower, keeps_reading in following:
        follow_instead(kept.pk, agent_id=follower, keeps_reading=keeps_reading)
    return sorted({follower for follower, keeps_reading in following if keeps_reading} - reading)


def _called_instead(gone: Conversation, kept: Conversation) -> list[int]:
    """Calls to be made, and made, are about the one that is kept; where a call waits for it already, that one holds."""
    there = CallBack.objects.filter(conversation=gone)
    waits = kept.call_backs.waiting().exists()
    return _taken(there.exclude(state=CallBack.State.WAITING) if waits else there, kept)


def _move_drafts(gone: Conversation, kept: Conversation) -> None:
    """Where somebody was writing in both, what they wrote stands one below the other, with the files of both."""
    for draft in gone.drafts.select_for_update(of=("self",)):
        other = Draft.objects.select_for_update(of=("self",)).filter(conversation=kept, agent=draft.agent).first()
        if other is None:
            draft.conversation = kept
            draft.save(update_fields=["conversation"])
            continue
        other.text = "\n\n".join(text for text in (other.text.rstrip(), draft.text) if text.strip())
        other.save()
        draft.delete()
    DraftFile.objects.filter(conversation=gone, message=None).update(conversation=kept)


def _move_back(event: Event, kept: Conversation, gone: Conversation) -> None:
    moved = event.details["moved"]
    messages = Message.objects.filter(pk__in=moved["messages"], conversation=kept)
    if messages.filter(state__in=IN_FLIGHT).exists():
        raise MergeRefusedError(_("A reply that would go back is just leaving: wait until it has."))
    messages.update(conversation=gone)
    Note.objects.filter(pk__in=moved["notes"], conversation=kept).update(conversation=gone)
    NoteMention.objects.filter(note__in=moved["notes"]).update(conversation=gone)
    Invitation.objects.filter(pk__in=moved["invitations"], conversation=kept).update(conversation=gone)
    HandOff.objects.filter(pk__in=moved.get("hand_offs", ()), conversation=kept).update(conversation=gone)
    Consultation.objects.filter(pk__in=moved.get("consultations", ()), conversation=kept).update(conversation=gone)
    joined = JoinedConversation.objects.filter(pk__in=moved.get("joined", ()), conversation=kept)
    joined.update(conversation=gone)
    CallBack.objects.filter(pk__in=moved.get("call_backs", ()), conversation=kept).update(conversation=gone)
    _read_apart(event, kept)
    kept.tags.remove(*moved["tags"])


def _read_apart(event: Event, kept: Conversation) -> None:
    """Who read it only for what had been merged into it reads it no longer; who gave it itself meanwhile does."""
    readers = set(event.details["moved"].get("readers", ()))
    given = HandOff.objects.filter(conversation=kept, given_by__in=readers, ended_at__gt=event.at)
    accepted = given.filter(state=HandOff.State.ACCEPTED).values_list("given_by", flat=True)
    read_no_longer(kept.pk, agent_ids=readers - set(accepted))


def _wait_apart(event: Event, kept: Conversation, gone: Conversation) -> None:
    """Each customer waits in their own again; the promise runs on where it is owed."""
    since = kept.waiting_since
    asked = parse_datetime(event.details["was"]["waiting_since"] or "")
    kept.waiting_since = unanswered_since(kept, from_=since) if since else None
    gone.waiting_since = unanswered_since(gone, from_=asked) if since and asked else None
    for one in (kept, gone):
        retell(one)
    gone.merged_into = None
    kept.save(update_fields=[*TOLD])
    gone.save(update_fields=[*TOLD, "merged_into"])
    settle_clocks(kept, gone, began=since)


def settle_clocks(first: Conversation, other: Conversation, *, began: datetime | None) -> None:
    """Of two conversations that were one: the promise goes with the message that it was given for, and whoever waits
    in the other one is promised anew, since they wrote.
    """
    if began is None or other.waiting_since is None:
        return
    if first.waiting_since is None or other.waiting_since <= began < first.waiting_since:
        hand_over_clocks(first.pk, to=other.pk, only_running=True)
    owed = {one.pk: one.waiting_since for one in (first, other) if one.waiting_since is not None}
    start_clocks(owed)


def _reopen(gone: Conversation, status: str) -> None:
    """As it was before the merge. A reopened one that has a live successor meanwhile cannot be."""
    if status == Conversation.Status.RESOLVED:
        return
    gone.reopen()
    try:
        with transaction.atomic():
            gone.save(update_fields=["status", "resolved_at", "snoozed_until"])
    except IntegrityError as error:
        raise ReplacedConversationError from error


def _written(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
