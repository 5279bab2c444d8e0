"""What one version of an entry says, whole: what is approved, kept, compared, brought in and given out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from comptoir.catalogue.filling import ENTRY_PLACEHOLDERS, LINK, unfilled
from comptoir.connectors import registry
from comptoir.core.lines import on_one_line

USES = ("service", "marketing", "bot")
REGISTERS = ("", "formal", "familiar")
VISIBILITIES = ("", "public", "private")
MAX_QUESTION_CHARS, MAX_PHRASING_CHARS, MAX_ANSWER_CHARS = 300, 1_000, 20_000
MAX_PHRASINGS, MAX_VARIANTS, MAX_TOPICS, MAX_TOPIC_CHARS, MAX_KEY_CHARS = 200, 60, 30, 80, 120
MAX_LINK_CHARS = 500


@dataclass(frozen=True, slots=True)
class File:
    """A file that is kept already, and where."""

    name: str
    storage_key: str
    mime_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Variant:
    """The answer for one occasion; an empty channel, register or visibility is any. ``language`` is ISO 639-1,
    ``link`` the address of the knowledge page that tells more, or empty.
    """

    text: str
    language: str
    channel: str = ""
    register: str = ""
    visibility: str = ""
    files: tuple[File, ...] = ()
    link: str = ""

    @property
    def occasion(self) -> tuple[str, str, str, str]:
        """What tells it from the other variants of its entry."""
        return self.language, self.channel, self.register, self.visibility


@dataclass(frozen=True, slots=True)
class Content:
    """A version. ``uses`` are of USES: who may answer with it. Days are inclusive."""

    question: str
    language: str
    variants: tuple[Variant, ...]
    phrasings: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    brand_id: int | None = None
    uses: tuple[str, ...] = ("service", "bot")
    valid_from_on: date | None = None
    valid_until_on: date | None = None

    def to_json(self) -> dict[str, Any]:
        """As it is kept in a version."""
        return {
            "question": self.question,
            "language": self.language,
            "variants": [_variant_to_json(one) for one in self.variants],
            "phrasings": list(self.phrasings),
            "topics": list(self.topics),
            "brand_id": self.brand_id,
            "uses": list(self.uses),
            "valid_from_on": self.valid_from_on.isoformat() if self.valid_from_on else None,
            "valid_until_on": self.valid_until_on.isoformat() if self.valid_until_on else None,
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Content:
        """What `to_json` wrote."""
        return cls(
            question=kept["question"],
            language=kept["language"],
            variants=tuple(_variant_of_json(one) for one in kept["variants"]),
            phrasings=tuple(kept["phrasings"]),
            topics=tuple(kept["topics"]),
            brand_id=kept["brand_id"],
            uses=tuple(kept["uses"]),
            valid_from_on=_day(kept["valid_from_on"]),
            valid_until_on=_day(kept["valid_until_on"]),
        )

    @property
    def is_marketings(self) -> bool:
        """Whether nobody but marketing answers with it."""
        return self.uses == ("marketing",)


def _variant_to_json(variant: Variant) -> dict[str, Any]:
    files = [{name: getattr(file, name) for name in File.__slots__} for file in variant.files]
    kept = {name: getattr(variant, name) for name in Variant.__slots__ if name not in ("files", "link")}
    # Without a link a version is kept as before there were any: written again, it is the same.
    return kept | {"files": files} | ({"link": variant.link} if variant.link else {})


def _variant_of_json(kept: Mapping[str, Any]) -> Variant:
    return Variant(**{**kept, "files": tuple(File(**file) for file in kept["files"])})


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a version from being written: of which field, in words for its writer."""

    field: str
    text: str


class EntryRefusedError(Exception):
    """An entry that cannot be kept as it is; ``problems`` say why, and nothing was stored."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.text for problem in self.problems))


@dataclass
class _Found:
    """The problems that were found."""

    problems: list[Problem] = field(default_factory=list)

    def if_(self, wrong: object, where: str, text: str, **values: object) -> None:
        if wrong:
            self.problems.append(Problem(where, text % values if values else text))


def clean_content(content: Content) -> Content:
    """The same without what means nothing: spaces at the ends, empty and repeated lines, an order of the uses."""
    phrasings = dict.fromkeys(on_one_line(one) for one in content.phrasings)
    topics = dict.fromkeys(" ".join(part.split()) for one in content.topics for part in one.split(","))
    question = on_one_line(content.question)
    return replace(
        content,
        question=question,
        language=_code(content.language),
        variants=tuple(_clean_variant(one) for one in content.variants),
        phrasings=tuple(one for one in phrasings if one and one != question),
        topics=tuple(one for one in topics if one),
        uses=tuple(use for use in USES if use in content.uses),
    )


def _clean_variant(variant: Variant) -> Variant:
    text = variant.text.replace("\r\n", "\n").strip()
    return replace(variant, text=text, language=_code(variant.language), link=_clean_link(variant.link.strip()))


def _clean_link(link: str) -> str:
    """« HTTPS://… » is what it is in small letters, as telephones write it at the beginning of a line."""
    scheme, parted, rest = link.partition("://")
    return f"{scheme.lower()}{parted}{rest}" if parted else link


def _code(language: str) -> str:
    return language.strip().lower().replace("_", "-").partition("-")[0]


def check_content(content: Content) -> None:
    """Raise EntryRefusedError, which names everything that is wrong at once."""
    found = _Found()
    _check_itself(content, found)
    for number, variant in enumerate(content.variants, start=1):
        _check_variant(variant, number, found)
    occasions = [one.occasion for one in content.variants]
    twice = _("Two answers are for the same occasion (language, channel, register, visibility): change one of them.")
    found.if_(len(set(occasions)) < len(occasions), "variants", twice)
    if found.problems:
        raise EntryRefusedError(found.problems)


def _check_itself(content: Content, found: _Found) -> None:
    found.if_(not content.question, "question", _("An entry needs its question."))
    long = _("This is too long: at most %(most)s characters.")
    found.if_(len(content.question) > MAX_QUESTION_CHARS, "question", long, most=MAX_QUESTION_CHARS)
    found.if_(not content.language, "language", _("An entry needs its language."))
    longest = max((len(one) for one in content.phrasings), default=0)
    found.if_(longest > MAX_PHRASING_CHARS, "phrasings", long, most=MAX_PHRASING_CHARS)
    many = _("These are too many: at most %(most)s.")
    found.if_(len(content.phrasings) > MAX_PHRASINGS, "phrasings", many, most=MAX_PHRASINGS)
    found.if_(len(content.topics) > MAX_TOPICS, "topics", many, most=MAX_TOPICS)
    found.if_(any(len(one) > MAX_TOPIC_CHARS for one in content.topics), "topics", long, most=MAX_TOPIC_CHARS)
    found.if_(not content.uses, "uses", _("Choose who may answer with it: service, marketing, the bot."))
    found.if_(not content.variants, "variants", _("An entry needs an answer."))
    found.if_(len(content.variants) > MAX_VARIANTS, "variants", many, most=MAX_VARIANTS)
    if content.valid_from_on and content.valid_until_on:
        ends = content.valid_until_on < content.valid_from_on
        found.if_(ends, "valid_until_on", _("It would end before it begins: change one of the days."))


def _check_variant(variant: Variant, number: int, found: _Found) -> None:
    where = f"variants/{number - 1}"
    found.if_(not variant.text, where, _("Answer %(number)s is empty."), number=number)
    long = _("Answer %(number)s is too long: at most %(most)s characters.")
    found.if_(len(variant.text) > MAX_ANSWER_CHARS, where, long, number=number, most=MAX_ANSWER_CHARS)
    found.if_(not variant.language, where, _("Answer %(number)s needs its language."), number=number)
    strange = [one for one in unfilled(variant.text) if one.strip("{}") not in ENTRY_PLACEHOLDERS]
    told = _("%(words)s is not known: it would never be filled in. Known are %(known)s.")
    known = ", ".join(f"{{{name}}}" for name in ENTRY_PLACEHOLDERS)
    found.if_(strange, where, told, words=", ".join(strange), known=known)
    _check_link(variant, number, found)
    kinds = registry.connector_classes()
    no_channel = _("“%(channel)s” is no channel: take one of %(kinds)s, or none for any.")
    is_strange = variant.channel and variant.channel not in kinds
    found.if_(is_strange, where, no_channel, channel=variant.channel, kinds=", ".join(sorted(kinds)))
    no_register = _("“%(register)s” is no register: take formal, familiar or none.")
    found.if_(variant.register not in REGISTERS, where, no_register, register=variant.register)
    no_visibility = _("“%(visibility)s” is neither public nor private.")
    found.if_(variant.visibility not in VISIBILITIES, where, no_visibility, visibility=variant.visibility)


def _check_link(variant: Variant, number: int, found: _Found) -> None:
    where = f"variants/{number - 1}/link"
    told = _("“%(link)s” is no address of a page: write it whole, as https://help.example.com/delivery.")
    found.if_(variant.link and not is_page_address(variant.link), where, told, link=variant.link[:80])
    lacks = f"{{{LINK}}}" in unfilled(variant.text) and not variant.link
    found.if_(lacks, where, _("Answer %(number)s says {link}: give the address of its page."), number=number)


def is_page_address(link: str) -> bool:
    """Whether a link is the whole address of a page on the web: who reads it may press it."""
    if len(link) > MAX_LINK_CHARS or not link.isprintable() or any(sign in link for sign in " \"'<>\\^`{|}"):
        return False
    try:
        parts = urlsplit(link)
        names_host = bool(parts.hostname and "." in parts.hostname.strip("."))
        return parts.scheme in ("http", "https") and names_host and parts.username is None and parts.port != 0
    except ValueError:
        return False
