"""With whose rights an automation acts: those of whoever wrote it, as they are at that moment.

What no agent wrote (``writer`` None) was written on the machine itself, by somebody who may do more than an
administrator: nothing is kept from it.
"""

from __future__ import annotations

from collections.abc import Collection

from comptoir.automations.errors import ActRefusedError
from comptoir.automations.steps import LABELS_OF_AUTOMATIONS, PERMISSIONS_OF_AUTOMATIONS
from comptoir.conversations.models import Conversation
from comptoir.core.reasons import Reason, template
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may

_GONE = template("%(name)s, who wrote it, no longer works here.")
_MAY_NOT = template("%(name)s, who wrote it, may no longer have anything done by itself.")
_NOT_ALLOWED = template("%(name)s, who wrote it, is not allowed to do this.")


def why_stopped(writer: Agent | None) -> Reason | None:
    """Why nothing is done in this writer's name any more; None while it is."""
    if writer is None or may(writer, Permission.AUTOMATE):
        return None
    return Reason(_MAY_NOT if writer.is_active else _GONE, name=writer.name)


def seen_by(writer: Agent | None, conversation_ids: Collection[int]) -> Collection[int]:
    """Those of the conversations that the writer may read, in one query; none where everything is theirs to read."""
    if writer is None or writer.role == Agent.Role.ADMINISTRATOR:
        return conversation_ids
    visible = Conversation.objects.visible_to(writer).filter(pk__in=conversation_ids)
    return set(visible.values_list("pk", flat=True))


def within_reach(writer: Agent | None, conversation_ids: Collection[int]) -> Collection[int]:
    """Those that are for the automation to look at. All of them where its writer has gone: what it is met by is held
    then, and looked at with the rights of whoever lets it go on.
    """
    return conversation_ids if why_stopped(writer) else seen_by(writer, conversation_ids)


def require_allowed(writer: Agent | None, act: str) -> None:
    """Raise ActRefusedError where the writer's role does not grant what the act needs."""
    if writer is not None and not may(writer, PERMISSIONS_OF_AUTOMATIONS[act]):
        raise ActRefusedError(str(LABELS_OF_AUTOMATIONS[act]), Reason(_NOT_ALLOWED, name=writer.name))
