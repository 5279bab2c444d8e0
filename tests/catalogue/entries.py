"""Entries for tests, with what each test does not care about filled in."""

from __future__ import annotations

import itertools
from typing import Any

from comptoir.catalogue.approving import approve_version
from comptoir.catalogue.content import Content, Variant
from comptoir.catalogue.editing import write_entry
from comptoir.catalogue.models import CatalogueEntry, EntryVersion
from comptoir.people.models import Agent

_number = itertools.count(1)


def content_of(answer: str = "Bonjour, il arrive.", **fields: Any) -> Content:
    """A version that says one thing in French."""
    defaults: dict[str, Any] = {
        "question": f"Où est mon colis ? ({next(_number)})",
        "language": "fr",
        "variants": (Variant(answer, "fr"),),
    }
    return Content(**defaults | fields)


def make_draft(*, key: str = "", by: Agent | None = None, **fields: Any) -> EntryVersion:
    return write_entry(content_of(**fields), key=key, by=by)


def make_entry(*, key: str = "", **fields: Any) -> CatalogueEntry:
    """One that serves."""
    version = approve_version(make_draft(key=key, **fields).pk, by=None)
    return version.entry
