"""What is told of one call, whoever tells it, and the event that it makes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from comptoir.connectors.base import Attachment, Author, Call, Direction, EventKind, NetworkEvent
from comptoir.connectors.base.events import CallState
from comptoir.connectors.shared.telephone_numbers import in_full

_URI = re.compile(r'\s*(?:"?(?P<name>[^"<>]*?)"?\s*<)?\s*(?:sips?|tel):(?P<number>[^@;>\s]+)', re.IGNORECASE)
_SPACED_NUMBER = re.compile(r"\+?\d[\d .()/-]{5,24}")
_SHORT_DIGITS = 5
#: Words, and what Twilio writes as a number in their stead (the keys on which they are spelt): "restricted", "blocked",
#: "unknown", "anonymous", "unavailable". Whoever hides is not everybody else who does.
_NOBODY = frozenset(
    ["", "<unknown>", "unknown", "anonymous", "unavailable", "restricted", "private", "withheld",
     "+7378742833", "+2562533", "+8566696", "+266696687", "+86282452253"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Party:
    """One end of a call: a number (or an extension), and a name where one was shown."""

    number: str | None = None
    name: str | None = None

    @classmethod
    def of(cls, written: str | None, name: str | None = None) -> Party:
        """From a number, a SIP or tel address, with or without a name before it; who hides has neither."""
        text = (written or "").strip()
        found = _URI.match(text[:500])
        if found is not None:
            text, name = found["number"], name or (found["name"] or "").strip() or None
        if re.fullmatch(r"\d{6,15}", text) and (written or "").startswith(" "):
            text = f"+{text}"  # a form made a space of the plus
        if _SPACED_NUMBER.fullmatch(text):
            text = re.sub(r"[^\d+]", "", text)
        shown = (name or "").strip().strip('"').strip()  # Kamailio's $fn has the quotes that stood around it
        return cls(None if text.lower() in _NOBODY else text, None if shown.lower() in _NOBODY else shown)

    def in_full(self, own_number: str | None) -> Party:
        """The same with its number in international form, where ours tells in which country it was shown."""
        return self if self.number is None else replace(self, number=in_full(self.number, own_number))

    @property
    def is_extension(self) -> bool:
        """A desk of ours: a few digits."""
        return self.number is not None and self.number.isdigit() and len(self.number) <= _SHORT_DIGITS

    @property
    def is_outside(self) -> bool:
        digits = (self.number or "").lstrip("+")
        return digits.isdigit() and len(digits) > _SHORT_DIGITS


@dataclass(frozen=True, slots=True)
class News:
    """One thing told of a call: ``at`` is when the call began, ``moment`` when this happened, where both are known;
    ``recording`` is where its sound can be had.
    """

    call_id: str | None
    state: CallState
    caller: Party
    called: Party
    direction: Direction | None = None
    at: datetime | None = None
    moment: datetime | None = None
    duration: timedelta | None = None
    recording: str | None = None
    transcript: str | None = None


def direction_of(caller: Party, called: Party, told: Direction | None, own_number: str | None) -> Direction | None:
    """Who called whom: by our own number, as told, or because a desk of ours called somebody outside."""
    if caller.number is None and called.number is None:
        return told
    if own_number and caller.number == own_number:
        return "outgoing"
    if told is not None:
        return told
    return "outgoing" if caller.is_extension and called.is_outside else "incoming"


def event_of(news: News, own_number: str | None) -> NetworkEvent:
    """The call as it stands; in words nothing is said, unless a voice message was written down."""
    caller, called = news.caller.in_full(own_number), news.called.in_full(own_number)
    direction = direction_of(caller, called, news.direction, own_number)
    customer, ours = (called, caller) if direction == "outgoing" else (caller, called)
    who = Author(customer.number, customer.number, customer.name)
    sound = (Attachment("audio", news.recording),) if news.recording else ()
    return NetworkEvent(
        EventKind.CALL,
        direction,
        "private",
        external_id=news.call_id,
        thread_id=customer.number,
        author=Author(ours.number, ours.number) if direction == "outgoing" else who,
        counterpart=who if direction == "outgoing" else None,
        text=news.transcript,
        attachments=sound,
        sent_at=news.at,
        call=Call(news.state, news.duration),
    )


def last_of_each(news: Iterable[News]) -> list[News]:
    """One for each call: as it stands at the end, with all that was told of it on the way."""
    calls: dict[object, News] = {}
    answered_at: dict[object, datetime] = {}
    for number, one in enumerate(news):
        key = one.call_id or number
        if one.state == "answered" and one.moment is not None:
            answered_at.setdefault(key, one.moment)
        calls[key] = _later(calls[key], one, answered_at.get(key)) if key in calls else one
    return list(calls.values())


_FINAL = frozenset(["missed", "ended", "voicemail"])


def _later(former: News, later: News, answered_at: datetime | None) -> News:
    """What is told later holds, but what it leaves out stays; a call that ended does not ring again."""
    state = former.state if former.state in _FINAL and later.state not in _FINAL else later.state
    state = "voicemail" if "voicemail" in (former.state, later.state) else state
    duration = later.duration or former.duration
    if "voicemail" in (former.state, later.state) and former.state != later.state:
        duration = later.duration if later.state == "voicemail" else former.duration
    if state == later.state == "ended" and answered_at is not None and later.moment is not None:
        duration = max(later.moment - answered_at, timedelta(0))
    return replace(
        former,
        state=state,
        caller=_fuller(former.caller, later.caller),
        called=_fuller(former.called, later.called),
        direction=former.direction or later.direction,
        at=former.at or later.at,
        duration=duration,
        recording=later.recording or former.recording,
        transcript=later.transcript or former.transcript,
    )


def _fuller(former: Party, later: Party) -> Party:
    return Party(former.number or later.number, former.name or later.name)
