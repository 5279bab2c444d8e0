"""Who gets it: rules in their versions, what they decided of each conversation, how each team gives out its
work.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.people.models import Agent, Team

#: What waits to be read is not given out yet; a reader that does not come is not waited for any longer.
READ_WITHIN = timedelta(seconds=30)


class RuleRevision(models.Model):
    """What a rule says at one time. Never changed, so that a conversation can tell by which words it was routed.

    ``conditions`` and ``effects`` are lists of {"kind": name, ...}: see `conditions` and `effects`. ``goes_on``: the
    rules below are tried as well.
    """

    conditions = models.JSONField(default=list)
    effects = models.JSONField(default=list)
    goes_on = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.conditions} → {self.effects}"


class RoutingRuleQuerySet(models.QuerySet["RoutingRule"]):
    def in_order(self) -> RoutingRuleQuerySet:
        """As they are tried."""
        return self.select_related("revision").order_by("position", "id")


class RoutingRule(models.Model):
    """One rule in its place; every condition must hold. Of what several rules would set, the first one decides."""

    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True, db_default=True)
    revision = models.OneToOneField(RuleRevision, on_delete=models.PROTECT, related_name="rule")

    objects = RoutingRuleQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.position}: {self.revision}"


class RuleBook(models.Model):
    """The one row whose version says which rules hold: whoever changes a rule gives it a new one, whoever routes looks
    at it. No two states ever have the same version, also where a backup was restored.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_rule_book")]

    def __str__(self) -> str:
        return f"version {self.version}"


class Strategy(models.TextChoices):
    """How a team's conversations find their owner."""

    BY_HAND = "by_hand", _("By hand: whoever takes it")
    ROUND_ROBIN = "round_robin", _("In turn")
    LEAST_LOAD = "least_load", _("To whoever has the least to do")


class Route(models.Model):
    """What routing decided of one conversation, and why: the revisions of the rules that matched, in order.

    ``team`` is the one that routing chose: where the conversation is in another one, somebody moved it. ``needs`` are
    the skills that a rule asked for, [{"skill": id, "level": at least}]. ``last_agent`` had it until they went away;
    ``released_by`` gave it back by hand. ``awaits_reading``: a rule asks what the message is about, and it has not
    been read yet; or it was a review, and says something else by now.
    """

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, primary_key=True, related_name="route")
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    strategy = models.CharField(max_length=11, choices=Strategy, blank=True, db_default="")
    needs = models.JSONField(default=list, db_default=[])
    revision_ids = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    is_under_our_post = models.BooleanField(default=False, db_default=False)
    awaits_reading = models.BooleanField(default=False, db_default=False)
    routed_at = models.DateTimeField(default=now)
    queued_at = models.DateTimeField(default=now, help_text="Since when it waits for an owner in its present team.")
    overflowed_from = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    last_agent = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    released_by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["conversation"], name="route_to_be_read", condition=Q(awaits_reading=True)),
            models.Index(fields=["team"], name="route_with_a_strategy", condition=~Q(strategy__in=["", "by_hand"])),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} to {self.team_id}"


class TeamRouting(models.Model):
    """How one team gives out its work; a team without a row does it by hand.

    A returning customer goes to the agent they had within ``same_agent_within``. What has waited in the queue for
    ``overflow_after`` goes to ``overflow_team`` or, where there is none, to anybody whatever their skills. What waits
    with an agent who has been away for ``returns_after`` is offered to the others.
    """

    team = models.OneToOneField(Team, on_delete=models.CASCADE, primary_key=True, related_name="routing")
    strategy = models.CharField(max_length=11, choices=Strategy, default=Strategy.BY_HAND)
    same_agent_within = models.DurationField(null=True, blank=True, default=timedelta(days=7))
    overflow_team = models.ForeignKey(
        Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    overflow_after = models.DurationField(null=True, blank=True, default=timedelta(minutes=30))
    returns_after = models.DurationField(null=True, blank=True, default=timedelta(minutes=15))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(overflow_team=None) | ~Q(overflow_team=F("team")), name="overflow_goes_elsewhere"
            )
        ]

    def __str__(self) -> str:
        return f"{self.team_id}: {self.strategy}"


class ChannelWeight(models.Model):
    """How many points of an agent's capacity one conversation of a channel takes, where it is not the default."""

    channel = models.CharField(max_length=30, primary_key=True)
    points = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(points__gte=1, points__lte=100), name="weight_is_1_to_100_points")
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.points}"


#: A call takes the whole of somebody, a chat half their attention; a comment or a mail can wait beside others.
DEFAULT_POINTS = {"phone": 5, "chat": 2}

#: Where the customer stays on the line: mails and comments, which can be put aside, keep nobody from being given these.
LIVE_CHANNELS = frozenset(DEFAULT_POINTS)


class AgentTurn(models.Model):
    """When an agent was last given something by routing: whose turn it is."""

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, primary_key=True, related_name="turn")
    last_given_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.agent_id} at {self.last_given_at:%H:%M:%S}"
