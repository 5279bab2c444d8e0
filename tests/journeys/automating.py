"""What the counter does by itself on an ordinary day: one automation that ran too often, and two that wait."""

from __future__ import annotations

from datetime import timedelta

from comptoir.automations.models import Automation
from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.events.record import record
from tests.automations.written import automation, settle
from tests.routing.writing import condition


def automated_counter() -> Automation:
    """The one that stopped: it did something, could not do something else, and holds the rest."""
    stopped = automation(
        "received",
        {"act": "tag", "name": "colis"},
        {"act": "note", "text": "Le transporteur est en grève : voir la page d’information."},
        conditions=[condition("status", "open", "pending")],
        name="Grève du transporteur",
        most_runs_an_hour=2,
        since=now() - timedelta(days=365),
    )
    for message in Message.objects.incoming().filter(is_automatic=False).order_by("-sent_at")[:6]:
        record("message.received", subject=message)
    settle()
    automation(
        "waits",
        {"act": "priority", "level": 2},
        {"act": "notify", "who": "team"},
        conditions=[condition("owner", "nobody"), condition("vip", unless=True)],
        after=timedelta(hours=4),
        name="Attente trop longue",
    )
    asked = "Bonjour {first_name}, avez-vous encore besoin de nous ? Sans nouvelles, nous fermerons cet échange."
    quiet = automation("silent", {"act": "reply", "text": asked}, after=timedelta(days=3), name="Relance")
    quiet.switch(on=False, at=quiet.revision.made_at)
    quiet.save()
    return stopped
