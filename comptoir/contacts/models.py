"""People who speak to us, and the names they go by on each channel."""

from __future__ import annotations

from django.db import models


class Contact(models.Model):
    """A person. Their names on channels are ContactIdentities."""

    name = models.CharField(max_length=255, blank=True)
    language = models.CharField(max_length=12, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class ContactIdentity(models.Model):
    """One handle, address or number on one kind of channel.

    ``scope`` narrows an external id that is unique only within something, such as one page.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="identities")
    channel = models.CharField(max_length=30)
    scope = models.CharField(max_length=255, blank=True)
    external_id = models.CharField(max_length=512)
    handle = models.CharField(max_length=320, blank=True)
    name = models.CharField(max_length=255, blank=True)
    avatar_url = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "scope", "external_id"], name="one_identity_per_network_person"),
        ]

    def __str__(self) -> str:
        return self.name or self.handle or self.external_id
