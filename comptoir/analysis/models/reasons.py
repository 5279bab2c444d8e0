"""Why customers write: the company's own tree, with what they say of each reason."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from comptoir.brands.models import Brand


class ContactReasonQuerySet(models.QuerySet["ContactReason"]):
    def active(self) -> ContactReasonQuerySet:
        return self.filter(is_active=True)

    def of_brand(self, brand_id: int | None) -> ContactReasonQuerySet:
        """Those that a brand's messages can be about: the company's, and the brand's own."""
        return self.filter(Q(brand=None) | Q(brand=brand_id))

    def at_or_below(self, reason_id: int) -> ContactReasonQuerySet:
        """A reason with what lies below it: reasons lie in three levels (`analysis.reasons`)."""
        return self.filter(Q(pk=reason_id) | Q(parent=reason_id) | Q(parent__parent=reason_id))


class ContactReason(models.Model):
    """One reason to write, below another one or none; of one brand, or (``brand`` is None) of the whole company."""

    name = models.CharField(max_length=80)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, null=True, blank=True, related_name="contact_reasons")
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True, help_text="One that is not is found no more; what had it keeps it.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ContactReasonQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "brand", "name"], nulls_distinct=False, name="one_contact_reason_per_place_and_name"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="contact_reason_has_a_name"),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="contact_reason_is_not_below_itself"),
        ]

    def __str__(self) -> str:
        return self.name


class ReasonExample(models.Model):
    """What a customer may say who writes for a reason."""

    reason = models.ForeignKey(ContactReason, on_delete=models.CASCADE, db_index=False, related_name="examples")
    text = models.CharField(max_length=500)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["reason", "text"], name="one_example_per_reason_and_text"),
            models.CheckConstraint(condition=~Q(text=""), name="reason_example_says_something"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
