"""What a message says: its words, its language, the stars it gives."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comptoir.routing.conditions.kinds import Kind, Matcher, either, quoted
from comptoir.routing.facts import Ask, Facts, flattened
from comptoir.routing.names import LANGUAGES, Names, language_words

#: From here on scripts put no spaces between words.
_FIRST_UNSPACED = "\u2e80"


def _says(among: Sequence[str]) -> Matcher:
    """Whole words without regard to case and accents; « rembours* » is how a word begins; several are a phrase."""
    words: set[str] = set()
    parts: list[str] = []
    unspaced: list[str] = []
    for one in among:
        wanted = flattened(one)
        if not wanted:
            continue
        if max(wanted) >= _FIRST_UNSPACED:
            unspaced.append(wanted.replace(" ", ""))
        elif one.endswith("*"):
            parts.append(f" {wanted}")
        elif " " in wanted:
            parts.append(f" {wanted} ")
        else:
            words.add(wanted)
    single, pieces = frozenset(words), tuple(parts)

    def holds(facts: Facts) -> bool:
        if not single.isdisjoint(facts.words):
            return True
        flat = facts.flat
        if any(piece in flat for piece in pieces):
            return True
        return bool(unspaced) and any(one in flat.replace(" ", "") for one in unspaced)

    return holds


def _saying(among: Sequence[str], _names: Names) -> str:
    return _("says %(words)s") % {"words": either(quoted(among))}


def _languages(among: Sequence[str]) -> Matcher:
    """Few networks tell the language; where none does, it is known once the message was read."""
    wanted = frozenset(among)

    def holds(facts: Facts) -> bool | None:
        if not facts.language and facts.reading is None:
            return None
        return facts.language[:2].lower() in wanted

    return holds


def _written_in(among: Sequence[str], _names: Names) -> str:
    return _("is written in %(languages)s") % {"languages": either([language_words(one) for one in among])}


def _stars(among: Sequence[str]) -> Matcher:
    most = float(among[0])
    return lambda facts: facts.rating is not None and facts.rating <= most


def _giving(among: Sequence[str], _names: Names) -> str:
    count = int(among[0])
    return ngettext("gives one star of five", "gives at most %(count)s stars of five", count) % {"count": count}


KINDS = (
    Kind(
        "text", gettext_lazy("Words"), "words", _says, _saying,
        help_text=gettext_lazy("One a line, any of them. Accents and capitals do not matter; refund* finds refunded."),
        can_find=flattened,
    ),
    Kind(
        "language", gettext_lazy("Language"), "many", _languages, _written_in,
        options=lambda _names: [(code, language_words(code)) for code in LANGUAGES],
        asks=frozenset({Ask.READING}),
    ),
    Kind(
        "rating", gettext_lazy("Stars at most"), "one", _stars, _giving,
        options=lambda _names: [(str(count), "★" * count) for count in range(1, 5)],
    ),
)  # fmt: skip
