"""How conversations stood at past moments, told back from the record: what changed since is undone, newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from comptoir.automations.standing import standings_of
from comptoir.conversations.models import Conversation
from comptoir.events.models import Event
from comptoir.routing.facts import Standing
from comptoir.routing.gathering import Moment

_Status = Conversation.Status
#: What each event makes of the status; before the first of them a conversation is open.
STATUS_AFTER: Mapping[str, str] = {
    "conversation.resolved": _Status.RESOLVED,
    "conversation.reopened": _Status.OPEN,
    "conversation.snoozed": _Status.SNOOZED,
    "conversation.woken": _Status.OPEN,
    "conversation.held": _Status.PENDING,
}
_UNDONE = (
    "conversation.assigned", "conversation.team_changed", "conversation.tagged", "conversation.untagged",
    "conversation.priority_raised", "conversation.priority_lowered",
)  # fmt: skip


def standings_at(moments: Sequence[Moment]) -> list[Standing | None]:
    """One for each moment, in their order, in three queries; None for spam, and for what is gone or merged away."""
    ids = {one.conversation_id for one in moments}
    now = standings_of(ids)
    changes = changes_of(ids)
    return [
        _told_back(now[one.conversation_id], changes[one.conversation_id], one) if one.conversation_id in now else None
        for one in moments
    ]


def changes_of(conversation_ids: Iterable[int]) -> Mapping[int, list[Event]]:
    """By conversation: what changed how it stands, the newest first."""
    found: defaultdict[int, list[Event]] = defaultdict(list)
    events = Event.objects.filter(conversation_id__in=conversation_ids, name__in=[*STATUS_AFTER, *_UNDONE])
    for event in events.filter(subject_kind="conversation").order_by("-id"):
        found[event.subject_id].append(event)
    return found


def _told_back(standing: Standing, changes: Sequence[Event], moment: Moment) -> Standing:
    for event in changes:
        if event.at > moment.at:
            standing = _undone(standing, event)
    before = next((one for one in changes if one.name in STATUS_AFTER and one.at <= moment.at), None)
    has_changed = any(one.name in STATUS_AFTER for one in changes)
    if before is not None:
        return replace(standing, status=STATUS_AFTER[before.name])
    return replace(standing, status=_Status.OPEN) if has_changed else standing


def _undone(standing: Standing, event: Event) -> Standing:
    details = event.details
    if event.name == "conversation.assigned":
        return replace(standing, assignee_id=details.get("former"))
    if event.name == "conversation.team_changed":
        owner = details.get("former_assignee") or standing.assignee_id
        return replace(standing, team_id=details.get("former"), assignee_id=owner)
    if event.name == "conversation.tagged":
        return replace(standing, tags=standing.tags - {details.get("tag")})
    if event.name == "conversation.untagged":
        return replace(standing, tags=standing.tags | {str(details.get("tag"))})
    if "former" in details and event.name.startswith("conversation.priority"):
        return replace(standing, priority=details["former"])
    return standing
