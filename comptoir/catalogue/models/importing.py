"""A file that somebody wants to bring in, kept between the preview and the decision."""

from __future__ import annotations

from django.db import models

from comptoir.people.models import Agent


class CatalogueFile(models.Model):
    """What was uploaded, as it came."""

    name = models.CharField(max_length=255)
    content = models.BinaryField()
    source = models.CharField(max_length=20, blank=True, help_text="Which program wrote it; empty: it tells itself.")
    language = models.CharField(max_length=12)
    by = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
