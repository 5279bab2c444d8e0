"""Upkeep of the API's own tables."""

from __future__ import annotations

from comptoir.api.actions import forget_old_answers
from comptoir.core.tasks import task


@task("api.forget_old_answers", every="23 * * * *")
def forget_answers(timestamp: int) -> None:
    """Drop the answers kept for idempotency keys a day ago."""
    forget_old_answers()
