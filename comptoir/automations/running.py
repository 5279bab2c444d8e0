"""Doing what automations are to do: each run in a transaction of its own, exactly once, whoever else is at it."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import InterfaceError, OperationalError, transaction

from comptoir.automations.acting import act_on
from comptoir.automations.errors import ActRefusedError
from comptoir.automations.limits import OFTEN_HERE, has_run_enough, stop_when_exhausted
from comptoir.automations.models import Automation, AutomationRun
from comptoir.automations.standing import asks_of, facts_now, holds, matchers
from comptoir.automations.triggers import TRIGGERS, why_words
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.core.reasons import Reason, template
from comptoir.routing.gathering import Moment

logger = logging.getLogger("comptoir.automations")

_REFUSED = template("%(step)s: %(reason)s")
_BROKE = template("It broke for a reason of our own, which stands in the worker’s log.")
_SWITCHED_OFF = template("It was switched off meanwhile.")
_UNREAD = template("Nobody could read in time what the message means.")
_CHANGED = template("The conversation had gone on meanwhile.")
_State = AutomationRun.State
#: Runs that an event caused are forgotten after so long; those of time say that a state was met, and stay with it.
_FORGOTTEN_AFTER = timedelta(days=90)


def run_next() -> bool:
    """Do the oldest run that is due and that nobody else is at; False when there is none."""
    run_id = 0
    try:
        with transaction.atomic():
            held = AutomationRun.objects.due(now()).select_for_update(skip_locked=True, no_key=True, of=("self",))
            run = held.select_related("revision").first()
            if run is None:
                return False
            run_id = run.pk
            _decide(run)
            run.save(update_fields=["state", "reason", "ended_at"])
    except (OperationalError, InterfaceError):
        raise  # the database is going, or a deadlock: it comes again
    except Exception:
        logger.exception("an automation's run broke", extra={"run": run_id})
        waiting = AutomationRun.objects.filter(pk=run_id, state=_State.WAITING)
        waiting.update(state=_State.REFUSED, reason=Reason(_BROKE), ended_at=now())
    return True


def _decide(run: AutomationRun) -> None:
    """Do it, or say why not. The automation is held, so that its runs are counted one after the other."""
    present = now()
    run.automation = Automation.objects.select_for_update(no_key=True).get(pk=run.automation_id)
    if not run.automation.is_active:
        run.end(_State.OVER, reason=Reason(_SWITCHED_OFF))
    elif stop_when_exhausted(run.automation, present):
        run.state = _State.HELD
    elif has_run_enough(run, present):
        run.end(_State.REFUSED, reason=Reason(OFTEN_HERE, count=run.automation.most_runs_a_day))
    else:
        _try(run)


def _try(run: AutomationRun) -> None:
    held = Conversation.objects.select_for_update(of=("self",)).select_related("identity", "account__brand")
    conversation = held.get(pk=run.conversation_id)
    found = _still_holds(run, conversation)
    if not found:
        run.end(_State.OVER, reason=Reason(_UNREAD if found is None else _CHANGED))
        return
    try:
        act_on(run, conversation, why=why_words(run.revision.trigger))
    except ActRefusedError as error:
        run.end(_State.REFUSED, reason=Reason(_REFUSED, step=error.act, reason=error.reason))
        return
    run.end(_State.DONE)
    AutomationRun.objects.filter(pk=run.pk).note_transaction()


def _still_holds(run: AutomationRun, conversation: Conversation) -> bool | None:
    """Whether what it asks holds at this moment, for it may have waited; None: nobody has read the message."""
    kind = TRIGGERS[run.revision.trigger["kind"]]
    if kind.passes and not _still_passes(run, conversation, kind.state):
        return False
    moment = Moment(conversation.pk, now(), run.message_id)
    facts = facts_now([moment], asks=asks_of([run.revision]))[0]
    return holds(matchers(run.revision), facts)


def _still_passes(run: AutomationRun, conversation: Conversation, state: str) -> bool:
    """Whether it is still in the state, and has not left it and come back."""
    if state == "waits":
        return conversation.waiting_since == run.since
    if state == "silent":
        return conversation.waiting_since is None and run.since == (
            conversation.last_incoming_at or conversation.started_at
        )
    if state == "unresolved":
        return conversation.status != Conversation.Status.RESOLVED
    return conversation.status == state


def forget_old_runs() -> int:
    """Shorten the list of what ran; return by how many."""
    over = AutomationRun.objects.filter(event_id__isnull=False, ended_at__lt=now() - _FORGOTTEN_AFTER)
    return over.delete()[0]
