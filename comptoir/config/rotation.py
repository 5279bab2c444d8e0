"""Encrypting everything again with the newest key."""

from __future__ import annotations

from django.apps import apps
from django.db import models

from comptoir.core import crypto


def encrypt_again() -> int:
    """Encrypt every stored secret with the newest key; how many there were. Doing it twice does no harm.

    Secrets are the binary fields whose name begins with ``encrypted_``; one that somebody changes meanwhile is left.
    """
    return sum(_encrypt_column(model, field.name) for model in apps.get_models() for field in _secret_fields(model))


def _secret_fields(model: type[models.Model]) -> list[models.BinaryField]:  # type: ignore[type-arg]  # generic only in its stubs
    return [
        field
        for field in model._meta.local_fields
        if isinstance(field, models.BinaryField) and field.name.startswith("encrypted_")
    ]


def _encrypt_column(model: type[models.Model], column: str) -> int:
    rows = model._default_manager.exclude(**{column: b""}).exclude(**{f"{column}__isnull": True})
    count = 0
    for pk, token in rows.values_list("pk", column).iterator(chunk_size=200):
        count += model._default_manager.filter(pk=pk, **{column: token}).update(**{column: crypto.rotate(bytes(token))})
    return count
