"""Macros: several acts under one name, done to a conversation at the press of a key."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from comptoir.people.models import Agent


class Macro(models.Model):
    """``acts`` in order, each {"act": name, ...arguments}. One without an owner is everybody's."""

    name = models.CharField(max_length=60)
    owner = models.ForeignKey(Agent, on_delete=models.CASCADE, null=True, related_name="macros")
    acts = models.JSONField(default=list)
    position = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint("owner", Lower("name"), nulls_distinct=False, name="one_macro_per_owner_and_name")
        ]

    def __str__(self) -> str:
        return self.name
