"""What became of a message is written down also where the database only reads for a moment."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import InternalError

from comptoir.delivery import outcomes
from comptoir.delivery.attempts import Unknown
from comptoir.delivery.models import Attempt


@pytest.mark.django_db(transaction=True)
def test_an_outcome_waits_for_a_database_that_only_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[Any] = []

    def settle_once(*given: Any) -> None:
        tries.append(given)
        if len(tries) == 1:
            raise InternalError("cannot execute UPDATE in a read-only transaction") from (
                psycopg.errors.ReadOnlySqlTransaction()
            )

    monkeypatch.setattr(outcomes, "_settle_once", settle_once)
    outcomes.settle(Attempt(pk=1), Unknown("Cut.", may_be_retried=False))
    assert len(tries) == 2
