"""What replies that left do for the people they are for, and those that are still to be read."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from comptoir.conversations.models import Message


class ReplyTone(models.Model):
    """The tone of one reply that a person wrote; None is what did not apply: no name known, nothing complained of."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, primary_key=True, related_name="tone")
    uses_first_name = models.BooleanField(null=True)
    points = models.PositiveSmallIntegerField(help_text="What the customer complained of.")
    points_taken_up = models.PositiveSmallIntegerField()
    reassures = models.BooleanField(null=True)
    has_next_step = models.BooleanField(null=True, help_text="With a day, an hour or a delay.")
    is_stock = models.BooleanField(help_text="A phrase of it would fit any reply.")
    asks_for_known = models.BooleanField()
    blames = models.BooleanField()
    is_mixed = models.BooleanField(help_text="It says both “tu” and “vous”.")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(points_taken_up__lte=F("points")), name="tone_takes_up_no_more_than_there_is"
            )
        ]
        indexes = [BrinIndex(fields=["read_at"], name="reply_tone_by_time")]

    def __str__(self) -> str:
        return f"tone of {self.message_id}"


class ReplyToRead(models.Model):
    """A reply that left and whose tone is still to be read."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, primary_key=True, related_name="tone_to_read")

    def __str__(self) -> str:
        return str(self.message_id)
