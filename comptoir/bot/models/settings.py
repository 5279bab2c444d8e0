"""What the bot may do: on which account, about what, when; and the one switch that stops it everywhere."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comptoir.analysis.models import ContactReason
from comptoir.catalogue.models import CatalogueEntry
from comptoir.channels.models import ChannelAccount
from comptoir.people.models import Agent
from comptoir.understanding.deciding.certainty import PER_CENTS, USUAL, Surety

MAX_VERSION_CHARS = 200


class Mode(models.TextChoices):
    """How far the bot goes."""

    SILENT = "silent", pgettext_lazy("bot", "Silent")
    PROPOSES = "proposes", pgettext_lazy("bot", "Proposes")
    ANSWERS = "answers", pgettext_lazy("bot", "Answers")


class BotSwitch(models.Model):
    """One row: whether every bot is stopped."""

    key = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_stopped = models.BooleanField(default=False)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(key=1), name="one_switch_for_every_bot")]

    def __str__(self) -> str:
        return "stopped" if self.is_stopped else "running"


class BotSettings(models.Model):
    """What the bot may do on one account. An account without a row is silent: it decides and sends nothing."""

    class Hours(models.TextChoices):
        ALWAYS = "always", _("At any hour")
        OPEN = "open", _("While the counter is open")
        CLOSED = "closed", _("While the counter is closed")

    account = models.OneToOneField(ChannelAccount, on_delete=models.CASCADE, related_name="bot_settings")
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.SILENT)
    hours = models.CharField(max_length=6, choices=Hours, default=Hours.ALWAYS)
    most_in_row = models.PositiveSmallIntegerField(default=2, help_text="Answers without a person between them.")
    most_a_day = models.PositiveIntegerField(default=200, help_text="Answers in 24 hours on this account.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="bot_mode_is_known"),
            models.CheckConstraint(condition=Q(hours__in=["always", "open", "closed"]), name="bot_hours_are_known"),
            models.CheckConstraint(condition=Q(most_in_row__gte=1, most_in_row__lte=9), name="bot_ends_a_row"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.mode}"


class TopicMode(models.Model):
    """Another mode for what customers write about one contact reason, or one below it."""

    settings = models.ForeignKey(BotSettings, on_delete=models.CASCADE, related_name="topics", db_index=False)
    reason = models.ForeignKey(ContactReason, on_delete=models.CASCADE, related_name="+")
    mode = models.CharField(max_length=8, choices=Mode)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["settings", "reason"], name="one_bot_mode_per_account_and_topic"),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="topic_mode_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.settings_id} {self.reason_id}: {self.mode}"


class EntryRest(models.Model):
    """An entry that no bot answers with alone, since when and why; it is still proposed. Given back, its row goes."""

    class Cause(models.TextChoices):
        DRIFT = "drift", _("Its answers were no longer right often enough")
        PERSON = "person", _("Somebody took it off")

    entry = models.OneToOneField(CatalogueEntry, on_delete=models.CASCADE, primary_key=True, related_name="bot_rest")
    since = models.DateTimeField()
    cause = models.CharField(max_length=6, choices=Cause)
    judged = models.PositiveIntegerField(default=0, help_text="How many of its answers were judged by then.")
    right = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(right__lte=models.F("judged")), name="rest_right_is_part_of_judged")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.cause}"


class EntryTarget(models.Model):
    """How many of a hundred answers the bot must be proven to get right before it answers with this entry alone.

    An entry without a row asks USUAL.
    """

    entry = models.OneToOneField(CatalogueEntry, on_delete=models.CASCADE, primary_key=True, related_name="bot_target")
    least_per_cent = models.PositiveSmallIntegerField(default=USUAL)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(least_per_cent__in=PER_CENTS), name="entry_target_is_one_of_those")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.least_per_cent} %"


class CatalogueSurety(models.Model):
    """One row for each share that may be asked: from which confidence on the catalogue's answers are proven right so
    often, and by how many.

    ``answers_from`` is None where nothing proves it: the bot answers nothing alone then. ``proven`` is the lower bound
    of the share right among the ``asked`` at or above it (or, where there is none, at the best that was looked at).
    """

    least_per_cent = models.PositiveSmallIntegerField(primary_key=True)
    version = models.CharField(max_length=MAX_VERSION_CHARS, help_text="Of the catalogue and of what was judged.")
    slope = models.FloatField(help_text="How the odds of its confidences are stretched and moved.")
    shift = models.FloatField()
    answers_from = models.FloatField(null=True)
    asked = models.PositiveIntegerField()
    right = models.PositiveIntegerField()
    proven = models.FloatField(help_text="A share.")
    doubted = ArrayField(models.BigIntegerField(), default=list, help_text="Entries that are not answered with alone.")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["least_per_cent"]
        constraints = [
            models.CheckConstraint(condition=Q(least_per_cent__in=PER_CENTS), name="surety_of_a_share_that_is_asked")
        ]

    @property
    def surety(self) -> Surety:
        """As whoever decides is given it."""
        doubted = tuple(str(pk) for pk in self.doubted)
        return Surety(self.answers_from, self.asked, self.right, self.proven, doubted)

    def __str__(self) -> str:
        return f"{self.version}: {self.least_per_cent} % from {self.answers_from}"
