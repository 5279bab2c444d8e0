"""People who speak to us, and the names they go by on each channel."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from comptoir.contacts.naming import called_by_id, vouched_for
from comptoir.people.models import Agent


class Contact(models.Model):
    """A person. Their names on channels are ContactIdentities."""

    name = models.CharField(max_length=255, blank=True)
    language = models.CharField(max_length=12, blank=True)
    about = models.TextField(blank=True, db_default="", help_text="What colleagues should know of this person.")
    attributes = models.JSONField(
        default=dict, db_default={}, blank=True, help_text="The company's own fields: name to text."
    )
    tags = ArrayField(models.CharField(max_length=40), default=list, db_default=[], blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="merged_from")
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
    blocked_at = models.DateTimeField(null=True, help_text="Since when what they write is spam.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "scope", "external_id"], name="one_identity_per_network_person"),
        ]
        indexes = [
            models.Index(
                fields=["handle"],
                name="chat_identity_by_address",
                condition=models.Q(channel="chat") & ~models.Q(handle=""),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.handle or called_by_id(self.channel, self.external_id)

    @property
    def vouched_for(self) -> str:
        """Who makes sure that it is them, in the reader's language; empty where it is their own word."""
        return vouched_for(self.channel, self.scope)


class IdentityAlias(models.Model):
    """Another id by which a network names the same person: a number they hide now, an id that was made anew."""

    identity = models.ForeignKey(ContactIdentity, on_delete=models.CASCADE, related_name="aliases")
    channel = models.CharField(max_length=30)
    scope = models.CharField(max_length=255, blank=True)
    external_id = models.CharField(max_length=512)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "scope", "external_id"], name="one_person_per_alias"),
        ]

    def __str__(self) -> str:
        return self.external_id


class IdentityLink(models.Model):
    """Two identities, each somebody's own already, of which a network says that they are one person's.

    A network can be wrong, and two people were answered apart until now: a colleague decides.
    """

    one = models.ForeignKey(ContactIdentity, on_delete=models.CASCADE, related_name="+", db_index=False)
    other = models.ForeignKey(ContactIdentity, on_delete=models.CASCADE, related_name="+")
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="one_link_per_pair_of_identities"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="a_link_has_one_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} and {self.other_id}"


class ContactMerge(models.Model):
    """Two people found to be one: on whose word and why, and what moved, so that it can be undone."""

    kept = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="merges")
    gone = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.TextField()
    moved = models.JSONField(help_text="Ids of the identities and conversations that moved.")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=models.Q(undone_at=None), name="one_standing_merge_per_gone_contact"
            )
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} is {self.kept_id}"
