"""What was understood of a message. Nobody has read it when it comes in: these are known a moment later."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from comptoir.routing.conditions.kinds import Kind, Matcher, either
from comptoir.routing.facts import Ask, Facts, Reading, flattened
from comptoir.routing.names import Names

_READ = frozenset({Ask.READING})


def _once_read(holds: Callable[[Reading], bool]) -> Matcher:
    return lambda facts: None if facts.reading is None else holds(facts.reading)


def _intents(among: Sequence[str]) -> Matcher:
    wanted = frozenset(among)
    return _once_read(lambda reading: reading.intent in wanted)


def _presses(among: Sequence[str]) -> Matcher:
    least = int(among[0])
    return _once_read(lambda reading: reading.urgency >= least)


def _grounds(among: Sequence[str]) -> Matcher:
    wanted = frozenset(among)
    return _once_read(lambda reading: not wanted.isdisjoint(reading.grounds))


def _topics(among: Sequence[str]) -> Matcher:
    wanted = frozenset(flattened(one) for one in among)

    def holds(facts: Facts) -> bool | None:
        if facts.reading is None or facts.reading.topics is None:
            return None
        return not wanted.isdisjoint(map(flattened, facts.reading.topics))

    return holds


def _intent_options(_names: Names) -> list[tuple[str, str]]:
    return [
        ("question", pgettext("rule", "a question")),
        ("complaint", pgettext("rule", "a complaint")),
        ("request", pgettext("rule", "a request")),
        ("praise", pgettext("rule", "praise")),
        ("purchase_intent", pgettext("rule", "a wish to buy")),
        ("chatter", pgettext("rule", "chatter")),
    ]


def _ground_options(_names: Names) -> list[tuple[str, str]]:
    return [
        ("safety", pgettext("rule", "safety")),
        ("legal", pgettext("rule", "the law")),
        ("churn", pgettext("rule", "wanting to leave")),
        ("deadline", pgettext("rule", "a deadline")),
        ("distress", pgettext("rule", "distress")),
        ("press", pgettext("rule", "the press")),
        ("repeated", pgettext("rule", "asking again")),
    ]


def _is(among: Sequence[str], names: Names) -> str:
    return _("is %(intents)s") % {"intents": either([dict(_intent_options(names)).get(one, one) for one in among])}


def _pressing(among: Sequence[str], _names: Names) -> str:
    return _("presses (%(level)s of 3 at least)") % {"level": among[0]}


def _grounded(among: Sequence[str], names: Names) -> str:
    said = [dict(_ground_options(names)).get(one, one) for one in among]
    return _("presses because of %(grounds)s") % {"grounds": either(said)}


def _about(among: Sequence[str], _names: Names) -> str:
    return _("is about %(topics)s") % {"topics": either(list(among))}


KINDS = (
    Kind("intent", gettext_lazy("What it is"), "many", _intents, _is, options=_intent_options, asks=_READ),
    Kind(
        "urgency", gettext_lazy("Urgency at least"), "one", _presses, _pressing, asks=_READ,
        options=lambda _names: [("1", "1"), ("2", "2"), ("3", "3")],
    ),
    Kind(
        "ground", gettext_lazy("Why it presses"), "many", _grounds, _grounded, options=_ground_options, asks=_READ,
    ),
    Kind(
        "topic", gettext_lazy("Topic"), "words", _topics, _about, asks=_READ,
        help_text=gettext_lazy("One a line: contact reasons by their names."), can_find=flattened,
    ),
)  # fmt: skip
