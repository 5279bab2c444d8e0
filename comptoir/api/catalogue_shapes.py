"""Entries of the catalogue as the API shows them and is asked for them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from comptoir.api.shapes import Asked, Id, Words
from comptoir.catalogue.content import Content
from comptoir.catalogue.models import EntryVersion

Use = Literal["service", "marketing", "bot"]
Language = Annotated[Words, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?$", max_length=12)]


class Answer(Schema):
    text: str
    language: str
    channel: str = Field("", description="The kind of channel; empty: any.")
    formality: str = Field("", description="formal or familiar; empty: any.")
    visibility: str = Field("", description="public or private; empty: both.")
    link: str = Field("", description="The page that tells more; {link} in the text stands for it.")


class Version(Schema):
    number: int
    status: str = Field(description="draft, approved, refused or replaced.")
    question: str
    language: str
    phrasings: list[str]
    answers: list[Answer]
    topics: list[str]
    brand_id: int | None
    uses: list[str]
    valid_from: date | None
    valid_until: date | None
    reason: str
    made_at: datetime


class Entry(Schema):
    id: int
    key: str
    question: str
    owner_id: int | None
    review_on: date | None
    retired_at: datetime | None
    approved: Version | None = Field(description="What serves; null before the first approval.")
    draft: Version | None = Field(description="What waits for approval.")


class EntryPage(Schema):
    items: list[Entry]
    next: str | None = None


class AskedAnswer(Asked):
    text: Annotated[Words, Field(min_length=1, max_length=20_000)]
    language: Language
    channel: Annotated[Words, Field(max_length=30)] = ""
    formality: Literal["", "formal", "familiar"] = ""
    visibility: Literal["", "public", "private"] = ""
    link: Annotated[Words, Field(max_length=500)] = ""


class AskedContent(Asked):
    question: Annotated[Words, Field(min_length=1, max_length=300)]
    language: Language
    phrasings: Annotated[list[Annotated[Words, Field(max_length=1000)]], Field(max_length=200)] = []
    answers: Annotated[list[AskedAnswer], Field(min_length=1, max_length=60)]
    topics: Annotated[list[Annotated[Words, Field(max_length=80)]], Field(max_length=30)] = []
    brand_id: Id | None = None
    uses: Annotated[list[Use], Field(min_length=1, max_length=3)] = ["service", "bot"]
    valid_from: date | None = None
    valid_until: date | None = None
    reason: Annotated[Words, Field(max_length=500)] = ""


class NewEntry(AskedContent):
    key: Annotated[Words, Field(max_length=120)] = ""


class Refusal(Asked):
    reason: Annotated[Words, Field(max_length=500)] = ""


class SearchAsked(Asked):
    text: Annotated[Words, Field(min_length=1, max_length=1500)]
    brand_id: Id | None = None


class Match(Schema):
    entry_id: int
    question: str
    confidence: float | None = Field(description="Null where only words were looked at.")
    nearest_phrasing: str


class Matches(Schema):
    language: str
    items: list[Match]


def shown_version(version: EntryVersion) -> Version:
    """One version, whole."""
    content = Content.of_json(version.content)
    return Version(
        number=version.number,
        status=version.status,
        question=content.question,
        language=content.language,
        phrasings=list(content.phrasings),
        answers=[
            Answer(
                text=one.text, language=one.language, channel=one.channel, formality=one.register,
                visibility=one.visibility, link=one.link,
            )
            for one in content.variants
        ],
        topics=list(content.topics),
        brand_id=content.brand_id,
        uses=list(content.uses),
        valid_from=content.valid_from_on,
        valid_until=content.valid_until_on,
        reason=version.reason,
        made_at=version.made_at,
    )  # fmt: skip
