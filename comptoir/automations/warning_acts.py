"""What warnings of promises change: priority, owner, team. Each warning once, though workers die or race."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from comptoir.automations.spans import span_reason
from comptoir.conversations.models import Conversation, JoinedConversation
from comptoir.core.clock import now
from comptoir.core.reasons import Reason, template
from comptoir.core.tasks import defer
from comptoir.desk.actions import assign_conversation, change_team
from comptoir.desk.holding import locked
from comptoir.events.models import Event
from comptoir.events.record import SYSTEM
from comptoir.routing.escalating import keep_from, raise_priority
from comptoir.sla.models import ClockWarning, PolicyWarning

_RUNS_OUT = template("The promise runs out in %(span)s.")
_RUNS_OUT_NOW = template("The promise runs out now.")
_RAN_OUT = template("The promise ran out %(span)s ago.")


def follow_warnings(events: Sequence[Event]) -> None:
    """Have the warnings that change something do so."""
    about = {event.details["given"]: event.conversation_id for event in events if event.conversation_id is not None}
    given = ClockWarning.objects.filter(pk__in=about, acted_at=None).select_related("warning", "clock").order_by("pk")
    for one in given:
        if one.warning.has_acts:
            # That of the clock, where it has gone on in another one since.
            conversation_id = one.clock.conversation_id or about[one.pk]
            defer("automations.act_on_warning", given_id=one.pk, conversation_id=conversation_id)


@transaction.atomic
def act_on_warning(given_id: int, conversation_id: int) -> None:
    """Do what the warning says to its conversation, of a matter's to each that goes on; unless that was done, or the
    promise was kept meanwhile.
    """
    conversations = [locked(one) for one in _concerned(given_id, conversation_id)]
    held = ClockWarning.objects.select_for_update(of=("self",)).select_related("warning__escalates_to", "clock")
    given = held.get(pk=given_id)
    if given.acted_at is not None:
        return
    given.acted_at = now()
    given.save(update_fields=["acted_at"])
    clock = given.clock
    if clock.stopped_at is None and clock.paused_at is None:
        for conversation in conversations:
            if conversation.status != Conversation.Status.RESOLVED:
                _act(conversation, given.warning)


def _concerned(given_id: int, conversation_id: int) -> list[int]:
    """In the order in which they are held."""
    joined = JoinedConversation.objects.filter(matter__clocks__warnings=given_id)
    return sorted(joined.values_list("conversation_id", flat=True)) or [conversation_id]


def _act(conversation: Conversation, warning: PolicyWarning) -> None:
    """The team first: whoever is not of it has the conversation no longer."""
    reason = _reason(warning)
    if warning.raises_priority:
        raise_priority(conversation, reason=reason)
    if warning.escalates_to is not None:
        conversation = change_team(conversation.pk, to=warning.escalates_to, by=None, actor=SYSTEM, reason=reason)
    if warning.gives_back and conversation.assignee_id is not None:
        keep_from(conversation.pk, conversation.assignee_id)
        assign_conversation(conversation.pk, to=None, by=None, actor=SYSTEM, reason=reason)


def _reason(warning: PolicyWarning) -> str:
    minutes = round(warning.from_due.total_seconds() / 60)
    if minutes == 0:
        return Reason(_RUNS_OUT_NOW)
    return Reason(_RUNS_OUT if minutes < 0 else _RAN_OUT, span=span_reason({"after_minutes": abs(minutes)}))
