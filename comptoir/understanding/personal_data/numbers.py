"""Numbers of orders and customers: any company's form, told by the words around them (rules/numbers.toml)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from comptoir.understanding.folding import folded
from comptoir.understanding.personal_data.checked import is_article, looks_like_iban
from comptoir.understanding.personal_data.forms import (
    ABOUT,
    AMOUNT_AFTER,
    AMOUNT_BEFORE,
    AND,
    BARS,
    CALLED_OFF,
    CODE,
    DASHED,
    DATE,
    DELIVERY_POINT,
    EVEN_GROUPS,
    FAILED,
    FAR_CHARS,
    FIGURES,
    FILE,
    FLIGHT,
    FLIGHT_LIKE,
    LABEL,
    LEAST_DIGITS,
    LEAST_LETTERED,
    LEAST_OF_METER,
    LETTER_LAST,
    LETTERED,
    LETTERS_RUN,
    LOCATOR,
    MAKERS,
    MAX_CODES,
    METER,
    NAMED_BEFORE,
    NEAR_CHARS,
    NUMBERED,
    OWN_PREFIX,
    PARCEL,
    PRECISE,
    PRODUCT_LIKE,
    RECORD,
    RUNNING,
    SET_TO,
    SMALL,
    THOUSANDS,
    TRAIN,
    TRAVELS,
    WEB_ADDRESS,
    WHERE,
)
from comptoir.understanding.personal_data.kinds import Kind, PersonalData
from comptoir.understanding.personal_data.meanings import (
    SIGHT_CHARS,
    Meaning,
    adjacent,
    in_sentence,
    is_referred,
    meanings,
    says_after,
    speaks_of_matters,
    speaks_of_products,
    speaks_of_travel,
)


def company_numbers(text: str, patterns: Sequence[tuple[Kind, re.Pattern[str]]]) -> Iterator[PersonalData]:
    """What the company's own patterns find: the group `number` where they have one, else all that matches."""
    for kind, pattern in patterns:
        for match in pattern.finditer(text):
            group = "number" if "number" in pattern.groupindex else 0
            if match.end(group) > match.start(group):
                yield PersonalData(kind, match.start(group), match.end(group))


def parcels(text: str) -> Iterator[PersonalData]:
    """Parcels and registered letters, by the form that the posts of the world have agreed on."""
    for match in PARCEL.finditer(text):
        yield PersonalData("order", match.start(), match.end())


def named_numbers(text: str) -> Iterator[PersonalData]:
    """Those that directly follow the word that says what they are, and those that are listed with them."""
    plain = _plain(text)
    for match in LOCATOR.finditer(text):
        if text != text.upper():
            yield PersonalData("order", match.start("found"), match.end("found"))
    for match in FILE.finditer(text):
        if adjacent(_before(plain, match)) == "order":
            yield PersonalData("order", match.start(), match.end())
    if sum(map(str.isdigit, text)) >= LEAST_LETTERED:
        yield from _lettered(text, plain)
    last: PersonalData | None = None
    for match in _codes(text):
        kind = _said_before(plain, match)
        if kind is None and last is not None and AND.fullmatch(text[last.end : match.start()]):
            kind = "order" if last.kind == "order" else "customer"
        if kind in ("order", "customer") and _may_be_number(match, named=True):
            last = PersonalData(kind, match.start(), match.end())
            yield last


def _lettered(text: str, plain: str) -> Iterator[PersonalData]:
    """« contrat n° A 5520 8841 »: where nothing but the word before tells that the letter belongs to it."""
    if text == text.upper():
        return
    for match in islice(LETTERED.finditer(text), MAX_CODES):
        kind = _said_before(plain, match)
        if kind in ("order", "customer") and _digits(match) >= LEAST_LETTERED and not looks_like_iban(match.group()):
            yield PersonalData(kind, match.start(), match.end())


def _said_before(plain: str, match: re.Match[str]) -> Meaning | None:
    """What directly precedes a number says that it is."""
    before = _before(plain, match)
    if METER.search(before):
        return "customer" if _digits(match) >= LEAST_OF_METER else "none"
    if WHERE.search(before):
        return "order" if _digits(match) >= LEAST_LETTERED else None
    if is_article(match.group()) and BARS.search(before):
        return "none"
    if ABOUT.search(before) and _is_somebodys(match.group(), before):
        return "order"
    if CALLED_OFF.search(before) and not FLIGHT.fullmatch(match.group()):
        return "order"
    said = adjacent(before)
    return "customer" if said != "order" and DELIVERY_POINT.fullmatch(match.group()) else said


def _is_somebodys(code: str, before: str) -> bool:
    """« it's about DR-20931 »: letters and a running number, or figures enough; of nothing that one buys."""
    runs = RUNNING.fullmatch(code) or (FIGURES.fullmatch(code) and len(code) > FAR_CHARS) or LETTERS_RUN.fullmatch(code)
    return bool(runs) and not MAKERS.fullmatch(code) and not is_article(code) and not speaks_of_products(before)


def _digits(match: re.Match[str]) -> int:
    return sum(map(str.isdigit, match.group()))


def other_numbers(text: str) -> Iterator[PersonalData]:
    """Those that look like one, with a word in sight that says of what."""
    plain = _plain(text)
    spoken: list[tuple[Meaning, int]] | None = None
    for match in _codes(text):
        if adjacent(_before(plain, match)) == "none":
            continue
        behind = says_after(plain, match.end())
        if behind in ("order", "customer") and not in_sentence(_before(plain, match))[0]:
            if _may_be_number(match, named=True):
                yield PersonalData(behind, match.start(), match.end())
            continue
        if _is_near(plain, match) or not _may_be_number(match, named=False):
            kind = _near_kind(plain, match)
        else:
            spoken = _spoken_of(plain) if spoken is None else spoken
            kind = _kind_in_sight(
                plain, match, [one for one, at in spoken if at < 0 or match.start() <= at < match.end()]
            )
        if kind in ("order", "customer"):
            yield PersonalData(kind, match.start(), match.end())


def _spoken_of(plain: str) -> list[tuple[Meaning, int]]:
    """What the words of a text mean, and where « customer 3302-118 » has its number, if it has."""
    found = [(one[2], NAMED_BEFORE.match(plain, one[1]) if one[2] == "customer" else None) for one in meanings(plain)]
    return [(meaning, named.start("code") if named else -1) for meaning, named in found]


def _before(plain: str, match: re.Match[str]) -> str:
    return plain[max(0, match.start() - SIGHT_CHARS) : match.start()]


#: One text is gone through twice: for what is named and for what is not.
_plain = lru_cache(maxsize=2)(folded)


@lru_cache(maxsize=2)
def _codes(text: str) -> tuple[re.Match[str], ...]:
    """What may be a number, outside the addresses of pages."""
    found = [match for match in islice(CODE.finditer(text), MAX_CODES) if _is_long_enough(match)]
    pages = [match.span() for match in WEB_ADDRESS.finditer(text)] if found else []
    return tuple(
        match for match in found if not any(start < match.end() and match.start() < end for start, end in pages)
    )


def _is_long_enough(match: re.Match[str]) -> bool:
    """« 3 semaines », « iPhone 15 »: too few figures for whatever stands around."""
    code = match.group()
    return _digits(match) >= LEAST_DIGITS or bool(
        RECORD.fullmatch(code) or DASHED.fullmatch(code) or SMALL.fullmatch(code)
    )


def _is_near(plain: str, match: re.Match[str]) -> bool:
    """« la commande passée hier, 70881234 »: figures alone, enough of them, and the word in the same sentence."""
    kind, far = in_sentence(_before(plain, match))
    return kind in ("order", "customer") and far <= NEAR_CHARS and bool(FIGURES.fullmatch(match.group()))


def _is_labelled(plain: str, match: re.Match[str]) -> bool:
    """« n° 4521897 » where nothing says of what, and the text is not about a product."""
    label = LABEL.search(_before(plain, match))
    said = in_sentence(_before(plain, match))[0] is None and not speaks_of_products(plain)
    return bool(label) and said and bool(re.fullmatch(r"[\w/-]*\d{5,}[\w/-]*", match.group()))


def _near_kind(plain: str, match: re.Match[str]) -> Meaning | None:
    """For what is too plain to be a number by itself: said to be near, a reference, or of a shop's own form."""
    code, named = match.group(), _may_be_number(match, named=True)
    if not named or is_article(code):
        return None
    if _is_near(plain, match):
        return in_sentence(_before(plain, match))[0]
    whose = len(code) < FAR_CHARS and not speaks_of_travel(plain)  # « réf 4471 » may be anything's, « ref BS/4471 » not
    if _digits(match) >= 4 and is_referred(plain, match.start(), mine=whose):
        return "order"
    if _is_labelled(plain, match):
        return "order"
    return "order" if OWN_PREFIX.fullmatch(code) and in_sentence(_before(plain, match))[0] != "none" else None


def _kind_in_sight(plain: str, match: re.Match[str], anywhere: list[Meaning]) -> Meaning | None:
    found, code = meanings(_before(plain, match)), match.group()
    if found and found[-1][2] == "none" and len(code) >= FAR_CHARS and is_referred(plain, match.start(), mine=False):
        return "order"  # « the invoice for my stay of May, ref BS/4471 »: its own word is nearer
    if found and _is_used_up(plain, match, found[-1]):
        return None
    if _is_locator(code) and speaks_of_travel(plain) and not adjacent(_before(plain, match)):
        return "order"
    if found:
        return found[-1][2]
    if OWN_PREFIX.fullmatch(code) or is_referred(plain, match.start(), mine=not RECORD.fullmatch(code)):
        return "order"
    if RECORD.fullmatch(code) and "order" not in anywhere:
        return None
    if RUNNING.fullmatch(code) and not speaks_of_products(plain):
        return "customer" if anywhere and set(anywhere) == {"customer"} else "order"
    if speaks_of_matters(plain) and not (speaks_of_products(plain) or speaks_of_travel(plain)):
        return "order"
    if anywhere:
        return "order" if "order" in anywhere else anywhere[0]
    return "order" if sum(map(str.isdigit, code)) >= 10 else None


def _is_used_up(plain: str, match: re.Match[str], word: tuple[int, int, Meaning]) -> bool:
    """« Garantiefall WD-319925, der Wasserkocher (KE-8812) »: the word has its number, and this one looks otherwise."""
    before = _before(plain, match)
    nearer = NAMED_BEFORE.match(before, word[1])
    short = not OWN_PREFIX.fullmatch(match.group()) and _digits(match) < LEAST_LETTERED
    return nearer is not None and short and _shape(nearer["code"]) != _shape(folded(match.group()))


def _shape(code: str) -> str:
    return re.sub(r"[a-z]+", "a", re.sub(r"\d", "0", code))


def _is_locator(code: str) -> bool:
    """Six letters and figures as airlines and hotels give out: not a year, not a lot, not a model with its number."""
    letters = sum(sign.isalpha() for sign in code)
    return bool(RECORD.fullmatch(code)) and letters >= 3 and not re.search(r"\d{3}", code)


def _is_numbered(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - FAR_CHARS * 2) : match.start()]
    return bool(THOUSANDS.fullmatch(match.group()) and NUMBERED.search(before))


def _may_be_number(match: re.Match[str], *, named: bool) -> bool:
    """Whether it is neither a date, an amount, a measure nor a product."""
    code, text = match.group(), match.string
    digits = sum(map(str.isdigit, code))
    if (
        (DATE.fullmatch(code) and not (named and _is_numbered(match)))
        or (FAILED.fullmatch(code) and not (named and adjacent(_before(folded(text), match))))
        or AMOUNT_AFTER.match(text, match.end())
    ):
        return False
    if PRODUCT_LIKE.fullmatch(code) and not (named and digits >= 5) and not LETTER_LAST.fullmatch(code):
        return False
    before = text[max(0, match.start() - 12) : match.start()]
    if AMOUNT_BEFORE.search(before) or looks_like_iban(code):
        return False
    if code.isdigit() and ((code.endswith("00") and digits == 3) or (digits <= 5 and SET_TO.search(folded(before)))):
        return False
    if TRAIN.fullmatch(code) or (FLIGHT.fullmatch(code) and TRAVELS.search(before)):
        return False
    if RECORD.fullmatch(code):
        return True
    if not named and (MAKERS.fullmatch(code) or PRECISE.fullmatch(code) or FLIGHT_LIKE.fullmatch(code)):
        return False
    if named:
        return (
            digits >= 4
            or bool(DASHED.fullmatch(code) or SMALL.fullmatch(code))
            or (digits >= 3 and (len(code) >= 6 or before.rstrip().endswith(("°", "#", ":", "º"))))
        )
    mixed = any(sign.isalpha() for sign in code) or any(sign in "-/" for sign in code)
    together = " " not in code.replace("\u00a0", " ").replace("\u202f", " ")
    if EVEN_GROUPS.fullmatch(code):
        return True
    return (mixed and digits >= 4 and len(code) >= FAR_CHARS) or (digits >= 8 and together and not is_article(code))
