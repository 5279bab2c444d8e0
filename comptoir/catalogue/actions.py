"""Keeping answers ready: making, changing and forgetting them, and counting how often they serve."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from comptoir.brands.models import Brand
from comptoir.catalogue.models import CannedFile, CannedResponse
from comptoir.events.record import Actor, record
from comptoir.people.models import Agent

_SHORTCUT = re.compile(r"[\w-]{1,40}")


class CannedRefusedError(Exception):
    """A canned response that cannot be kept as it is; the text, translated, says why."""


class ShortcutTakenError(CannedRefusedError):
    """Another one of the same owner and language has this shortcut."""

    def __init__(self, shortcut: str) -> None:
        text = _("“/%(shortcut)s” exists already in this language: choose another shortcut, or change that one.")
        super().__init__(text % {"shortcut": shortcut})


class ShortcutError(CannedRefusedError):
    """A shortcut that could not be typed in one go."""

    def __init__(self) -> None:
        super().__init__(_("A shortcut is one word of letters, digits, hyphens and underscores: 40 at most."))


@dataclass(frozen=True, slots=True)
class CannedWords:
    """What a canned response says, and where it is offered."""

    shortcut: str
    title: str
    text: str
    brand: Brand | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class KeptCannedFile:
    """A file that is kept already, and where."""

    name: str
    storage_key: str
    mime_type: str
    size_bytes: int


@transaction.atomic
def make_canned_response(words: CannedWords, *, owner: Agent | None, by: Agent) -> CannedResponse:
    """Keep an answer ready for its owner, or (None) for everybody. Raises CannedRefusedError."""
    return _saved(CannedResponse(owner=owner), words, "canned_response.made", by)


@transaction.atomic
def change_canned_response(canned_id: int, words: CannedWords, *, owner: Agent | None, by: Agent) -> CannedResponse:
    """Change it, and whose it is. Raises CannedRefusedError."""
    canned = CannedResponse.objects.select_for_update(of=("self",)).get(pk=canned_id)
    canned.owner = owner
    return _saved(canned, words, "canned_response.changed", by)


def _saved(canned: CannedResponse, words: CannedWords, happened: str, by: Agent) -> CannedResponse:
    canned.shortcut = words.shortcut.strip().removeprefix("/")
    if not _SHORTCUT.fullmatch(canned.shortcut):
        raise ShortcutError
    canned.title, canned.text = words.title.strip(), words.text.replace("\r\n", "\n").strip()
    canned.brand, canned.language = words.brand, words.language
    try:
        with transaction.atomic():
            canned.save()
    except IntegrityError as error:
        raise ShortcutTakenError(canned.shortcut) from error
    record(happened, subject=canned, by=Actor("agent", by.pk), shortcut=canned.shortcut)
    return canned


@transaction.atomic
def delete_canned_response(canned_id: int, *, by: Agent) -> list[str]:
    """Forget it; return where its files are kept, for the caller to discard. One that is gone is no error."""
    canned = CannedResponse.objects.select_for_update(of=("self",)).filter(pk=canned_id).first()
    if canned is None:
        return []
    keys = list(canned.files.values_list("storage_key", flat=True))
    record("canned_response.deleted", subject=canned, by=Actor("agent", by.pk), shortcut=canned.shortcut)
    canned.delete()
    return keys


def add_files(canned: CannedResponse, files: Sequence[KeptCannedFile]) -> None:
    """Lay files beside it."""
    CannedFile.objects.bulk_create(
        CannedFile(
            canned_response=canned,
            name=file.name[:255],
            storage_key=file.storage_key,
            mime_type=file.mime_type[:120],
            size_bytes=file.size_bytes,
        )
        for file in files
    )


@transaction.atomic
def remove_files(canned: CannedResponse, file_ids: Iterable[int]) -> list[str]:
    """Take files off; return where they are kept, for the caller to discard."""
    chosen = canned.files.filter(pk__in=list(file_ids))
    keys = list(chosen.values_list("storage_key", flat=True))
    chosen.delete()
    return keys


def count_use(canned_ids: Iterable[int]) -> None:
    """They have served once more."""
    CannedResponse.objects.filter(pk__in=list(canned_ids)).update(used=F("used") + 1)
