"""What was counted of each conversation, made from the record, the messages and the clocks, and made again at any time.

Nothing here is a source of anything: throw it away, and it is counted anew.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from comptoir.analysis.models import ContactReason, Intent
from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation
from comptoir.people.models import Agent, Team


class Kept(models.IntegerChoices):
    """How it stands with one promise of one conversation."""

    NOT_GIVEN = 0, _("Nothing promised")
    RUNNING = 1, _("Runs")
    KEPT = 2, _("Kept")
    BROKEN = 3, _("Broken")


class CountedConversation(models.Model):
    """One conversation in which a customer asked something, as `counting.counted` read it.

    ``reply_team`` had it when it was first answered (unanswered: has it); ``team`` has it, or had it last. Durations
    are whole seconds. What is spam, merged into another, or history that was there before us, has no row.
    """

    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, primary_key=True, related_name="counted"
    )
    account = models.ForeignKey(ChannelAccount, on_delete=models.CASCADE, db_index=False, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+")
    reply_team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+")
    replied_by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+")
    resolved_by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+")
    reason = models.ForeignKey(ContactReason, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+")
    intent = models.CharField(max_length=15, choices=Intent, blank=True)
    began_at = models.DateTimeField(help_text="When the customer first asked, by the network's time.")
    answered_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    first_reply_s = models.PositiveIntegerField(null=True)
    resolution_s = models.PositiveIntegerField(null=True)
    first_reply_promise = models.PositiveSmallIntegerField(choices=Kept, default=Kept.NOT_GIVEN)
    resolution_promise = models.PositiveSmallIntegerField(choices=Kept, default=Kept.NOT_GIVEN)
    transfer_count = models.PositiveSmallIntegerField(default=0)
    reopening_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, first_reply_s=None)
                | Q(answered_at__isnull=False, first_reply_s__isnull=False),
                name="answered_after_some_time",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolution_s=None)
                | Q(resolved_at__isnull=False, resolution_s__isnull=False),
                name="resolved_after_some_time",
            ),
        ]
        indexes = [
            models.Index(fields=["began_at"], name="counted_by_beginning"),
            models.Index(fields=["began_at"], name="counted_and_open", condition=Q(resolved_at=None)),
        ]

    def __str__(self) -> str:
        return f"conversation {self.conversation_id}"


class OpenSpell(models.Model):
    """From when until when one conversation was open (not resolved) with one team; ``ended_at`` None: it still is."""

    counted = models.ForeignKey(CountedConversation, on_delete=models.CASCADE, related_name="spells")
    account = models.ForeignKey(ChannelAccount, on_delete=models.CASCADE, db_index=False, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gt=F("began_at")), name="spell_ends_after_it_begins"
            )
        ]
        indexes = [
            models.Index(fields=["began_at"], name="spell_by_beginning"),
            models.Index(fields=["ended_at"], name="spell_by_end"),
        ]

    def __str__(self) -> str:
        return f"conversation {self.counted_id} from {self.began_at:%Y-%m-%d %H:%M}"


class PastCounting(models.Model):
    """How far what was there before the counting began has been counted, in the order of the conversations' ids."""

    key = models.PositiveSmallIntegerField(primary_key=True, default=1)
    reached = models.BigIntegerField(default=0)
    until = models.BigIntegerField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(key=1), name="one_counting_of_the_past")]

    def __str__(self) -> str:
        return f"{self.reached} of {self.until}"

    @property
    def percent(self) -> int:
        """How much of it is done."""
        if self.finished_at is not None or not self.until:
            return 100
        return min(99, 100 * self.reached // self.until)
