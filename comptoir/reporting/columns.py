"""The rows that a report is made of, as columns of numbers: a quarter of a million of them come in one answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import psycopg
from django.db import connection
from numpy.typing import NDArray

from comptoir.analysis.models import Intent
from comptoir.core.clock import now
from comptoir.reporting.asking import Question, Reach, reasons_for
from comptoir.reporting.models import Kept

Numbers = NDArray[np.int32]
Marks = NDArray[np.bool_]
#: What is not there: no team, no answer.
NONE = -1
#: Whoever was not answered within this, or was closed without an answer, was never answered.
NEVER_AFTER = timedelta(days=7)
INTENTS = tuple(Intent.values)

_COLUMNS = {
    "day": "width_bucket(began_at, %(edges)s::timestamptz[]) - 1",
    "account": "account_id::int",
    "team": "COALESCE(team_id::int, -1)",
    "reply_team": "COALESCE(reply_team_id::int, -1)",
    "replied_by": "COALESCE(replied_by_id::int, -1)",
    "resolved_by": "COALESCE(resolved_by_id::int, -1)",
    "reason": "COALESCE(reason_id::int, -1)",
    "intent": "COALESCE(array_position(%(intents)s::text[], intent::text) - 1, -1)",
    "first_reply_s": "COALESCE(first_reply_s, -1)",
    "resolution_s": "COALESCE(resolution_s, -1)",
    # Small ones in one number: two promises of two bits each, and three marks.
    "marks": "first_reply_promise + 4 * resolution_promise + 16 * (transfer_count > 0)::int"
    " + 32 * (reopening_count > 0)::int + 64 * (began_at < %(never_before)s)::int",
}
#: An integer's bytes as the network has them, one after another: no text to be read on the other side.
_ASKED = f"""
SELECT {", ".join(f"string_agg(int4send({sql}), '')" for sql in _COLUMNS.values())}
FROM reporting_countedconversation
WHERE began_at >= %(from)s AND began_at < %(to)s AND account_id = ANY (%(accounts)s)
"""  # noqa: S608  # of our own constants


@dataclass(frozen=True, slots=True)
class Columns:
    """One element for each conversation that began in the asked days, all in one order.

    ``in_reply`` and ``in_work`` mark those that count for replies and for the rest: a team's replies are those it gave,
    wherever the conversation went from there.
    """

    day: Numbers
    account: Numbers
    team: Numbers
    reply_team: Numbers
    replied_by: Numbers
    resolved_by: Numbers
    reason: Numbers
    intent: Numbers
    first_reply_s: Numbers
    resolution_s: Numbers
    marks: Numbers
    in_reply: Marks
    in_work: Marks

    @property
    def first_reply_promise(self) -> Numbers:
        return self.marks & 3

    @property
    def resolution_promise(self) -> Numbers:
        return (self.marks >> 2) & 3

    @property
    def is_transferred(self) -> Marks:
        return (self.marks & 16) > 0

    @property
    def is_reopened(self) -> Marks:
        return (self.marks & 32) > 0

    @property
    def is_answered(self) -> Marks:
        return self.first_reply_s >= 0

    @property
    def is_never_answered(self) -> Marks:
        return ~self.is_answered & ((self.resolution_s >= 0) | ((self.marks & 64) > 0))

    @property
    def is_waiting(self) -> Marks:
        return ~self.is_answered & ~self.is_never_answered


def columns(question: Question, reach: Reach, *, at: datetime | None = None) -> Columns:
    """What ``reach`` may see of the conversations that the question is about, as of ``at`` (now)."""
    values: dict[str, Any] = {
        "edges": question.edges,
        "intents": list(INTENTS),
        "never_before": (at or now()) - NEVER_AFTER,
        "from": question.edges[0],
        "to": question.edges[-1],
        "accounts": reach.accounts_for(question),
    }
    sql = _ASKED + _narrowed(question, reach, values)
    connection.ensure_connection()
    # Django's own cursor reads texts; this one takes bytes as they come.
    with psycopg.Cursor(connection.connection) as cursor:
        found = cursor.execute(sql, values, binary=True).fetchone()
    assert found is not None  # an aggregate has one row
    read: dict[str, Any] = {name: _numbers(column) for name, column in zip(_COLUMNS, found, strict=True)}
    return Columns(**read, **_counting_for(question, read))


def _narrowed(question: Question, reach: Reach, values: dict[str, Any]) -> str:
    conditions: Sequence[tuple[str, str, object]] = (
        ("teams", "team_id = ANY (%(teams)s)", None if reach.teams is None else list(reach.teams)),
        ("team", "(reply_team_id = %(team)s OR team_id = %(team)s)", question.team),
        ("agent", "(replied_by_id = %(agent)s OR resolved_by_id = %(agent)s)", question.agent),
        ("reasons", "reason_id = ANY (%(reasons)s)", reasons_for(question)),
        ("intent", "intent = %(intent)s", question.intent or None),
    )
    asked = [(name, sql, said) for name, sql, said in conditions if said is not None]
    values.update({name: said for name, _sql, said in asked})
    return "".join(f" AND {sql}" for _name, sql, _said in asked)


def _counting_for(question: Question, read: dict[str, Any]) -> dict[str, Any]:
    in_reply = np.ones(len(read["day"]), dtype=np.bool_)
    in_work = in_reply.copy()
    if question.team:
        in_reply &= read["reply_team"] == question.team
        in_work &= read["team"] == question.team
    if question.agent:
        in_reply &= read["replied_by"] == question.agent
        in_work &= read["resolved_by"] == question.agent
    return {"in_reply": in_reply, "in_work": in_work}


def _numbers(column: bytes | None) -> Numbers:
    return np.frombuffer(column or b"", dtype=">i4").astype(np.int32)


def promised(outcomes: Numbers, outcome: Kept) -> Marks:
    """Which of the promises ended so."""
    marks: Marks = outcomes == outcome.value
    return marks
