"""Asking an expert inside a conversation, with a clock of its own beside the customer's."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptoir.conversations.models.conversation import Conversation
from comptoir.conversations.models.writing import Note
from comptoir.core.saying import ReasonField
from comptoir.people.models import Agent

#: How long a link works after the answer was due: whoever is late can still answer.
_LINK_OUTLIVES = timedelta(days=14)
_LAST_CALL = timedelta(days=1)


def new_link_key() -> str:
    """What a link is good for: whoever replaces it has made every earlier link worthless."""
    return secrets.token_urlsafe(24)


def new_mail_token() -> str:
    """What brings an answer by e-mail home: as conversations' tokens are, so that the connector knows it for ours."""
    return "c-q" + secrets.token_hex(16)


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def open(self) -> ConsultationQuerySet:
        """Those that wait for their answer."""
        return self.filter(state=Consultation.State.ASKED)


class Consultation(models.Model):
    """One question to one expert: a colleague (``expert``), or somebody without an account (``outside_email``)."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        ANSWERED = "answered", _("Answered")
        WITHDRAWN = "withdrawn", _("Taken back")

    class Way(models.TextChoices):
        SCREEN = "screen", _("in Comptoir")
        LINK = "link", _("by the link")
        EMAIL = "email", _("by e-mail")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="consultations")
    asked_by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="consultations_asked")
    expert = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="consultations", db_index=False)
    outside_name = models.CharField(max_length=120, blank=True)
    outside_email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, default="fr", help_text="In which an outside expert is written to.")
    question = models.TextField()
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_by_way = models.CharField(max_length=6, choices=Way, blank=True)
    note = models.OneToOneField(Note, on_delete=models.SET_NULL, null=True, related_name="consultation")
    mail_token = models.CharField(max_length=40, default=new_mail_token)
    mail_failure = ReasonField(blank=True, default="", help_text="Why the last mail did not reach them.")
    link_key = models.CharField(max_length=40, default=new_link_key)
    link_expires_at = models.DateTimeField(null=True)
    next_reminder_at = models.DateTimeField(null=True)
    reminder_count = models.PositiveSmallIntegerField(default=0)
    escalated_at = models.DateTimeField(null=True)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["mail_token"], name="one_consultation_per_token"),
            models.CheckConstraint(
                condition=Q(expert__isnull=False, outside_email="") | (Q(expert=None) & ~Q(outside_email="")),
                name="consultation_of_exactly_one",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", ended_at=None) | (~Q(state="asked") & Q(ended_at__isnull=False)),
                name="consultation_ends_when_decided",
            ),
            models.CheckConstraint(condition=~Q(state="answered", answer=""), name="consultation_answered_in_words"),
        ]
        indexes = [
            models.Index(fields=["expert", "asked_at"], name="consultation_waiting", condition=Q(state="asked")),
            models.Index(fields=["next_reminder_at"], name="consultation_to_remind", condition=Q(state="asked")),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.question[:40]}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.ASKED

    def expect_by(self, due_at: datetime, at: datetime) -> None:
        """Seen from ``at``, the answer is due then: whom it is called to mind when, and how long a link works, follow
        from it. That nobody answered in time is said anew where it is not so any more. The caller saves.
        """
        self.link_expires_at = due_at + _LINK_OUTLIVES
        if due_at > at:
            self.escalated_at = None
        overdue = due_at if self.escalated_at is None else None
        self.next_reminder_at = next((one for one in self.reminders(due_at) if one > at), overdue)

    def reminders(self, due_at: datetime) -> Sequence[datetime]:
        """When the expert is called to mind: half-way, a day before it is due, when it is; each later than the last."""
        half, last_call = self.asked_at + (due_at - self.asked_at) / 2, due_at - _LAST_CALL
        return (half, last_call, due_at) if last_call > half else (half, due_at)

    def end(self, state: Consultation.State, at: datetime, *, answer: str = "", way: str = "") -> None:
        """Decide it; the caller holds the row, saves and records."""
        self.state, self.ended_at, self.answer, self.answered_by_way = state, at, answer, way
        self.next_reminder_at = None

    @property
    def expert_name(self) -> str:
        """Who is asked, as a reader knows them."""
        return self.expert.name if self.expert else self.outside_name or self.outside_email
