"""Tokens of the API, and answers kept for those who ask the same thing again."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from comptoir.core.clock import now
from comptoir.people.models import Agent

PREFIX = "cpt_"
_SHOWN_CHARS = 12


def digest_of(secret: str) -> str:
    """What is kept of a token's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def live(self) -> ApiTokenQuerySet:
        """Neither revoked nor expired, of a person who still works here."""
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=now()),
            revoked_at=None,
            agent__is_active=True,
            agent__user__is_active=True,
        )


class ApiToken(models.Model):
    """Lets a program act as one agent: it sees and does what that agent's role and teams allow, within its scopes."""

    USE_NOTED_EVERY = timedelta(minutes=1)

    name = models.CharField(max_length=120)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=16, help_text="The beginning of the secret, to recognise it by.")
    scopes = ArrayField(models.CharField(max_length=40))
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def new_secret(self) -> str:
        """Give this token a secret and return it; only its digest stays."""
        secret = PREFIX + secrets.token_urlsafe(32)
        self.digest, self.prefix = digest_of(secret), secret[:_SHOWN_CHARS]
        return secret

    def note_use(self) -> None:
        """Remember that it is used, at most once a minute."""
        present = now()
        if self.last_used_at is None or present - self.last_used_at >= self.USE_NOTED_EVERY:
            ApiToken.objects.filter(pk=self.pk).update(last_used_at=present)


class IdempotentAnswer(models.Model):
    """What was answered to a write with an Idempotency-Key, in the same transaction as the write.

    Encrypted, since an answer can hold what a customer wrote, or a secret that is shown once.
    """

    LIFETIME = timedelta(hours=24)

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    encrypted_body = models.BinaryField(default=bytes)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_answer_per_idempotency_key")]
        indexes = [models.Index(fields=["created_at"], name="idempotent_answer_by_age")]

    def __str__(self) -> str:
        return self.key
