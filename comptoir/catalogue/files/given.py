"""What one line of a file gives of an entry, before it is compared with what is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from comptoir.catalogue.content import USES, Content, Variant


class LineRefusedError(Exception):
    """A line that gives no entry; the text, translated, says why."""


@dataclass(frozen=True, slots=True)
class Given:
    """The fields that a line gives; what it does not name stays as it is.

    Of `question`, `language`, `phrasings`, `topics`, `brand` (a slug; "" for every brand), `uses`, `valid_from_on`,
    `valid_until_on`, `variants` (all of them), `answer` (the first one's text alone), `bot` (whether it may answer),
    `owner` (an e-mail address), `review_on`.
    """

    key: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line (or item) of a file, by its number from 1: what it gives, or why it gives nothing; ``notice`` is what
    else is to be known of it.
    """

    number: int
    given: Given | None
    problem: str = ""
    shown: str = ""
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A file, read: which program wrote it, and its lines."""

    source: str
    lines: Sequence[Line]


def content_given(given: Given, former: Content | None, *, language: str, brand_id: int | None) -> Content:
    """The version that a line asks for. ``language`` is that of what names none. Raises LineRefusedError."""
    fields = given.fields
    content = former or Content(question="", language=fields.get("language") or language, variants=())
    simple = ("question", "language", "phrasings", "topics", "valid_from_on", "valid_until_on")
    changes = {name: fields[name] for name in simple if name in fields}
    content = replace(content, **changes)
    if "brand" in fields:
        content = replace(content, brand_id=brand_id)
    if "uses" in fields:
        content = replace(content, uses=fields["uses"])
    elif "bot" in fields:
        others = tuple(use for use in content.uses if use != "bot") or ("service",)
        content = replace(content, uses=(*others, "bot") if fields["bot"] else others)
    return replace(content, variants=_variants(fields, content))


def _variants(fields: Mapping[str, Any], content: Content) -> tuple[Variant, ...]:
    if "variants" in fields:
        kept = {one.occasion: one for one in content.variants}
        former = [kept.get(one.occasion, one) for one in fields["variants"]]
        return tuple(
            replace(one, files=one.files or before.files, link=one.link or before.link)
            for one, before in zip(fields["variants"], former, strict=True)
        )
    if "answer" not in fields:
        return content.variants
    language = content.language
    main = next((one for one in content.variants if one.occasion == (language, "", "", "")), None)
    if main is None and content.variants:
        main = content.variants[0]
    if main is None:
        return (Variant(fields["answer"], language),)
    return tuple(replace(one, text=fields["answer"]) if one is main else one for one in content.variants)


def day_of(written: object, name: str) -> date | None:
    """A day as 2026-11-29, or nothing. Raises LineRefusedError."""
    if written is None or not str(written).strip():
        return None
    try:
        return date.fromisoformat(str(written).strip()[:10])
    except ValueError as error:
        told = _("“%(written)s” in “%(name)s” is no day: write it as 2026-11-29.")
        raise LineRefusedError(told % {"written": str(written)[:40], "name": name}) from error


_DAYS = {"valid_from": "valid_from_on", "valid_until": "valid_until_on", "review_on": "review_on"}


def days_of(written: Mapping[str, Any]) -> dict[str, date | None]:
    """The days that a line gives, by our names. Raises LineRefusedError."""
    return {ours: day_of(written[name], name) for name, ours in _DAYS.items() if name in written}


def uses_of(written: object) -> tuple[str, ...]:
    """Who may answer with it. Raises LineRefusedError."""
    named = written.replace(";", ",").split(",") if isinstance(written, str) else written
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        raise LineRefusedError(_("“uses” must be a list of: service, marketing, bot."))
    chosen = tuple(one.strip().lower() for one in named if one.strip())
    strange = [one for one in chosen if one not in USES]
    if strange:
        told = _("“%(use)s” may not answer: take service, marketing or bot.")
        raise LineRefusedError(told % {"use": strange[0]})
    return chosen


_YES, _NO = {"true", "yes", "oui", "1", "vrai"}, {"false", "no", "non", "0", "faux", ""}


def yes_or_no(written: object, name: str) -> bool:
    """Raises LineRefusedError for anything else."""
    if isinstance(written, bool):
        return written
    said = str(written).strip().lower()
    if said not in _YES | _NO:
        raise LineRefusedError(_("“%(name)s” must be true or false.") % {"name": name})
    return said in _YES


def text_of(written: object, name: str) -> str:
    """A text that is not empty, without halves of characters. Raises LineRefusedError."""
    said = storable(written).strip() if isinstance(written, str) else ""
    if not said:
        raise LineRefusedError(_("“%(name)s” must be a text that is not empty.") % {"name": name})
    return said


def storable(text: str) -> str:
    """Without NUL and halves of characters, which no database keeps."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
