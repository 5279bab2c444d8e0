"""The append-only record: who did what to what, when and why. Reports, audit and live updates read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Func
from django.utils import timezone

from comptoir.core.saying import ReasonField

if TYPE_CHECKING:
    _IntField = models.Field[int, int]
else:
    _IntField = models.Field  # generic only in its stubs


class TransactionIdField(_IntField):
    """PostgreSQL's 64-bit transaction id, filled in by the database.

    Rows of transactions that are still open have ids the reader has not seen: whoever reads the record as a queue takes
    only rows below ``pg_snapshot_xmin(pg_current_snapshot())`` and so misses none that commits late.
    """

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value)

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else str(value)


class Event(models.Model):
    """One thing that happened. Never changed, never deleted but by retention."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    conversation_id = models.BigIntegerField(null=True)
    reason = ReasonField(blank=True)
    details = models.JSONField(default=dict)
    transaction_id = TransactionIdField(editable=False, db_default=Func(function="pg_current_xact_id"))

    class Meta:
        indexes = [
            models.Index(
                fields=["conversation_id", "id"],
                name="event_by_conversation",
                condition=models.Q(conversation_id__isnull=False),
            ),
            models.Index(fields=["subject_kind", "subject_id", "id"], name="event_by_subject"),
            models.Index(fields=["transaction_id", "id"], name="event_as_queue"),
            # What people do is a small part of the record; these two cost what networks deliver next to nothing.
            models.Index(fields=["actor_id", "-id"], name="event_by_agent", condition=models.Q(actor_kind="agent")),
            BrinIndex(fields=["at"], name="event_by_time", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.subject_kind} {self.subject_id}"


class Follower(models.Model):
    """How far one reader of the record has come, reading it as a queue."""

    name = models.CharField(max_length=60, primary_key=True)
    transaction_id = TransactionIdField()
    event_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name
