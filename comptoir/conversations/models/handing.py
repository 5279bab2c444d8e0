"""Passing a conversation to another team: asked, and then accepted, refused or taken back; accepted, it may come back
with an answer.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptoir.conversations.models.conversation import Conversation
from comptoir.people.models import Agent, Team


class HandOffQuerySet(models.QuerySet["HandOff"]):
    def offered(self) -> HandOffQuerySet:
        """Those that wait for somebody to accept or refuse them."""
        return self.filter(state=HandOff.State.OFFERED)


class HandOff(models.Model):
    """One conversation offered to another team. Until somebody there accepts it, it stays with who gave it."""

    class State(models.TextChoices):
        OFFERED = "offered", _("Offered")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Taken back")
        ANSWERED = "answered", _("Given back with an answer")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="hand_offs", db_index=False)
    from_team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+")
    to_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="hand_offs", db_index=False)
    given_by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="hand_offs_given")
    asked = models.TextField(help_text="What the other team is to do.")
    state = models.CharField(max_length=9, choices=State, default=State.OFFERED)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.TextField(blank=True, help_text="Why it was refused.")
    answer = models.TextField(blank=True, db_default="", help_text="With what it was given back.")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = HandOffQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(state="offered"), name="one_open_hand_off_per_conversation"
            ),
            models.CheckConstraint(
                condition=Q(state="offered", ended_at=None) | (~Q(state="offered") & Q(ended_at__isnull=False)),
                name="hand_off_ends_when_decided",
            ),
            models.CheckConstraint(condition=~Q(state="refused", reason=""), name="hand_off_refused_for_a_reason"),
            models.CheckConstraint(
                condition=(Q(state="answered", answered_at__isnull=False) & ~Q(answer=""))
                | (~Q(state="answered") & Q(answer="", answered_at=None)),
                name="hand_off_given_back_with_an_answer",
            ),
            models.CheckConstraint(condition=~Q(from_team=models.F("to_team")), name="hand_off_to_another_team"),
        ]
        indexes = [
            models.Index(fields=["conversation", "-given_at"], name="hand_off_by_conversation"),
            models.Index(fields=["to_team", "given_at"], name="hand_off_waiting", condition=Q(state="offered")),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} to {self.to_team_id}: {self.asked[:40]}"

    @property
    def is_offered(self) -> bool:
        return self.state == self.State.OFFERED

    def end(self, state: HandOff.State, at: datetime, *, by: Agent | None, reason: str = "") -> None:
        """Decide it; the caller holds the row, saves and records."""
        self.state, self.ended_at, self.ended_by, self.reason = state, at, by, reason

    def give_back(self, answer: str, at: datetime, *, by: Agent) -> None:
        """Accepted, it comes back answered; when and by whom it was accepted stays. The caller saves and records."""
        self.state, self.answer, self.answered_at, self.answered_by = self.State.ANSWERED, answer, at, by
