"""What somebody is called of whom the network gives an id and nothing else."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from comptoir.connectors.registry import connector_classes
from comptoir.core.reasons import Reason
from comptoir.core.saying import in_words

#: Begins the id of whoever wrote a message that names no author.
NAMELESS = "unknown:"
_NOBODY = gettext_noop("Unknown person")


def called_by_id(channel: str, external_id: str) -> str:
    """Their id, or what stands for it where a machine made it, in the reader's language."""
    return in_words(_stand_in(channel, external_id) or external_id)


def is_made_up(channel: str, external_id: str) -> bool:
    """Whether a machine made this id, so that nobody is called by it."""
    return _stand_in(channel, external_id) is not None


def vouched_for(channel: str, scope: str) -> str:
    """Who makes sure of an identity, in the reader's language; empty where it is the person's own word."""
    kind = connector_classes().get(channel)
    return in_words(kind.vouched(scope) or "") if kind else ""


def _stand_in(channel: str, external_id: str) -> Reason | None:
    if external_id.startswith(NAMELESS):
        return Reason(_NOBODY)
    kind = connector_classes().get(channel)  # a person outlives the connector they came by
    return kind.called(external_id) if kind else None
