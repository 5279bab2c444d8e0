"""Reasons in the database, and in the language of whoever reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext

from comptoir.core.reasons import kept, read, said, said_apart

if TYPE_CHECKING:
    _TextField = models.TextField[str, str]
else:
    _TextField = models.TextField  # generic only in its stubs


class ReasonField(_TextField):
    """A text column that gives a `Reason` back as one. Whatever reads it as a ``str`` has plain English."""

    def deconstruct(self) -> Any:
        """A plain text column in the migrations: that is all the database knows of it."""
        name, _path, arguments, options = super().deconstruct()
        return name, "django.db.models.TextField", arguments, options

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return read(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return kept(prepared) if isinstance(prepared, str) else prepared


def in_words(reason: str) -> str:
    """A reason in the reader's language; what a network said stays as it said it."""
    return said(reason, gettext)


def in_our_words(reason: str) -> str:
    """The same without what a network said: what happened, for whoever need not know its language."""
    return said_apart(reason, gettext)[0]


def in_their_words(reason: str) -> str:
    """What a network said, as it said it; empty where the reason quotes nothing."""
    return "\n".join(said_apart(reason, gettext)[1])
