"""The types that requests and answers share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field

LARGEST_ID = 2**63 - 1

#: An id of ours in a query or a body.
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError(_("A text has no NUL character."))
    return text


#: A text that the database can keep.
Words = Annotated[str, AfterValidator(_storable)]


def _in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(_("This instant is out of reach.")) from error


#: An instant with its offset, which may be one that the database does not know.
Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class Asked(Schema):
    """The body of a request: a field that we do not know is refused, so that a misspelt one is not silently lost."""

    model_config = ConfigDict(extra="forbid")


class Named(Schema):
    """A row that is only mentioned."""

    id: int
    name: str


class Problem(Schema):
    """What an error looks like (RFC 9457)."""

    type: str = Field(description="What kind of problem: does not change with the language.")
    title: str
    status: int
    detail: str | None = None
    errors: list[dict[str, Any]] | None = Field(None, description="For each field: in, pointer, detail.")
    scope: str | None = Field(None, description="The scope that the token lacks.")
    permission: str | None = Field(None, description="The permission that the role lacks.")
    found: list[dict[str, Any]] | None = Field(None, description="Personal data in a public reply: kind, start, end.")
