"""An approved answer of the company: what serves, and every version that there ever was.

An entry's rows (phrasings, variants, what is on itself) are those of its approved version and nothing else; what is
being written is a version of its own until somebody with the right approves it. Who minds an entry and when it is to be
looked at again are no part of a version: they change nothing that a customer reads.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import MD5
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comptoir.brands.models import Brand
from comptoir.people.models import Agent


class CatalogueEntryQuerySet(models.QuerySet["CatalogueEntry"]):
    def kept(self) -> CatalogueEntryQuerySet:
        """Those that were not retired."""
        return self.filter(retired_at=None)

    def serving(self, on: date) -> CatalogueEntryQuerySet:
        """Approved, not retired, and valid on a day."""
        begun = Q(valid_from_on=None) | Q(valid_from_on__lte=on)
        lasting = Q(valid_until_on=None) | Q(valid_until_on__gte=on)
        return self.kept().filter(begun, lasting, approved_version__isnull=False)

    def for_brand(self, brand_id: int) -> CatalogueEntryQuerySet:
        """Those of one brand, and those of the whole company."""
        return self.filter(Q(brand=None) | Q(brand=brand_id))

    def shown_to(self, agent: Agent) -> CatalogueEntryQuerySet:
        """An agent who works for some brands does not see the other brands' entries."""
        brands = list(agent.brands.values_list("pk", flat=True))
        if not brands or agent.role == Agent.Role.ADMINISTRATOR:
            return self
        return self.filter(Q(brand=None) | Q(brand__in=brands))

    def orphans(self) -> CatalogueEntryQuerySet:
        """Those that nobody minds: without an owner, or with one who has left."""
        return self.filter(Q(owner=None) | Q(owner__is_active=False))

    def to_review(self, on: date) -> CatalogueEntryQuerySet:
        return self.filter(review_on__lte=on)

    def expired(self, on: date) -> CatalogueEntryQuerySet:
        return self.filter(valid_until_on__lt=on)


class CatalogueEntry(models.Model):
    """A question that customers ask, and the company's answer; the answer itself is in its variants.

    ``key`` names it in files and other programs. Before the first approval the question is the draft's.
    """

    key = models.CharField(max_length=120, unique=True)
    question = models.CharField(max_length=300)
    language = models.CharField(max_length=12, help_text="Of the question and the phrasings.")
    brand = models.ForeignKey(
        Brand, on_delete=models.PROTECT, null=True, related_name="catalogue_entries", help_text="None: every brand."
    )
    topics = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    for_service = models.BooleanField(default=True)
    for_marketing = models.BooleanField(default=False)
    for_bot = models.BooleanField(default=False)
    valid_from_on = models.DateField(null=True)
    valid_until_on = models.DateField(null=True, help_text="The last day on which it serves.")
    approved_version = models.ForeignKey("EntryVersion", on_delete=models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="catalogue_entries")
    review_on = models.DateField(null=True)
    retired_at = models.DateTimeField(null=True)
    words = SearchVectorField(null=True, editable=False, help_text="What it says, for the search by words.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CatalogueEntryQuerySet.as_manager()

    class Meta:
        ordering = ["question", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(key=""), name="entry_has_a_key"),
            models.CheckConstraint(
                condition=Q(for_service=True) | Q(for_marketing=True) | Q(for_bot=True), name="entry_serves_somebody"
            ),
            models.CheckConstraint(
                condition=Q(valid_from_on=None) | Q(valid_until_on=None) | Q(valid_until_on__gte=F("valid_from_on")),
                name="entry_ends_after_it_begins",
            ),
        ]
        indexes = [GinIndex(fields=["words"], name="entry_by_words")]

    def __str__(self) -> str:
        return self.key

    @property
    def is_orphan(self) -> bool:
        """Whether nobody minds it."""
        return self.owner is None or not self.owner.is_active

    def serves(self, on: date) -> bool:
        """Whether it may be used on a day."""
        begun = self.valid_from_on is None or self.valid_from_on <= on
        lasting = self.valid_until_on is None or self.valid_until_on >= on
        return self.approved_version_id is not None and self.retired_at is None and begun and lasting


class EntryVersion(models.Model):
    """An entry as it was once written: what, by whom, when and why. The database refuses to change what it says.

    One draft at most waits for approval; a newer one takes its place. Who approved is None where it was done by a
    command on the server.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("catalogue version", "Waits for approval")
        APPROVED = "approved", pgettext_lazy("catalogue version", "Approved")
        REFUSED = "refused", pgettext_lazy("catalogue version", "Refused")
        REPLACED = "replaced", pgettext_lazy("catalogue version", "Replaced by a newer draft")

    entry = models.ForeignKey(CatalogueEntry, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    reason = models.CharField(max_length=500, blank=True)
    author = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT)
    settled_by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="one_version_per_number"),
            models.UniqueConstraint(fields=["entry"], condition=Q(status="draft"), name="one_draft_per_entry"),
            models.CheckConstraint(
                condition=Q(status="draft", settled_at=None) | (~Q(status="draft") & Q(settled_at__isnull=False)),
                name="settled_version_has_an_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} v{self.number}"


class Phrasing(models.Model):
    """One way in which customers ask."""

    entry = models.ForeignKey(CatalogueEntry, on_delete=models.CASCADE, related_name="phrasings")
    text = models.TextField()
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            # Of a long text the index has its digest, which is all that a b-tree takes.
            models.UniqueConstraint("entry", MD5("text"), name="one_phrasing_per_text"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class AnswerVariant(models.Model):
    """The answer as it is given in one language, on one channel or any, in one register or any, in public or not."""

    class Register(models.TextChoices):
        ANY = "", _("Any register")
        FORMAL = "formal", _("Formal")
        FAMILIAR = "familiar", _("Familiar")

    class Visibility(models.TextChoices):
        ANY = "", _("In public and in private")
        PUBLIC = "public", _("In public only")
        PRIVATE = "private", _("In private only")

    entry = models.ForeignKey(CatalogueEntry, on_delete=models.CASCADE, related_name="variants")
    language = models.CharField(max_length=12)
    channel = models.CharField(max_length=30, blank=True, help_text="The kind of network; empty: any.")
    register = models.CharField(max_length=8, choices=Register, blank=True)
    visibility = models.CharField(max_length=7, choices=Visibility, blank=True)
    text = models.TextField()
    link = models.CharField(max_length=500, blank=True, help_text="The address of the page that tells more.")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "language", "channel", "register", "visibility"], name="one_variant_per_occasion"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="variant_says_something"),
            models.CheckConstraint(condition=Q(link="") | Q(link__regex=r"^https?://"), name="variant_links_to_a_page"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class AnswerFile(models.Model):
    """A file that goes with a variant. Versions name it too, so that it is never discarded."""

    variant = models.ForeignKey(AnswerVariant, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    storage_key = models.CharField(max_length=200)
    mime_type = models.CharField(max_length=120)
    size_bytes = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return self.name
