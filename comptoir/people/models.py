"""Who works at the counter: logins, agents with their role, teams."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comptoir.brands.models import Brand
from comptoir.core.clock import now
from comptoir.core.hours import check_weekly_hours, is_open


class UserAccounts(BaseUserManager["User"]):
    """Makes logins, which are known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a login; without a password only a link or another provider opens it."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A login, and nothing else: what a person does here is their Agent's."""

    username = None  # type: ignore[assignment]  # AbstractUser has one; ours are known by their address
    first_name = None  # type: ignore[assignment]  # the name that customers see is the Agent's
    last_name = None  # type: ignore[assignment]  # a field of Django’s that this model does not have
    email = models.EmailField(_("e-mail address"), unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserAccounts] = UserAccounts()  # type: ignore[assignment]  # narrower than AbstractUser's

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_per_email")]

    def __str__(self) -> str:
        return self.email


class Team(models.Model):
    """People who answer together."""

    class Purpose(models.TextChoices):
        SERVICE = "service", _("Customer service")
        EXPERTISE = "expertise", _("Expertise")
        MARKETING = "marketing", _("Marketing")

    name = models.CharField(max_length=80, unique=True)
    purpose = models.CharField(max_length=12, choices=Purpose, default=Purpose.SERVICE)
    takes_by_answering = models.BooleanField(
        default=True, db_default=True,
        help_text="Whether a member who answers what nobody has taken has taken it with that.",
    )  # fmt: skip

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Agent(models.Model):
    """A person who works at the counter."""

    class Role(models.TextChoices):
        AGENT = "agent", _("Adviser")
        COMMUNITY_MANAGER = "community_manager", _("Community manager")
        EXPERT = "expert", _("Expert")
        SUPERVISOR = "supervisor", _("Supervisor")
        DIRECTOR = "director", _("Director")
        ADMINISTRATOR = "administrator", _("Administrator")
        READER = "reader", _("Reader")

    class Availability(models.TextChoices):
        AVAILABLE = "available", _("Available")
        BUSY = "busy", _("Busy")
        AWAY = "away", _("Away")
        OFFLINE = "offline", _("Offline")

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="agent")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=Role, default=Role.AGENT)
    language = models.CharField(max_length=2, choices=[("fr", _("French")), ("en", _("English"))], default="fr")
    teams = models.ManyToManyField(Team, related_name="agents", blank=True)
    brands = models.ManyToManyField(
        Brand, related_name="agents", blank=True, help_text="Of which they see the conversations; none chosen: of all."
    )
    is_active = models.BooleanField(default=True)
    working_hours = models.JSONField(default=dict, blank=True, validators=[check_weekly_hours])
    time_zone = models.CharField(max_length=64, blank=True, help_text="Empty: the installation’s.")
    availability = models.CharField(max_length=9, choices=Availability, default=Availability.AVAILABLE)
    availability_since = models.DateTimeField(null=True)
    preferences = models.JSONField(default=dict, blank=True, help_text="Their own choices: keys, sounds, looks.")
    capacity_points = models.PositiveSmallIntegerField(
        default=10, db_default=10, help_text="How much they are given at once; a conversation weighs by its channel."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def presence(self, at: datetime | None = None) -> Agent.Availability:
        """How their colleagues see them: what they have set, and offline outside their hours."""
        zone = self.time_zone or settings.TIME_ZONE
        if not self.is_active or not is_open(self.working_hours, at or now(), time_zone=zone):
            return self.Availability.OFFLINE
        return self.Availability(self.availability)

    @property
    def initials(self) -> str:
        """Two letters for a small mark: « Awa Diop » → « AD »."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


class Skill(models.Model):
    """Something that some agents can do better than others: a language (``name`` is its ISO 639-1 code), a topic, a
    product.
    """

    class Kind(models.TextChoices):
        LANGUAGE = "language", _("Language")
        TOPIC = "topic", _("Topic")
        PRODUCT = "product", _("Product")

    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["kind", "name"]
        constraints = [models.UniqueConstraint("kind", Lower("name"), name="one_skill_per_kind_and_name")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class AgentSkill(models.Model):
    """How well one agent can do one thing."""

    class Level(models.IntegerChoices):
        BASIC = 1, pgettext_lazy("level", "Basic")
        GOOD = 2, pgettext_lazy("level", "Good")
        EXPERT = 3, pgettext_lazy("level", "Expert")

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="skills", db_index=False)
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="agents")
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.GOOD)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "skill"], name="one_level_per_agent_and_skill"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="level_is_one_to_three"),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.skill_id}: {self.level}"


class SignInLink(models.Model):
    """A link that signs one person in, once, for a short time; only its digest is kept.

    An invitation is the first one: it waits a week, and whoever opens it chooses how to sign in from then on.
    """

    LIFETIME = timedelta(minutes=30)
    INVITATION_LIFETIME = timedelta(days=7)

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_links")
    digest = models.CharField(max_length=64, unique=True)
    is_invitation = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user} until {self.expires_at:%H:%M}"

    @property
    def is_live(self) -> bool:
        return self.used_at is None and self.expires_at > now()

    @staticmethod
    def digest_of(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()

    @classmethod
    def issue(cls, user: User, *, is_invitation: bool = False) -> str:
        """Make a link for ``user`` and return its token, which is not kept. An earlier invitation ends."""
        token = secrets.token_urlsafe(32)
        lifetime = cls.INVITATION_LIFETIME if is_invitation else cls.LIFETIME
        cls.end_invitations(user)
        cls.objects.create(
            user=user, digest=cls.digest_of(token), is_invitation=is_invitation, expires_at=now() + lifetime
        )
        return token

    @classmethod
    def end_invitations(cls, user: User) -> int:
        """Have no invitation of theirs open any more; return how many did."""
        live = cls.objects.filter(user=user, is_invitation=True, used_at=None, expires_at__gt=now())
        return live.update(expires_at=now())

    @classmethod
    def found(cls, token: str) -> SignInLink | None:
        """The link of that token while it works, left unused; None otherwise."""
        link = cls.objects.select_related("user__agent").filter(digest=cls.digest_of(token)).first()
        return link if link is not None and link.is_live else None

    @classmethod
    def redeem(cls, token: str) -> SignInLink | None:
        """The unused, unexpired link, which is used up by this call; None otherwise."""
        live = cls.objects.filter(digest=cls.digest_of(token), used_at=None, expires_at__gt=now())
        if not live.update(used_at=now()):
            return None
        return cls.objects.select_related("user__agent").get(digest=cls.digest_of(token))
