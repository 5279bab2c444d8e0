"""What came of the catalogue: which entry served where, and what it has no answer to.

Conversations lie above the catalogue: their rows are named by id, and the migrations tie those ids to their tables.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from comptoir.brands.models import Brand
from comptoir.catalogue.models.entry import CatalogueEntry, EntryVersion
from comptoir.people.models import Agent


class EntryUse(models.Model):
    """An entry that went into a reply. It was a success when the conversation was resolved after it and the customer
    did not come back within seven days.
    """

    entry = models.ForeignKey(CatalogueEntry, on_delete=models.CASCADE, related_name="uses")
    version = models.ForeignKey(EntryVersion, on_delete=models.CASCADE, related_name="uses")
    message_id = models.BigIntegerField()
    conversation_id = models.BigIntegerField()
    agent = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")
    used_at = models.DateTimeField()
    is_changed = models.BooleanField(default=False, help_text="Whether the agent changed the words.")
    resolved_at = models.DateTimeField(null=True, help_text="When the conversation was first resolved after it.")
    came_back_at = models.DateTimeField(null=True, help_text="When the customer came back within seven days of that.")
    is_settled = models.BooleanField(default=False, help_text="Whether what came of it can no longer change.")

    class Meta:
        ordering = ["-used_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["message_id", "entry"], name="one_use_per_message_and_entry"),
            models.CheckConstraint(
                condition=Q(came_back_at=None) | Q(resolved_at__isnull=False), name="who_comes_back_was_served"
            ),
        ]
        indexes = [
            models.Index(fields=["entry", "-used_at"], name="use_by_entry"),
            models.Index(fields=["conversation_id"], name="use_unsettled", condition=Q(is_settled=False)),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} in {self.message_id}"


class KnowledgeGap(models.Model):
    """Questions of customers that are alike and that no entry answers, as they were found together."""

    found_at = models.DateTimeField()
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=12)
    weight = models.PositiveIntegerField(help_text="How many people asked.")
    message_ids = ArrayField(models.BigIntegerField(), help_text="The most typical first.")
    nearest = models.ForeignKey(CatalogueEntry, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-weight", "id"]
        indexes = [models.Index(fields=["-weight", "id"], name="gap_by_weight")]

    def __str__(self) -> str:
        return f"{self.weight} × {self.message_ids[:3]}"
