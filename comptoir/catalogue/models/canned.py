"""Answers kept ready: an agent's own shortcuts, and those that colleagues share."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from comptoir.brands.models import Brand
from comptoir.people.models import Agent


class CannedResponse(models.Model):
    """A text called by its shortcut. One without an owner is everybody's; one without a brand serves every brand."""

    shortcut = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    text = models.TextField()
    owner = models.ForeignKey(Agent, on_delete=models.CASCADE, null=True, related_name="canned_responses")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, null=True, related_name="canned_responses")
    language = models.CharField(max_length=12, blank=True)
    used = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["shortcut", "id"]
        constraints = [
            models.UniqueConstraint(
                "owner", Lower("shortcut"), "language", nulls_distinct=False, name="one_shortcut_per_owner_and_language"
            )
        ]

    def __str__(self) -> str:
        return f"/{self.shortcut}"


class CannedFile(models.Model):
    """A file that goes with a canned response."""

    canned_response = models.ForeignKey(CannedResponse, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    storage_key = models.CharField(max_length=200)
    mime_type = models.CharField(max_length=120)
    size_bytes = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return self.name
