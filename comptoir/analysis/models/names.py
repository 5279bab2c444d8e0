"""What a brand's customers name: its products and its places, and the messages that name them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from comptoir.brands.models import Brand
from comptoir.conversations.models import Message

MAX_NAME_CHARS = 120


class KnownName(models.Model):
    """A product or a place of a brand, as the company calls it, and as others do (``spellings``)."""

    class Kind(models.TextChoices):
        PRODUCT = "product", _("Product")
        PLACE = "place", _("Place")

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="known_names")
    kind = models.CharField(max_length=7, choices=Kind)
    name = models.CharField(max_length=MAX_NAME_CHARS)
    spellings = ArrayField(models.CharField(max_length=MAX_NAME_CHARS), default=list)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "name", "id"]
        constraints = [
            models.UniqueConstraint("brand", "kind", Lower("name"), name="one_known_name_per_brand_and_kind"),
            models.CheckConstraint(condition=Q(kind__in=["product", "place"]), name="kind_of_name_is_known"),
            models.CheckConstraint(condition=~Q(name=""), name="known_name_says_something"),
        ]

    def __str__(self) -> str:
        return self.name


class NamedInMessage(models.Model):
    """A known name that a message has."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="named")
    name = models.ForeignKey(KnownName, on_delete=models.CASCADE, db_index=False, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "message"], name="one_naming_per_message_and_name")]

    def __str__(self) -> str:
        return f"{self.name_id} in {self.message_id}"
