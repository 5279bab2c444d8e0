"""A reply that makes several messages, and was refused after some of them."""

from __future__ import annotations

from comptoir.connectors.base import ConnectorError, PermanentError


def cut_short(sent: int, of: int, error: ConnectorError) -> PermanentError:
    """What to tell: how many went out, why not the next; trying all of it again would send some twice."""
    return PermanentError(
        "Only %(sent)s of the %(all)s messages that this reply makes went out. %(reason)s Send what is missing anew.",
        sent=sent,
        all=of,
        reason=error.reason,
    )
