"""Telling a database that is away, or busy, from one that refuses what it was given."""

from __future__ import annotations

import psycopg
from django.db import InterfaceError, OperationalError

#: SQLSTATE's class for what is longer, or more, than there may be: psycopg takes it for trouble of the database's own.
_TOO_MUCH = "54"
#: What only reads, as a standby does while another one takes over: psycopg takes it for a fault within.
_ONLY_READS = "25006"


def is_refused(error: BaseException) -> bool:
    """Whether the database refuses what it was given: it will not take it later either."""
    return isinstance(error.__cause__, psycopg.errors.DataError) or _sqlstate(error).startswith(_TOO_MUCH)


def is_away(error: BaseException) -> bool:
    """Whether the database itself is in trouble, and not only what it was given: the same may be taken later."""
    if _sqlstate(error) == _ONLY_READS:
        return True
    return isinstance(error, OperationalError | InterfaceError) and not is_refused(error)


def _sqlstate(error: BaseException) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""
