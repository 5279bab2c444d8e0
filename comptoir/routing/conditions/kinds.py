"""What a kind of condition is, and the conditions of a rule as they are kept: {"kind": …, "among": […], "not": …}.

Every value is text, ids too, so that one shape serves the database, the screen and the API.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext as _

from comptoir.routing.errors import UnfinishedRuleError
from comptoir.routing.facts import Ask, Facts
from comptoir.routing.names import Names

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: Whether a message is meant; None where that cannot be known yet.
Matcher = Callable[[Facts], bool | None]
Control = Literal["many", "one", "words", "none"]
Options = Sequence[tuple[str, str]]
Condition = Mapping[str, Any]

MOST_VALUES = 200
MAX_VALUE_CHARS = 80


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of condition. ``clause`` says it after « When a message … »; ``options`` is what can be chosen;
    ``can_find`` whether some message could have such a value at all.
    """

    name: str
    label: StrOrPromise
    control: Control
    matcher: Callable[[Sequence[str]], Matcher]
    clause: Callable[[Sequence[str], Names], str]
    options: Callable[[Names], Options] = lambda _names: ()
    asks: frozenset[Ask] = frozenset()
    help_text: StrOrPromise = ""
    can_find: Callable[[str], object] = bool


def quoted(words: Sequence[str]) -> list[str]:
    """Each between quotation marks."""
    return [_("“%(word)s”") % {"word": word} for word in words]


def either(words: Sequence[str]) -> str:
    """« a, b ou c »."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s or %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def all_of(words: Sequence[str]) -> str:
    """« a, b et c »."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def checked_conditions(raw: Sequence[Condition], kinds: Mapping[str, Kind], names: Names) -> list[dict[str, Any]]:
    """Conditions as they are kept: known kinds, with something to look for that exists; each kind once among those
    that must hold, and once among those that must not. Raises UnfinishedRuleError.
    """
    kept: dict[tuple[str, bool], dict[str, Any]] = {}
    for one in raw:
        checked = _checked(one, kinds, names)
        slot = (checked["kind"], "not" in checked)
        if slot in kept:
            raise UnfinishedRuleError(_("“%(what)s” stands there twice.") % {"what": kinds[slot[0]].label})
        kept[slot] = checked
    return list(kept.values())


def _checked(raw: Condition, kinds: Mapping[str, Kind], names: Names) -> dict[str, Any]:
    kind = kinds.get(str(raw.get("kind", "")))
    if kind is None:
        raise UnfinishedRuleError(_("one of its conditions is of no known kind."))
    among = checked_values(kind, raw.get("among"), names)
    lost = next((one for one in among if not kind.can_find(one)), None)
    if lost is not None:
        told = {"what": kind.label, "word": lost}
        raise UnfinishedRuleError(_("“%(what)s” never finds “%(word)s”: write letters or digits.") % told)
    return {"kind": kind.name, "among": among} | ({"not": True} if raw.get("not") else {})


def checked_values(kind: Any, raw: Any, names: Names) -> list[str]:
    """The values of one condition or effect. Raises UnfinishedRuleError where they are not what its kind takes."""
    given = raw if isinstance(raw, list) else []
    values = list(dict.fromkeys(" ".join(str(one).replace("\x00", "").split()) for one in given))
    values = [one for one in values if one]
    what = {"what": kind.label}
    if kind.control == "none":
        return []
    if not values:
        raise UnfinishedRuleError(_("“%(what)s” says nothing yet.") % what)
    if len(values) > MOST_VALUES:
        told = {"what": kind.label, "count": len(values), "most": MOST_VALUES}
        raise UnfinishedRuleError(
            _("“%(what)s” has %(count)s lines, and takes %(most)s: spread them over several rules.") % told
        )
    if any(len(one) > MAX_VALUE_CHARS for one in values):
        raise UnfinishedRuleError(_("a word of “%(what)s” is too long.") % what)
    if kind.control == "one" and len(values) > 1:
        raise UnfinishedRuleError(_("“%(what)s” takes one answer.") % what)
    if kind.control in ("many", "one"):
        known = {value for value, _label in kind.options(names)}
        if not known.issuperset(values):
            raise UnfinishedRuleError(_("“%(what)s” names something that is not there any more.") % what)
    return values


def compiled(condition: Condition, kinds: Mapping[str, Kind]) -> Matcher:
    """The condition as a function of facts. Raises KeyError for a kind that is no longer there."""
    matches = kinds[condition["kind"]].matcher(condition["among"])
    return _negated(matches) if condition.get("not") else matches


def all_hold(conditions: Iterable[Matcher], facts: Facts) -> bool | None:
    """Whether every condition does; None where that hangs on what is not known yet."""
    is_known = True
    for matches in conditions:
        found = matches(facts)
        if found is None:
            is_known = False
        elif not found:
            return False
    return True if is_known else None


def _negated(matches: Matcher) -> Matcher:
    def fails(facts: Facts) -> bool | None:
        found = matches(facts)
        return None if found is None else not found

    return fails
