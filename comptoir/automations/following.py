"""What automations do when something happened: keep what is to be run, each event once for each automation.

A batch of events is matched with a fixed number of queries, and with one where no automation is in force.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from comptoir.automations.models import Automation, AutomationRevision, AutomationRun
from comptoir.automations.models.automation import KIND
from comptoir.automations.rights import within_reach
from comptoir.automations.standing import asks_of, facts_now, holds, matchers
from comptoir.automations.triggers import EVENTS, TRIGGERS
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.core.reasons import Reason, template
from comptoir.core.tasks import defer
from comptoir.events.models import Event
from comptoir.routing.gathering import Moment

FOLLOWED = EVENTS
_READ = frozenset({"message.analysed", "analysis.corrected"})
#: For how long a run waits for what its message means.
READ_WITHIN = timedelta(minutes=10)
#: So many automations may set one another off, one after the other.
MAX_DEPTH = 3
TOO_DEEP = template("Automations set one another off in a chain: it ends here.")


@dataclass(frozen=True, slots=True)
class Met:
    """One automation met by one event; ``depth`` as of `AutomationRun`."""

    automation: Automation
    event: Event
    depth: int = 0

    @property
    def message_id(self) -> int | None:
        return self.event.subject_id if self.event.name == "message.received" else None

    @property
    def moment(self) -> Moment:
        assert self.event.conversation_id is not None
        return Moment(self.event.conversation_id, now(), self.message_id)


def follow_automations(events: Sequence[Event]) -> None:
    """Keep the runs that these events cause, and have them done."""
    in_force = list(Automation.objects.in_force())
    if not in_force:
        return
    _wake_for(events)
    met = _met(in_force, events)
    if met:
        keep_runs(_runs(met))
    if met or any(event.name in _READ for event in events):
        defer("automations.run", only_once="automations.run")


def keep_runs(runs: Sequence[AutomationRun]) -> None:
    """Keep each once, whoever else is at it."""
    AutomationRun.objects.bulk_create(runs, ignore_conflicts=True, batch_size=1000)


def is_met(revision: AutomationRevision, event: Event, *, own_id: int | None) -> bool:
    """Whether its trigger names this event, and it is not the automation's own doing."""
    trigger = revision.trigger
    kind = TRIGGERS.get(trigger["kind"])
    if kind is None or event.name not in kind.events or event.conversation_id is None:
        return False
    is_own = event.actor_kind == KIND and event.actor_id == own_id
    return not is_own and kind.meets(event, trigger.get("among", ()))


def _met(in_force: Sequence[Automation], events: Sequence[Event]) -> list[Met]:
    """In the order of the events and, for each, of the automations."""
    pairs = [(automation, event) for event in events for automation in in_force]
    met = [Met(one, event) for one, event in pairs if is_met(one.revision, event, own_id=one.pk)]
    met = [one for one in met if one.automation.active_since and one.event.at >= one.automation.active_since]
    if not met:
        return []
    begun = said_at(list({one.event.pk: one.event for one in met}.values()))
    met = [one for one in met if (at := begun.get(one.event.pk)) and at >= (one.automation.active_since or at)]
    depths = _depths(met)
    return [Met(one.automation, one.event, depths.get(_deed(one.event), 0)) for one in met]


def said_at(events: Sequence[Event]) -> Mapping[int, datetime]:
    """By event: when what it tells of was said, by the network's time; else when it happened. What was said long ago
    and is only now read, as the history of a new account, sets nothing off; neither do words that nobody wrote.
    """
    named = ("message.received", "message.sent")
    written = Message.objects.filter(pk__in={one.subject_id for one in events if one.name in named}, is_automatic=False)
    sent_at = dict(written.values_list("pk", "sent_at"))
    begun = {one.subject_id for one in events if one.name == "conversation.started"}
    started_at = dict(Conversation.objects.filter(pk__in=begun).values_list("pk", "last_message_at")) if begun else {}
    sources = {"conversation.started": started_at} | dict.fromkeys(named, sent_at)
    found: dict[int, datetime] = {}
    for one in events:
        at = sources[one.name].get(one.subject_id) if one.name in sources else one.at
        if at is not None:
            found[one.pk] = at
    return found


def _deed(event: Event) -> tuple[int, int | None]:
    """What an automation did at once, told by the transaction and whose it was."""
    return event.transaction_id, event.actor_id


def _depths(met: Sequence[Met]) -> Mapping[tuple[int, int | None], int]:
    """By deed of an automation: how deep in a chain what it causes is."""
    done = {one.event.transaction_id for one in met if one.event.actor_kind == KIND}
    if not done:
        return {}
    runs = AutomationRun.objects.filter(transaction_id__in=done)
    rows = runs.values_list("transaction_id", "automation", "depth")
    return {(transaction_id, automation_id): depth + 1 for transaction_id, automation_id, depth in rows}


def _runs(met: Sequence[Met]) -> list[AutomationRun]:
    """Those whose conditions hold, or may once the message is read."""
    automations = {one.automation.pk: one.automation for one in met}
    conditions = {pk: matchers(one.revision) for pk, one in automations.items()}
    asks = asks_of(one.revision for one in automations.values())
    moments = {one.event.pk: one.moment for one in met}  # several automations may be met by one event
    facts = dict(zip(moments, facts_now(list(moments.values()), asks=asks), strict=True))
    met = _within_reach(met)
    found = [(one, holds(conditions[one.automation.pk], facts[one.event.pk])) for one in met]
    return [_run(one, is_known=held is not None) for one, held in found if held is not False]


def _within_reach(met: Sequence[Met]) -> list[Met]:
    """Those on conversations that the writers may read: one query for each writer."""
    writers = {one.writer_id: one.writer for one in (met_one.automation.revision for met_one in met)}
    reach: dict[int | None, Collection[int]] = {
        writer_id: within_reach(
            writer, {one.moment.conversation_id for one in met if one.automation.revision.writer_id == writer_id}
        )
        for writer_id, writer in writers.items()
    }
    return [one for one in met if one.moment.conversation_id in reach[one.automation.revision.writer_id]]


def _run(met: Met, *, is_known: bool) -> AutomationRun:
    run = AutomationRun(
        automation=met.automation,
        revision=met.automation.revision,
        conversation_id=met.moment.conversation_id,
        event_id=met.event.pk,
        message_id=met.message_id,
        depth=met.depth,
        caused_at=met.event.at,
        due_at=now() if is_known else now() + READ_WITHIN,
    )
    if met.depth > MAX_DEPTH:
        run.end(AutomationRun.State.REFUSED, reason=Reason(TOO_DEEP))
    return run


def _wake_for(events: Sequence[Event]) -> None:
    """What waits for a message to be read is due now that it was."""
    read = {event.conversation_id for event in events if event.name in _READ}
    if read:
        waiting = AutomationRun.objects.filter(state=AutomationRun.State.WAITING, since=None, due_at__gt=now())
        waiting.filter(conversation__in=read).update(due_at=now())
