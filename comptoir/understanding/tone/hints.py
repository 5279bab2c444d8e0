"""What an agent may look at before sending, each with its place and a line that says why. A hint never blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from comptoir.understanding.tone.asking import asked_again
from comptoir.understanding.tone.blame import blamed
from comptoir.understanding.tone.checking import Checked, Reply, check_reply
from comptoir.understanding.tone.grievances import complaint_points
from comptoir.understanding.tone.manner import manner_of
from comptoir.understanding.tone.phrases import stock_phrases
from comptoir.understanding.tone.publicity import published_data
from comptoir.understanding.tone.register import tu_spans, vous_spans
from comptoir.understanding.tone.rules import found, language_of
from comptoir.understanding.tone.texts import MAX_CHARS, plain
from comptoir.understanding.tone.wording import EXPLANATIONS

#: Channels where one writes letters, and those where one talks; their longest reply in characters.
_LETTERS = {"email", "contact_form"}
_TALK = {"live_chat": 600, "sms": 320, "x": 280, "bluesky": 300, "mastodon": 500, "instagram": 1_000, "whatsapp": 1_000}
_SHOUTED = re.compile(r"(?<!\w)[A-ZÀ-Þ]{4,}(?:\s+[A-ZÀ-Þ]{2,}){1,8}(?!\w)|[!?]{2,}")
_ELLIPSIS = re.compile(r"\.{3,}|…{2,}|(?<!\.)\.\.(?!\.)")
_SPACING = re.compile(r"(?<=[^\W\d_])[?!;](?=\s|$)|(?<=[^\s\d/])\u0020[?!;:](?=\s|$)|«\u0020|\u0020»|«(?=\w)|(?<=\w)»")


@dataclass(frozen=True, slots=True)
class Hint:
    """``kind`` is a key of EXPLANATIONS; start:end are code points of the reply, 0:0 for the whole.

    Those of ``point`` are of the customer's message.
    """

    kind: str
    start: int
    end: int
    values: dict[str, Any] = field(default_factory=dict)

    def said(self, translate: Callable[[str], str] = str) -> str:
        """The line that explains it."""
        return translate(EXPLANATIONS[self.kind]).format(**self.values)


def hints(given: Reply, checked: Checked | None = None, *, channel: str | None = None) -> list[Hint]:
    """In the order of the reply, those about the whole first. ``channel`` is a connector's kind, where it is known."""
    checked = checked or check_reply(given)
    reply, message = given.reply[:MAX_CHARS], given.customer_message[:MAX_CHARS]
    language = language_of(reply, message, given.language)
    told = [
        *_missing(given, checked, message, language),
        *_phrases(given, checked, reply, message, language),
        *_form(reply, language),
    ]
    if channel:
        told += _channel_register(reply, channel, language)
    return sorted(_once(told), key=lambda one: (one.start, one.end, one.kind))


def _once(told: list[Hint]) -> list[Hint]:
    return list({(one.kind, one.start, one.end): one for one in told}.values())


def _missing(given: Reply, checked: Checked, message: str, language: str) -> Iterator[Hint]:
    if given.first_name and not checked.uses_first_name:
        yield Hint("first_name", 0, 0)
    for point in complaint_points(message, language):
        if point.text not in checked.points_taken_up:
            yield Hint("point", point.span.start, point.span.end, {"words": point.text})
    if checked.complaint_points and not checked.reassures:
        yield Hint("reassures", 0, 0)
    if checked.complaint_points and not checked.has_next_step_with_time:
        yield Hint("next_step", 0, 0)


def _phrases(given: Reply, checked: Checked, reply: str, message: str, language: str) -> Iterator[Hint]:
    manner = manner_of(reply)
    for span in stock_phrases(reply, language) or manner.stands_out("stock"):
        yield Hint("stock", span.start, span.end)
    for span in blamed(reply, language, manner):
        yield Hint("blame", span.start, span.end)
    asked = asked_again(reply, message, given.known, language)
    if asked:
        yield Hint("known", asked.start, asked.end)
    if checked.register == "mixed":
        tu, vous = tu_spans(reply, language), vous_spans(reply, language)
        for span in min(tu, vous, key=len):
            yield Hint("register", span.start, span.end)
    if checked.public_personal_data:
        for span in published_data(reply, message, given.known, language):
            yield Hint("personal_data", span.start, span.end)


def _form(reply: str, language: str) -> Iterator[Hint]:
    for span in found(language, "hints.jargon", plain(reply)):
        yield Hint("jargon", span.start, span.end)
    for kind, form in (("shouting", _SHOUTED), ("ellipsis", _ELLIPSIS), ("spacing", _SPACING)):
        if kind != "spacing" or language == "fr":
            for match in form.finditer(reply):
                yield Hint(kind, match.start(), match.end())


def _channel_register(reply: str, channel: str, language: str) -> Iterator[Hint]:
    kind = "familiar" if channel in _LETTERS else "stiff"
    for span in found(language, f"hints.{kind}", plain(reply)):
        yield Hint(kind, span.start, span.end)
    most = _TALK.get(channel)
    if most and len(reply) > most:
        yield Hint("long", most, len(reply), {"count": len(reply), "most": most})
