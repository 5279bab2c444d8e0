"""What the search by meaning keeps: vectors of texts, and which edition of the catalogue they belong to."""

from __future__ import annotations

import uuid

from django.db import models


class CatalogueEdition(models.Model):
    """One row: how often what serves has changed, and up to which change every text has its vector.

    A change has a ``mark`` besides its number: after a backup was restored, numbers come again that once stood for
    something else.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    mark = models.UUIDField(default=uuid.uuid4)
    read_number = models.BigIntegerField(default=0)
    read_mark = models.UUIDField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_edition")]

    def __str__(self) -> str:
        return f"{self.number} ({self.read_number})"


class TextVector(models.Model):
    """What one text means to one embedder. Phrasings that are written alike share it, whichever entry has them, and a
    phrasing that comes back in a later version need not be read again.
    """

    embedder = models.CharField(max_length=120, help_text="Its name and version.")
    digest = models.BinaryField(max_length=16, help_text="Of the text, as it is compared.")
    vector = models.BinaryField(help_text="16-bit floats.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["embedder", "digest"], name="one_vector_per_text")]

    def __str__(self) -> str:
        return f"{self.embedder} {self.digest.hex()[:8]}"
