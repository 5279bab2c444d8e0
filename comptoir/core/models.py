"""What no domain owns."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """When a process last gave a sign of life."""

    name = models.CharField(max_length=120, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
