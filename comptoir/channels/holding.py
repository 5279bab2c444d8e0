"""Holding accounts still: nothing is received on them until the transaction ends."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

_LOCK_CLASS = 0x696E7478  # "intx": receiving, one transaction at a time for each account


def hold_accounts(account_ids: Iterable[int]) -> None:
    """Wait for what is being received on these accounts, and have the rest wait for this transaction.

    Always in the order of the ids, so that two who hold several cannot wait for each other.
    """
    with connection.cursor() as cursor:
        for account_id in sorted(set(account_ids)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_CLASS, account_id % 2**31])
