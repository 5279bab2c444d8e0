"""The raw log: every delivery as it came, until and after it was read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comptoir.channels.models import ChannelAccount
from comptoir.core.saying import ReasonField


class RawDelivery(models.Model):
    """One delivery of a network, kept as it came.

    ``new`` waits to be read, in order of id per account; ``later`` could not be read yet and is tried again at
    ``not_before``; ``done`` has become what it says; ``set_aside`` could not, for ``reason``, and can be replayed.
    """

    class State(models.TextChoices):
        NEW = "new", _("To be read")
        LATER = "later", _("To be read later")
        DONE = "done", _("Has been read")
        SET_ASIDE = "set_aside", _("Set aside")

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(ChannelAccount, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    received_at = models.DateTimeField(default=timezone.now, db_default=models.functions.Now())
    content_type = models.CharField(max_length=255, default="application/json")
    headers = models.JSONField(default=dict, db_default={})
    body = models.BinaryField()
    key = models.CharField(max_length=255, null=True)  # null means that the network gave none
    is_history = models.BooleanField(default=False, db_default=False, help_text="Said before we were connected.")
    state = models.CharField(max_length=9, choices=State, default=State.NEW, db_default="new")
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    not_before = models.DateTimeField(null=True)
    reason = ReasonField(blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "key"], condition=Q(key__isnull=False), name="one_delivery_per_key"
            )
        ]
        indexes = [
            models.Index(fields=["account", "id"], name="delivery_to_read", condition=Q(state="new")),
            models.Index(fields=["account", "not_before"], name="delivery_to_try_again", condition=Q(state="later")),
            models.Index(fields=["state", "-id"], name="delivery_set_aside", condition=Q(state="set_aside")),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk} ({self.state})"


class EarlyChange(models.Model):
    """An edit, deletion, reaction or receipt that came before the message it is about; applied when that one comes."""

    account = models.ForeignKey(ChannelAccount, on_delete=models.CASCADE, related_name="+")
    target_id = models.CharField(max_length=1000)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the event: the same change is kept once.")
    event = models.JSONField()
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "target_id", "fingerprint"], name="one_early_change_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"early change of {self.target_id}"


class ContextPost(models.Model):
    """A public post that is nobody's message to us: our own, or one that somebody answered, shown above a thread."""

    account = models.ForeignKey(ChannelAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    external_id = models.CharField(max_length=1000)
    thread_id = models.CharField(max_length=512, blank=True)
    author = models.JSONField(default=dict, help_text="id, handle, name and avatar_url, as the network gives them.")
    is_ours = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    sent_at = models.DateTimeField()
    url = models.TextField(blank=True)
    attachments = models.JSONField(default=list, help_text="kind, url, name and alt_text of each.")
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "external_id"], name="one_context_post_per_id")]
        indexes = [models.Index(fields=["account", "thread_id"], name="context_by_thread")]

    def __str__(self) -> str:
        return self.external_id


class HistoryReading(models.Model):
    """How far the history of a newly connected account has been read, newest first, so that a cut reading goes on."""

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        DONE = "done", _("Read")
        FAILED = "failed", _("Could not be read")

    account = models.OneToOneField(ChannelAccount, on_delete=models.CASCADE, primary_key=True, related_name="history")
    since = models.DateTimeField(help_text="Nothing older is asked for.")
    cursor = models.JSONField(default=dict)
    state = models.CharField(max_length=7, choices=State, default=State.READING)
    deliveries = models.PositiveIntegerField(default=0, help_text="Pages and payloads stored so far.")
    reason = ReasonField(blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"history of {self.account_id} ({self.state})"


class ImportRun(models.Model):
    """How far the import of one file has come, so that an interrupted one continues."""

    account = models.ForeignKey(ChannelAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.CharField(max_length=64, help_text="SHA-256 of where it is read from and how large it was.")
    position = models.BigIntegerField(default=0, help_text="Items read and stored.")
    set_aside = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "source"], name="one_import_per_source")]

    def __str__(self) -> str:
        return f"import into {self.account_id} at {self.position}"
