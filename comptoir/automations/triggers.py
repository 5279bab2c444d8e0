"""When an automation runs: one entry of `TRIGGERS` for each kind, whole. Either something happened (``events``), or
time has passed since a conversation came into a state (``state``).

A trigger is kept as {"kind": …, "among": […], "after_minutes": …, "is_in_working_time": true}: the shape of a
condition, how long, and whether only opening hours count (left out where all do).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from comptoir.automations.errors import UnfinishedAutomationError
from comptoir.automations.spans import span_reason
from comptoir.core.reasons import Reason, template
from comptoir.events.models import Event
from comptoir.routing.conditions.kinds import either, quoted

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Values = Sequence[str]
#: Since when: the customer waits; we spoke last; the conversation began; its status is what it is.
State = Literal["", "waits", "silent", "unresolved", "snoozed", "pending", "resolved"]
LONGEST_MINUTES = 366 * 24 * 60
MAX_TAG_CHARS, MOST_TAGS = 40, 50


@dataclass(frozen=True, slots=True)
class Trigger:
    """One kind. ``clause`` says it after « When … », ``why`` says afterwards why a run was made (a template)."""

    name: str
    label: StrOrPromise
    clause: Callable[[Values, str], str]
    why: str
    events: frozenset[str] = frozenset()
    state: State = ""
    meets: Callable[[Event, Values], bool] = lambda _event, _among: True
    options: Callable[[], Sequence[tuple[str, str]]] = lambda: ()
    takes_words: bool = False

    @property
    def passes(self) -> bool:
        """Whether it is time that passes."""
        return bool(self.state)


#: What each status is called by the event that brings it.
_STATUS_EVENTS = {
    "resolved": frozenset({"conversation.resolved"}),
    "reopened": frozenset({"conversation.reopened"}),
    "pending": frozenset({"conversation.held"}),
    "snoozed": frozenset({"conversation.snoozed"}),
    "woken": frozenset({"conversation.woken"}),
}


def _status_options() -> list[tuple[str, str]]:
    return [
        ("resolved", pgettext("automation", "resolved")),
        ("reopened", pgettext("automation", "reopened")),
        ("pending", pgettext("automation", "put on hold")),
        ("snoozed", pgettext("automation", "set aside")),
        ("woken", pgettext("automation", "back from being set aside")),
    ]


def _status_words(among: Values, _span: str) -> str:
    known = dict(_status_options())
    return _("a conversation is %(statuses)s") % {"statuses": either([known.get(one, one) for one in among])}


def _is_status(event: Event, among: Values) -> bool:
    return any(event.name in _STATUS_EVENTS.get(one, ()) for one in among)


def _tag_words(among: Values, _span: str) -> str:
    if not among:
        return _("a tag is added")
    return _("the tag %(tags)s is added") % {"tags": either(quoted(among))}


def _is_tag(event: Event, among: Values) -> bool:
    return not among or event.details.get("tag") in {one.lower() for one in among}


def _is_given(event: Event, _among: Values) -> bool:
    return event.details.get("to") is not None


def _happens(
    name: str, label: StrOrPromise, clause: StrOrPromise, why: str, *events: str,
    meets: Callable[[Event, Values], bool] = lambda _event, _among: True,
) -> Trigger:  # fmt: skip
    """Something that happens, and of which nothing more is asked."""
    return Trigger(name, label, lambda _among, _span: str(clause), why, frozenset(events), meets=meets)


def _passes(state: State, label: StrOrPromise, clause: StrOrPromise, why: str) -> Trigger:
    """Time that passes in a state, which is also its name."""
    return Trigger(state, label, lambda _among, span: str(clause) % {"span": span}, why, state=state)


TRIGGERS: dict[str, Trigger] = {
    one.name: one
    for one in (
        _happens(
            "started", gettext_lazy("A conversation begins"), gettext_lazy("a conversation begins"),
            template("A conversation began."), "conversation.started",
        ),
        _happens(
            "received", gettext_lazy("A message comes in"), gettext_lazy("a message comes in"),
            template("A message came in."), "message.received",
        ),
        _happens(
            "sent", gettext_lazy("A reply was sent"), gettext_lazy("a reply was sent"),
            template("A reply was sent."), "message.sent",
        ),
        _happens(
            "assigned", gettext_lazy("A conversation is given to somebody"),
            gettext_lazy("a conversation is given to somebody"),
            template("The conversation was given to somebody."), "conversation.assigned", meets=_is_given,
        ),
        Trigger(
            "status", gettext_lazy("The status changes"), _status_words, template("Its status changed."),
            frozenset().union(*_STATUS_EVENTS.values()), meets=_is_status, options=_status_options,
        ),
        Trigger(
            "tagged", gettext_lazy("A tag is added"), _tag_words, template("A tag was added."),
            frozenset({"conversation.tagged"}), meets=_is_tag, takes_words=True,
        ),
        _happens(
            "warned", gettext_lazy("A promise is about to be broken"), gettext_lazy("a promise is about to be broken"),
            template("A promise was about to be broken."), "clock.warned",
        ),
        _happens(
            "breached", gettext_lazy("A promise is broken"), gettext_lazy("a promise is broken"),
            template("A promise was broken."), "clock.breached",
        ),
        _happens(
            "analysed", gettext_lazy("A message was read by the machine, or corrected"),
            gettext_lazy("what a message means is known, or corrected"),
            template("What a message means was known."), "message.analysed", "analysis.corrected",
        ),
        _passes(
            "waits", gettext_lazy("The customer has waited for…"),
            gettext_lazy("a customer has waited for %(span)s"), template("The customer had waited for %(span)s."),
        ),
        _passes(
            "silent", gettext_lazy("The customer has not answered for…"),
            gettext_lazy("a customer has not answered us for %(span)s"),
            template("The customer had not answered for %(span)s."),
        ),
        _passes(
            "unresolved", gettext_lazy("A conversation is not resolved after…"),
            gettext_lazy("a conversation is not resolved after %(span)s"),
            template("The conversation was not resolved after %(span)s."),
        ),
        _passes(
            "pending", gettext_lazy("A conversation has been on hold for…"),
            gettext_lazy("a conversation has been on hold for %(span)s"),
            template("The conversation had been on hold for %(span)s."),
        ),
        _passes(
            "snoozed", gettext_lazy("A conversation has been set aside for…"),
            gettext_lazy("a conversation has been set aside for %(span)s"),
            template("The conversation had been set aside for %(span)s."),
        ),
        _passes(
            "resolved", gettext_lazy("A conversation has been resolved for…"),
            gettext_lazy("a conversation has been resolved for %(span)s"),
            template("The conversation had been resolved for %(span)s."),
        ),
    )
}  # fmt: skip
EVENTS = frozenset().union(*(one.events for one in TRIGGERS.values()))


def checked_trigger(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The trigger as it is kept: of a known kind, with what it takes. Raises UnfinishedAutomationError."""
    kind = TRIGGERS.get(str(raw.get("kind", "")))
    if kind is None:
        raise UnfinishedAutomationError(_("it does not say when."))
    if kind.passes:
        counted = {"is_in_working_time": True} if raw.get("is_in_working_time") is True else {}
        return {"kind": kind.name, "after_minutes": _checked_minutes(raw.get("after_minutes"))} | counted
    given = raw.get("among") if isinstance(raw.get("among"), list) else []
    among = list(dict.fromkeys(text for one in given or [] if (text := " ".join(str(one).replace("\x00", "").split()))))
    known = {value for value, _label in kind.options()}
    if known and (not among or not known.issuperset(among)):
        raise UnfinishedAutomationError(_("“%(what)s” says nothing yet.") % {"what": kind.label})
    if kind.takes_words and (len(among) > MOST_TAGS or any(len(one) > MAX_TAG_CHARS for one in among)):
        raise UnfinishedAutomationError(_("a word of “%(what)s” is too long.") % {"what": kind.label})
    return {"kind": kind.name} | ({"among": among} if known or kind.takes_words else {})


def _checked_minutes(raw: Any) -> int:
    text = str(raw if raw is not None else "")
    if not text.isdecimal() or not 1 <= int(text[:9]) <= LONGEST_MINUTES:
        raise UnfinishedAutomationError(_("after how long? From a minute to a year."))
    return int(text[:9])


def why_words(trigger: Mapping[str, Any]) -> Reason:
    """Why a run was made, in whatever language it is read."""
    kind = TRIGGERS[trigger["kind"]]
    if not kind.passes:
        return Reason(kind.why)
    return Reason(kind.why, span=span_reason(trigger))
