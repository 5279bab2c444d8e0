"""Brands: what customers talk about."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Brand(models.Model):
    """What customers talk about; owns accounts, catalogue and policies."""

    class Language(models.TextChoices):
        FRENCH = "fr", _("French")
        ENGLISH = "en", _("English")

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    language = models.CharField(max_length=2, choices=Language, default=Language.FRENCH)
    time_zone = models.CharField(max_length=64, default="Europe/Paris")
    order_forms = ArrayField(
        models.CharField(max_length=40), default=list, db_default=[], blank=True, help_text="See brands/numbers.py."
    )
    customer_forms = ArrayField(models.CharField(max_length=40), default=list, db_default=[], blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
