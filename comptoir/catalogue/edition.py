"""The edition of the catalogue: which change of what serves was the last, and up to which one all texts are read.

Processes that search keep the catalogue in memory; by this number they see that theirs is an old one.
"""

from __future__ import annotations

from django.db import connection

from comptoir.catalogue.models import CatalogueEdition
from comptoir.core.tasks import defer

_COUNT = """
INSERT INTO catalogue_catalogueedition AS kept (id, number, read_number) VALUES (1, 1, 0)
ON CONFLICT (id) DO UPDATE SET number = kept.number + 1
"""


def note_change() -> None:
    """What serves is another now; its texts are read by a task. Call it last: whoever else changes something waits."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT)
    defer("catalogue.read", only_once="catalogue.read")


def edition() -> tuple[int, int]:
    """The last change, and the change up to which every text has its vector."""
    return CatalogueEdition.objects.values_list("number", "read_number").first() or (0, 0)
