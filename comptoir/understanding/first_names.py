"""The first name in what somebody is called on a network, where it looks like a person's.

Nobody is hurt by « Bonjour, » but « Bonjour Atelier, » shows that nobody looked: where a name may as well be that of a
company, a handle or a joke, there is no first name. « Rose des Vents » has none, « Jean de Villiers » has: of the
commonest names alone it is sure that they are names.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from importlib.resources import files

from comptoir.understanding.cues import CUES, cue_patterns
from comptoir.understanding.folding import folded
from comptoir.understanding.language import LANGUAGES

_MOST_WORDS, _MOST_CHARS = 4, 80
#: What people put beside their name: pronouns, a town, a nickname.
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
#: No person's name has these; « Léa | Photographe » is what she does too.
_NO_NAME = re.compile(r"[\d&|+/@#:;,*=<>™®©_~…\"“”«»!?%$€–—•·]")
#: In these scripts the family name stands first.
_FAMILY_FIRST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W\d_]+\.?(?:['’ʼ-][^\W\d_]+\.?)*")
#: A capital inside a word: CamelCase is how handles are written, not McKay or DeSantis.
_CAMEL = re.compile(r"(?<!^Mc)(?<!^Mac)(?<!^De)(?<!^Le)(?<=[^\W\d_A-ZÀ-ÖØ-Þ])[A-ZÀ-ÖØ-Þ]")
_OF = re.compile(r"(?:de|du|des|la|le|les)$|d'\w")
_ELIDED = re.compile(r"(?:l|d|j|c|s|qu)'(?=\w)")


@cache
def _rules() -> Mapping[str, AbstractSet[str]]:
    read = tomllib.loads(files("comptoir.understanding").joinpath("rules/first_names.toml").read_text("utf-8"))
    return {about: frozenset(words) for about, words in read.items()}


def first_name_in(called: str) -> str:
    """The first name of whoever is called this; empty where it does not look like a person's."""
    if len(called) > _MOST_CHARS:
        return ""
    words = _ASIDE.sub(" ", "".join(" " if _is_ornament(sign) else sign for sign in called)).split()
    if not words or len(words) > _MOST_WORDS or _NO_NAME.search(" ".join(words)) or _FAMILY_FIRST.search(called):
        return ""
    first, *others = words
    if not all(_WORD.fullmatch(word) for word in words) or _is_a_company(called) or _is_rude(called):
        return ""
    is_sure = folded(first).partition("-")[0] in _rules()["given"]
    return first if _is_given(first) and all(_may_follow(word, is_sure=is_sure) for word in others) else ""


def _is_ornament(sign: str) -> bool:
    """Emoji, stars and what joins them; a ™ is no ornament."""
    return sign not in "™®©" and (unicodedata.category(sign) in {"So", "Sk", "Cf", "Cs", "Co"} or sign == "\ufe0f")


def _is_a_company(called: str) -> bool:
    """Whether any word of it, also beside the name, is a company's."""
    return not _rules()["companies"].isdisjoint(re.findall(r"[^\W\d_]+", folded(called)))


def _is_rude(called: str) -> bool:
    """Whether any word of it is an insult or a reproach in any language: people name themselves so to be called so."""
    plain = folded(called)
    if not _rules()["rude"].isdisjoint(re.findall(r"[^\W\d_]+", plain)):
        return True
    return any(pattern.search(plain) for pattern in _rude_words())


@cache
def _rude_words() -> tuple[re.Pattern[str], ...]:
    each = [dict(zip(CUES, cue_patterns(language), strict=True)) for language in LANGUAGES]
    return tuple(words[cue] for words in each for cue in ("insult", "swear"))


def _is_given(word: str) -> bool:
    plain, rules = folded(word), _rules()
    if len(word) < 2 or word.endswith(".") or not _has_capital(word) or word.isupper() or _CAMEL.search(word):
        return False
    return not _ELIDED.match(plain) and not any(plain in rules[about] for about in ("begins", "titles", "nobody"))


def _may_follow(word: str, *, is_sure: bool) -> bool:
    """Whether a word behind a first name is of a family name, also where it ``is_sure`` that this is a first name."""
    plain, rules = folded(word), _rules()
    return _has_capital(word) or plain in rules["within_people"] or (is_sure and _OF.match(plain) is not None)


def _has_capital(word: str) -> bool:
    """Or is of a script that has none."""
    return not word[0].islower()
