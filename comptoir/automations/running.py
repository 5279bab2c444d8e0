"""Doing what automations are to do: each run in a transaction of its own, exactly once, whoever else is at it."""

from __future__ import annotations

import logging

from django.db import transaction

from comptoir.automations.acting import act_on
from comptoir.automations.counting import due_later
from comptoir.automations.errors import ActRefusedError
from comptoir.automations.limits import OFTEN_HERE, has_run_enough, stop_when_exhausted
from comptoir.automations.models import Automation, AutomationRun
from comptoir.automations.rights import seen_by, why_stopped
from comptoir.automations.spans import is_in_working_time
from comptoir.automations.standing import asks_of, facts_now, holds, matchers, still_lasts
from comptoir.automations.stopping import stop_when_its_writer_is_gone
from comptoir.automations.triggers import TRIGGERS, why_words
from comptoir.conversations.models import Conversation
from comptoir.core.away import is_away
from comptoir.core.clock import now
from comptoir.core.reasons import Reason, template
from comptoir.routing.gathering import Moment

logger = logging.getLogger("comptoir.automations")

_REFUSED = template("%(step)s: %(reason)s")
_BROKE = template("It broke for a reason of our own, which stands in the worker’s log.")
_SWITCHED_OFF = template("It was switched off meanwhile.")
_UNREAD = template("Nobody could read in time what the message means.")
_CHANGED = template("The conversation had gone on meanwhile.")
_UNSEEN = template("%(name)s, who wrote it, is not shown this conversation.")
_State = AutomationRun.State


def run_next() -> bool:
    """Do the oldest run that is due and that nobody else is at; False when there is none."""
    run_id = 0
    try:
        with transaction.atomic():
            held = AutomationRun.objects.due(now()).select_for_update(skip_locked=True, no_key=True, of=("self",))
            run = held.select_related("revision__writer").first()
            if run is None:
                return False
            run_id = run.pk
            _decide(run)
            run.save(update_fields=["state", "reason", "ended_at", "due_at", "caused_at", "revision"])
    except Exception as error:
        if is_away(error):
            raise  # the database is going, or a deadlock: it comes again
        logger.exception("an automation's run broke", extra={"run": run_id})
        waiting = AutomationRun.objects.filter(pk=run_id, state=_State.WAITING)
        waiting.update(state=_State.REFUSED, reason=Reason(_BROKE), ended_at=now())
    return True


def _decide(run: AutomationRun) -> None:
    """Do it, or say why not. The automation is held, so that its runs are counted one after the other."""
    present = now()
    held = Automation.objects.select_for_update(no_key=True, of=("self",)).select_related("revision__writer")
    run.automation = held.get(pk=run.automation_id)
    if run.automation.revision.says_what(run.revision):
        run.revision = run.automation.revision  # whoever took these words over since answers for it
    if not run.automation.is_active:
        run.end(_State.OVER, reason=Reason(_SWITCHED_OFF))
    elif stop_when_its_writer_is_gone(run.automation) or stop_when_exhausted(run.automation, present):
        run.state = _State.HELD
    elif has_run_enough(run, present):
        run.end(_State.REFUSED, reason=Reason(OFTEN_HERE, count=run.automation.most_runs_a_day))
    else:
        _try(run)


def _try(run: AutomationRun) -> None:
    held = Conversation.objects.select_for_update(of=("self",)).select_related("identity", "account__brand")
    conversation = held.get(pk=run.conversation_id)
    barred = _why_barred(run)
    if barred is not None:
        run.end(_State.OVER, reason=barred)
        return
    later = due_later(run, conversation)
    if later is not None:
        run.due_at = run.caused_at = later
        return
    found = _still_holds(run, conversation)
    if not found and is_in_working_time(run.revision.trigger):
        run.end(_State.UNMET)  # it was kept before its time, and has gone on as most do
        return
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


def _why_barred(run: AutomationRun) -> Reason | None:
    """Why it is not for its writer to do, with the rights that they have at this moment."""
    writer = run.revision.writer
    if writer is None or seen_by(writer, {run.conversation_id}):
        return why_stopped(writer)
    return why_stopped(writer) or Reason(_UNSEEN, name=writer.name)


def _still_holds(run: AutomationRun, conversation: Conversation) -> bool | None:
    """Whether what it asks holds at this moment, for it may have waited; None: nobody has read the message."""
    kind = TRIGGERS[run.revision.trigger["kind"]]
    if kind.passes and not still_lasts(kind.state, run.since, conversation):
        return False
    moment = Moment(conversation.pk, now(), run.message_id)
    facts = facts_now([moment], asks=asks_of([run.revision]))[0]
    return holds(matchers(run.revision), facts)
