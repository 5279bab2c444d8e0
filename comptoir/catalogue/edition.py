"""The edition of the catalogue: which change of what serves was the last, and up to which one all texts are read.

Processes that search keep the catalogue at hand; by this they see that theirs is an old one.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import connection

from comptoir.catalogue.models import CatalogueEdition
from comptoir.core.tasks import defer

_COUNT = """
INSERT INTO catalogue_catalogueedition AS kept (id, number, mark, read_number) VALUES (1, 1, gen_random_uuid(), 0)
ON CONFLICT (id) DO UPDATE SET number = kept.number + 1, mark = excluded.mark
"""


@dataclass(frozen=True, slots=True)
class Edition:
    """The last change and its mark, and those up to which every text is read; no mark where nothing was read yet."""

    number: int = 0
    mark: uuid.UUID | None = None
    read_number: int = 0
    read_mark: uuid.UUID | None = None

    @property
    def is_read(self) -> bool:
        """Whether all that serves has been read."""
        return self.number == self.read_number


def note_change() -> None:
    """What serves is another now; its texts are read by a task. Call it last: whoever else changes something waits."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT)
    defer("catalogue.read", only_once="catalogue.read")


def edition() -> Edition:
    """As it is now, in one query."""
    kept = CatalogueEdition.objects.values_list("number", "mark", "read_number", "read_mark").first()
    return Edition(*kept) if kept else Edition()


def note_reading(read: Edition) -> None:
    """Everything up to the last change of ``read`` has its vectors; a reading that was overtaken says nothing."""
    CatalogueEdition.objects.filter(read_number__lte=read.number).update(read_number=read.number, read_mark=read.mark)
