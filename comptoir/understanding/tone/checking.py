"""What a reply does for the person it is for: the criteria of tone, each by its own rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from comptoir.understanding.tone.asking import asked_again
from comptoir.understanding.tone.blame import blamed
from comptoir.understanding.tone.grievances import complaint_points
from comptoir.understanding.tone.manner import manner_of
from comptoir.understanding.tone.names import first_name_used
from comptoir.understanding.tone.phrases import stock_phrases
from comptoir.understanding.tone.publicity import published_data
from comptoir.understanding.tone.register import Register, register_of
from comptoir.understanding.tone.rules import language_of
from comptoir.understanding.tone.taking_up import taken_up
from comptoir.understanding.tone.texts import MAX_CHARS
from comptoir.understanding.tone.times import next_step_time
from comptoir.understanding.tone.warmth import reassures
from comptoir.understanding.tone.wording import gettext_noop

_MAX_KNOWN = 50
_WRONG_KIND = gettext_noop("“{name}” is missing or is not of the kind it should be.")


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply and what is known when it is written. Texts are read up to MAX_CHARS code points."""

    customer_message: str
    reply: str
    first_name: str | None = None
    known: Mapping[str, str] = field(default_factory=dict)
    public: bool = True
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """The answers, under the names they are printed with."""

    uses_first_name: bool
    complaint_points: list[str]
    points_taken_up: list[str]
    reassures: bool
    has_next_step_with_time: bool
    stock_phrase: bool
    asks_for_known_information: bool
    blames_customer: bool
    register: Register
    public_personal_data: bool

    def to_json(self) -> dict[str, Any]:
        """Plain values, in this order."""
        return asdict(self)


class ReplyError(ValueError):
    """What was given is no reply; ``reason`` says why, to be translated, with ``{name}`` for the key ``name``."""

    def __init__(self, reason: str, name: str = "") -> None:
        super().__init__(reason)
        self.reason, self.name = reason, name


def reply_from(given: Mapping[str, Any]) -> Reply:
    """A reply from the keys of `comptoir tone check`. Raises ReplyError where one is missing or of another kind."""
    known = given.get("known") or {}
    if not isinstance(known, Mapping):
        raise ReplyError(_WRONG_KIND, "known")
    public = given.get("public")
    if not isinstance(public, bool | None):
        raise ReplyError(_WRONG_KIND, "public")
    return Reply(
        customer_message=_text(given, "customer_message") or "",
        reply=_text(given, "reply", needed=True) or "",
        first_name=_text(given, "first_name"),
        known={
            str(key): str(value)
            for key, value in list(known.items())[:_MAX_KNOWN]
            if isinstance(value, str | int | float)
        },
        public=public is not False,
        language=_text(given, "language"),
    )


def _text(given: Mapping[str, Any], name: str, *, needed: bool = False) -> str | None:
    value = given.get(name)
    if value is None and not needed:
        return None
    if not isinstance(value, str):
        raise ReplyError(_WRONG_KIND, name)
    return value


def check_reply(given: Reply) -> Checked:
    """Every criterion."""
    message, reply = given.customer_message[:MAX_CHARS], given.reply[:MAX_CHARS]
    language = language_of(reply, message, given.language)
    points, manner = complaint_points(message, language), manner_of(reply)
    return Checked(
        uses_first_name=first_name_used(reply, given.first_name) is not None,
        complaint_points=[point.text for point in points],
        points_taken_up=taken_up(points, reply, language),
        reassures=reassures(reply, language, manner),
        has_next_step_with_time=next_step_time(reply, language) is not None,
        stock_phrase=bool(stock_phrases(reply, language) or manner.stands_out("stock")),
        asks_for_known_information=asked_again(reply, message, given.known, language) is not None,
        blames_customer=bool(blamed(reply, language, manner)),
        register=register_of(reply, language),
        public_personal_data=given.public and bool(published_data(reply, message, given.known, language)),
    )
