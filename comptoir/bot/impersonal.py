"""What was said to one person, as it may be said to anybody: without names, and without what only one of them was told.

Nothing here knows who a name belongs to; it takes out too much rather than too little. Whoever approves reads what is
left, and sees by GONE where something was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType

from comptoir.brands.numbers import Patterns
from comptoir.understanding.folding import folded
from comptoir.understanding.personal_data import Kind, personal_data

#: Stands where something was taken out.
GONE = "[…]"
_FILLED: Mapping[Kind, str] = {"order": "{order_number}", "customer": "{customer_number}"}
_NAME = r"[A-ZÀ-ÖØ-Þ][\w’'-]+"
_TITLES = (
    r"Monsieur|Madame|Mademoiselle|Mme|Mlle|M\.|Mr\.?|Mrs\.?|Ms\.?|Herrn?|Frau|Señora?|Sra?\.|Signora?|Sig\.ra|Sig\.|"
    r"Senhora?|Meneer|Mevrouw|Dhr\.|Mevr\."
)
_TITLE = re.compile(_TITLES)
_TITLED = re.compile(rf"\b({_TITLES})(?:[ \u00a0]+{_NAME}){{1,3}}")
_CALLED = re.compile(
    r"\b((?i:je m[’']appelle|mon nom est|my name is|ich heiße|mein name ist|me llamo|mi chiamo|mijn naam is|"
    rf"o meu nome é|chamo-me))[ \u00a0]+[\w’'-]+(?:[ \u00a0]+{_NAME})*"
)
_GREETED = re.compile(
    r"(?m)^([ \t\u00a0]*(?i:bonjour|bonsoir|rebonjour|coucou|chère?|hello|hi|hey|dear|hallo|"
    r"good (?:morning|afternoon|evening)|"
    r"guten tag|liebe[rs]?|hola|buenos días|estimad[oa]|ciao|buongiorno|gentile|olá|bom dia|beste|geachte))[ \u00a0]+"
    rf"(?!(?:{_TITLES})\b){_NAME}(?:[ \u00a0]+{_NAME})*"
)
_HANDLE = re.compile(r"(?<![\w.])@[\w.-]+(?:@[\w.-]+)?")
#: What may be one person's: an address of the web, whatever has a figure in it, a name inside a sentence.
_TELLING = re.compile(rf"https?://\S+|[\w.,:/+€$£%-]*\d[\w.,:/+€$£%-]*|(?<=[^\s.!?:…\n\"«»][ \u00a0]){_NAME}")
_CAPITALS_ARE_NAMES = ("fr", "en", "es", "it", "nl", "pt")
_LEAST_NAME_CHARS = 3
#: A signature of which nothing is left.
_GONE_AT_END = re.compile(r"(?:[\s,;:-]*\[…\][.,;]*)+$")


def impersonal_question(
    text: str, *, names: Iterable[str], shared: AbstractSet[str], language: str, patterns: Patterns = ()
) -> str:
    """A customer's message in one line, without who wrote it; ``shared`` are the `words_in` others' messages.

    ``patterns`` find the brand's own numbers.
    """
    line = " ".join(_HANDLE.sub(" ", text).split())
    line = _masked(line, patterns=patterns)
    line = _CALLED.sub(rf"\1 {GONE}", _TITLED.sub(r"\1", line))
    for name in names:
        line = _without(line, name, whole=GONE, first=GONE)
    return _GONE_AT_END.sub("", _only_shared(line, shared, language))


def impersonal_answer(
    text: str, *, customer: str, agent: str, shared: AbstractSet[str], language: str, patterns: Patterns = ()
) -> str:
    """A reply as an entry may give it: names and numbers of the customer are placeholders, the agent's name too;
    ``shared`` are the `words_in` replies to others, ``patterns`` find the brand's own numbers.
    """
    said = _masked(_HANDLE.sub(" ", text), _FILLED, shared, patterns)
    said = _TITLED.sub(r"\1", said)
    said = _without(said, customer, whole="{name}", first="{first_name}")
    said = _GREETED.sub(r"\1 {first_name}", said)
    said = _without(said, agent, whole="{agent_name}", first="{agent_name}")
    lines = [" ".join(line.split(" ")).strip() for line in _only_shared(said, shared, language).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def words_in(texts: Iterable[str]) -> set[str]:
    """Every word of some texts as it is compared: without accents, capitals and what stands around it."""
    return {_bare(word) for text in texts for word in re.split(r"[\s’']+", text)}


def _bare(word: str) -> str:
    return folded(word).strip(".,;:!?()[]«»\"“”…'’")


def _masked(
    text: str, stand_ins: Mapping[Kind, str] = MappingProxyType({}), shared: AbstractSet[str] = frozenset(),
    patterns: Patterns = (),
) -> str:  # fmt: skip
    """Without personal data; what was said alike to others (our own telephone number) stays."""
    parts, place = [], 0
    for one in personal_data(text, patterns=patterns):
        own = text[one.start : one.end]
        parts += [text[place : one.start], own if _is_shared(own, shared) else stand_ins.get(one.kind, GONE)]
        place = one.end
    return "".join([*parts, text[place:]])


def _is_shared(own: str, shared: AbstractSet[str]) -> bool:
    return bool(shared) and all(_bare(part) in shared for part in own.split())


def _without(text: str, name: str, *, whole: str, first: str) -> str:
    """Without a name, or any part of it; its first part may stand for something else than the rest."""
    parts = [part for part in re.split(r"[\s._@-]+", name) if len(part) >= _LEAST_NAME_CHARS and part.isalpha()]
    if len(parts) > 1:
        text = re.sub(r"\b" + r"[\s._-]+".join(map(re.escape, parts)) + r"\b", whole, text, flags=re.IGNORECASE)
    for place, part in enumerate(parts):
        text = re.sub(rf"(?<!\{{)\b{re.escape(part)}\b(?!\}})", GONE if place else first, text, flags=re.IGNORECASE)
    return text


def _only_shared(text: str, shared: AbstractSet[str], language: str) -> str:
    """Without figures, addresses and names that nobody else was told, or said."""

    def kept(found: re.Match[str]) -> str:
        own = found[0]
        is_name = not any(sign.isdigit() for sign in own) and not own.startswith("http")
        no_names = language not in _CAPITALS_ARE_NAMES or own.startswith(("I’", "I'")) or _TITLE.fullmatch(own)
        if is_name and no_names:
            return own
        known = all(_bare(part) in shared for part in re.split(r"[’']", own) if part)
        return own if known else GONE

    return _TELLING.sub(kept, text)
