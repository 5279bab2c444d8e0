"""What can go wrong with the embedded PostgreSQL, said with a remedy."""

from __future__ import annotations

from comptoir.core.reasons import ReasonedError


class PostgresError(ReasonedError):
    """The database cannot be started, stopped or reached; the text says what to do."""
