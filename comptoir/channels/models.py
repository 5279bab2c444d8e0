"""Channel accounts: one connected page, handle, mailbox or number, its credentials and its health."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from comptoir.brands.models import Brand
from comptoir.core import crypto
from comptoir.core.hours import check_weekly_hours
from comptoir.core.saying import ReasonField
from comptoir.people.models import Agent, Team

_BLANK = re.compile(r"\{\{\s*([a-z0-9_]{1,60})\s*\}\}")

#: Between our id and the place where it is unique: neither has it in it.
_AT = " @ "
_LONGEST_ID = 255
LONGEST_APPLICATION = 120


def new_hook_key() -> str:
    """The unguessable part of a webhook's address."""
    return secrets.token_urlsafe(24)


class ChannelAccountQuerySet(models.QuerySet["ChannelAccount"]):
    def active(self) -> ChannelAccountQuerySet:
        return self.filter(status=ChannelAccount.Status.ACTIVE)

    def working(self) -> ChannelAccountQuerySet:
        """Active, and what went wrong last, if anything did, has been put right since; what is to be sent leaves."""
        return self.active().filter(Q(health=None) | Q(health__last_error="", health__unsent_since=None))

    def hidden_from(self, agent: Agent) -> ChannelAccountQuerySet:
        """Those whose conversations an agent is not shown, unless one is given to them: of brands that are not theirs,
        or reserved for teams that are not theirs. Nothing is hidden from an administrator.
        """
        if agent.role == Agent.Role.ADMINISTRATOR:
            return self.none()
        brands = Agent.brands.through.objects.filter(agent=agent)
        other_brand = Exists(brands) & ~Exists(brands.filter(brand=OuterRef("brand")))
        reserved = ChannelAccount.reserved_for.through.objects.filter(channelaccount=OuterRef("pk"))
        mine = reserved.filter(team__in=Agent.teams.through.objects.filter(agent=agent).values("team"))
        return self.filter(other_brand | (Exists(reserved) & ~Exists(mine)))


class ChannelAccount(models.Model):
    """One page, handle, mailbox or number that we answer from."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        DISCONNECTED = "disconnected", _("To be reconnected")

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="accounts")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="accounts")
    reserved_for = models.ManyToManyField(
        Team, related_name="reserved_accounts", blank=True, help_text="Who alone sees its conversations; none: anybody."
    )
    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    own_id = models.CharField(max_length=255, blank=True, help_text="Our own id on the network, once it is known.")
    handle = models.CharField(max_length=255, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.ACTIVE)
    encrypted_credentials = models.BinaryField(default=bytes, blank=True)
    hook_key = models.CharField(max_length=64, unique=True, default=new_hook_key)
    weekly_hours = models.JSONField(default=dict, blank=True, validators=[check_weekly_hours])
    reopens_within = models.DurationField(default=timedelta(days=7))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ChannelAccountQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "own_id"], condition=~Q(own_id=""), name="one_account_per_network_identity"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def network_id(self) -> str:
        """Our own id as the network writes it: `own_id` without the place where it is unique."""
        return self.own_id.partition(_AT)[0]

    def identify_as(self, network_id: str, *, place: str) -> None:
        """Who we are on the network: an id that many servers give has the server's ``place`` behind it."""
        named = f"{network_id}{_AT}{place}" if place else network_id
        digest = hashlib.sha256(named.encode()).hexdigest()
        self.own_id = named if len(named) <= _LONGEST_ID else f"{named[: _LONGEST_ID - len(digest) - 1]}#{digest}"

    @property
    def credentials(self) -> dict[str, str]:
        """What opens the account. Raises core.crypto.UnreadableSecretError."""
        return crypto.decrypt(bytes(self.encrypted_credentials))

    @credentials.setter
    def credentials(self, secret: Mapping[str, str]) -> None:
        self.encrypted_credentials = crypto.encrypt(secret)


class AccountHealth(models.Model):
    """What changes all the time about an account, apart from what people set up."""

    account = models.OneToOneField(ChannelAccount, on_delete=models.CASCADE, primary_key=True, related_name="health")
    cursor = models.JSONField(default=dict)
    last_delivery_at = models.DateTimeField(null=True)
    last_checked_at = models.DateTimeField(null=True)
    last_error = ReasonField(blank=True)
    last_error_at = models.DateTimeField(null=True)
    token_expires_at = models.DateTimeField(null=True)
    templates_read_at = models.DateTimeField(null=True)
    subscription_checked_at = models.DateTimeField(null=True)
    subscription_lost_at = models.DateTimeField(null=True, help_text="The network delivers no longer since then.")
    silent_since = models.DateTimeField(null=True, help_text="An account that usually speaks has not since then.")
    clock_differs_since = models.DateTimeField(null=True, help_text="This machine's clock is not the network's since.")
    unsent_since = models.DateTimeField(null=True, help_text="Nothing of what was to be sent has left since.")
    unsent_reason = ReasonField(blank=True)

    def __str__(self) -> str:
        return f"health of {self.account_id}"


class ThreadHolderQuerySet(models.QuerySet["ThreadHolder"]):
    def keep(self, account_id: int, told: Iterable[ThreadHolder]) -> dict[str, str]:
        """Keep who holds exchanges, whatever was told last staying; what became of those that were passed, taken back
        or asked for, by the names of `ThreadHolder.what_became`.

        To be called in a transaction.
        """
        by_thread = {one.thread_id: one for one in told}
        held = self.filter(account=account_id, thread_id__in=by_thread).select_for_update()
        known = {one.thread_id: one for one in held.order_by("thread_id")}
        new = [one for one in by_thread.values() if one.goes_on_from(known.get(one.thread_id))]
        self.bulk_create(
            sorted(new, key=lambda one: one.thread_id),
            update_conflicts=True,
            unique_fields=["account", "thread_id"],
            update_fields=["is_ours", "application", "since_at", "told_at", "asked_by", "asked_at"],
        )
        became = {one.thread_id: one.what_became(known.get(one.thread_id)) for one in new}
        return {thread: what for thread, what in became.items() if what}


class ThreadHolder(models.Model):
    """Which application of an account goes on with one private exchange, where several share it; we, if nobody said."""

    account = models.ForeignKey(ChannelAccount, on_delete=models.CASCADE, related_name="thread_holders", db_index=False)
    thread_id = models.CharField(max_length=512)
    is_ours = models.BooleanField()
    application = models.CharField(max_length=LONGEST_APPLICATION, blank=True, help_text="As people call it.")
    since_at = models.DateTimeField()
    told_at = models.DateTimeField(help_text="When it was last said; what was said before that changes nothing.")
    asked_by = models.CharField(
        max_length=LONGEST_APPLICATION, blank=True, default="", db_default="", help_text="Who asks us for it."
    )
    asked_at = models.DateTimeField(null=True)

    #: Nobody said that we hold it, but a customer's message came to us: it only ends what another was said to hold.
    is_implied = False

    objects = ThreadHolderQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "thread_id"], name="one_holder_per_thread")]

    def goes_on_from(self, known: ThreadHolder | None) -> bool:
        """Whether this is news after what is known, from which it takes over what still holds."""
        if known is None:
            return bool(self.asked_by) or not self.is_implied
        if self.told_at < known.told_at:
            return False
        if self.asked_by and not known.is_ours:  # it was asked of whoever holds it
            return False
        if self.is_implied and known.is_ours and not self.asked_by:
            return False
        if self.is_ours == known.is_ours:
            self.since_at = known.since_at
            self.application = self.application or known.application
            if self.asked_by in ("", known.asked_by):
                self.asked_by, self.asked_at = known.asked_by, known.asked_at
        return True

    def what_became(self, known: ThreadHolder | None) -> str:
        """Whether it was ``taken``, ``passed`` or ``requested`` since what is known; "" for neither."""
        if self.is_ours != (known is None or known.is_ours):
            return "taken" if self.is_ours else "passed"
        return "requested" if self.asked_by and (known is None or self.asked_by != known.asked_by) else ""

    def __str__(self) -> str:
        return f"{self.thread_id} is with {self.application or ('us' if self.is_ours else 'another')}"


class MessageTemplate(models.Model):
    """A text that the network approved for messages outside its reply window, {{1}} or {{name}} to be filled in."""

    account = models.ForeignKey(ChannelAccount, on_delete=models.CASCADE, related_name="templates")
    name = models.CharField(max_length=512)
    language = models.CharField(max_length=20)
    text = models.TextField()
    blanks = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=30, help_text="As the network says it.")
    is_approved = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "language"]
        constraints = [
            models.UniqueConstraint(fields=["account", "name", "language"], name="one_template_per_name_and_language")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"

    def blank_names(self) -> list[str]:
        """What each blank is called, in the order in which they are filled: numbers by number, names as they stand."""
        names = list(dict.fromkeys(_BLANK.findall(self.text)))
        return sorted(names, key=int) if all(name.isdecimal() for name in names) else names

    def filled(self, values: Sequence[str]) -> str:
        """What the customer reads; a blank without a value stays as it is."""
        given = dict(zip(self.blank_names(), values, strict=False))
        return _BLANK.sub(lambda blank: given.get(blank[1], blank[0]), self.text)


class Figure(models.Model):
    """One native figure of one day: of the account, or of one post of ours."""

    account = models.ForeignKey(ChannelAccount, on_delete=models.CASCADE, related_name="figures", db_index=False)
    measured_on = models.DateField()
    name = models.CharField(max_length=20)
    external_id = models.CharField(max_length=1000, blank=True, help_text="The post it is of; empty: the account.")
    value = models.FloatField()
    best = models.FloatField(null=True, help_text="Of a rating, the best there is.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "name", "external_id", "measured_on"], name="one_figure_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.account_id} on {self.measured_on}: {self.value}"
