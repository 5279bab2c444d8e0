"""Correcting what was read."""

from __future__ import annotations

from django.db import transaction

from comptoir.analysis.correcting import chosen, set_figure, shown
from comptoir.analysis.errors import NotReadYetError
from comptoir.analysis.models import Correction, Figure, MessageAnalysis
from comptoir.analysis.teaching import ask_to_learn
from comptoir.analysis.turns import retell_readings
from comptoir.core.clock import now
from comptoir.events.record import Actor, Happening, record_all
from comptoir.people.models import Agent


@transaction.atomic
def correct_reading(
    message_id: int, *, figure: Figure, to: str, by: Agent, actor: Actor | None = None
) -> MessageAnalysis:
    """Set one figure of one message to what a person says it is; to what it is already, nothing happens.

    ``to`` is written as in a form: a label, a level, « yes » or « no », the id of a contact reason or nothing for none.
    Raises NotReadYetError, ImpossibleFigureError.
    """
    analysis = (
        MessageAnalysis.objects.select_for_update(of=("self",)).select_related("message").filter(pk=message_id).first()
    )
    if analysis is None:
        raise NotReadYetError
    after, before = chosen(figure, to), shown(analysis, figure)
    if after == before:
        return analysis
    set_figure(analysis, figure, after)
    Correction.objects.create(message_id=message_id, figure=figure, before=before, after=after, agent=by, at=now())
    conversation_id = analysis.message.conversation_id
    retell_readings([conversation_id])
    details = {"figure": figure.value, "before": before, "after": after}
    record_all(
        [
            Happening(
                "analysis.corrected",
                "message",
                message_id,
                actor or Actor("agent", by.pk),
                conversation_id=conversation_id,
                details=details,
            )
        ]
    )
    ask_to_learn(figure)
    return analysis
