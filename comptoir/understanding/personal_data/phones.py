"""Telephone numbers: by their form, by the words around, and by libphonenumber's rules of where one speaks so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

import phonenumbers
from phonenumbers import PhoneNumberType

from comptoir.understanding.folding import folded
from comptoir.understanding.personal_data.kinds import GAP, PersonalData
from comptoir.understanding.personal_data.meanings import in_sentence, says_after, says_product, speaks_of

#: Where a language is spoken; the first is the likeliest.
_REGIONS = {
    "fr": ("FR", "BE", "CH", "CA"),
    "en": ("GB", "US", "IE"),
    "es": ("ES", "MX"),
    "de": ("DE", "AT", "CH"),
    "it": ("IT", "CH"),
    "nl": ("NL", "BE"),
    "pt": ("PT", "BR"),
}
_FRENCH = re.compile(
    rf"(?<![\dA-Za-z,/+-])(?:0[1-9](?:[ \t\u00a0\u202f./\u2011_-]{{0,3}}\d\d){{4}}|0[ .]?[1-9](?:[ .]\d){{8}}"
    rf"|(?:\+|00){GAP}?33{GAP}?(?:\(0\))?{GAP}?[1-9](?:[ \t\u00a0\u202f./-]{{0,3}}\d\d){{4}})(?![\dA-Za-z]|[.,]\d|-\d|[ .-]\d\d\b(?![ .-]?\d\d[ .-]\d\d)|[ .]\d(?:[ .]\d)*\b(?![ .]?\d\d))"
)
_BRITISH = re.compile(
    r"(?<![\d+])(?:07\d{3}[ -]?\d{3}[ -]?\d{3}|(?:\+44|0044)[ ]?(?:\(0\))?[ ]?7\d{3}[ -]?\d{3}[ -]?\d{3})(?!\d)"
)
_GERMAN = re.compile(r"(?<![\w+.,/-])(?<!\d[ -])01[567]\d[ /-]{0,3}\d(?:[ ]?\d){6,7}(?![\w-]|[ ]\d)")
#: Mobiles of the Dutch, the Belgians, the Irish, the Austrians: what they begin with, grouped as one likes.
_MOBILE = re.compile(
    r"(?<![\w+.,/-])(?<!\d[ -])(?:06[ -]{1,3}\d(?:[ ]?\d){7}|04[5-9]\d[ /-]\d(?:[ .]?\d){5}|08[3-9][ -]\d{3}[ -]?\d{4}|06[5-9]\d[ /-]{1,3}\d(?:[ ]?\d){6,7})(?![\w-]|[ ]\d)"
)
#: An area code in brackets, or three groups as in North America.
_AMERICAN = re.compile(
    r"(?<![\w+(-])(?:\+?1[ .-]?)?(?:\([2-9]\d{2}\)[ .-]?[2-9]\d{2}[ .-]\d{4}|[2-9]\d{2}([.-])[2-9]\d{2}\1\d{4})(?![\w-])"
)
_BRAZILIAN = re.compile(r"(?<![\w+(-])\(?(?:[1-9]{2}\)[ ]?|[1-9]{2}[ ](?=9))9?\d{4}-\d{4}(?![\w-])")
_SPACED = re.compile(r"(?<![\d.,/+-])0(?:([ .-])\d)(?:\1\d){7,10}(?![\w]|[ .-]\d)")
_ENOUGH_DIGITS = re.compile(r"\d(?:\D{0,3}\d){6}")
_INTERNATIONAL = re.compile(
    r"(?<![\w+])(?:\(\+[1-9]\d{0,2}\)|(?:\+|00)[ ]?[1-9])(?:[ \u00a0\u202f().\u2011/-]{0,2}\d){6,13}(?!\d)"
)
_DIGITS = r"[+(]{0,2}\d(?:[ \u00a0\u202f()./_\u2011-]{0,3}\d){6,13}(?!\w|[-./ ]{1,2}\d|-\w)"
_ANY = re.compile(rf"(?<![\w@.,+-])(?<!\w/){_DIGITS}")
#: Between two of them.
_LISTED = re.compile(r"\s*(?:[/;,&]|ou|et|or|and|oder|und|o|y|e|of|en|ou)\s*", re.IGNORECASE)
#: Words that a number follows.
_BEFORE = re.compile(
    r"(?<!\w)(?:tel(?:l)?\.?|tele(?:ph|f)on\w*|telemovel|phone|port\.?|portable|mobi\w+|movil|cell?\.?|cel\.?|tfn?o\.?|tlm\.?|tlf\.?|tlfn?\.?|cell(?:phone|ulare)?|celular|gsm|natel|handy\w*|fixe?|fixo|fijo|fisso|"
    r"festnetz\w*|landline|vaste lijn|ligne|line|linea|linha|fax|whatsapp|zap|sms|text(?:o|me)?|joindre|joignable|[ck]onta[ck]?t+\w*|trova\w*|raggiungibil\w*|reperibil\w*|localizable|estoy en|estou n[oa]|appel\w*|rappel\w*|phoner?|call(?:back)?|ring|reach|dial|"
    r"llam\w*|chiam\w*|bel|bellen|lig(?:ar|ue|uem)|ruf\w*|anruf\w*|zuruck\w*|ruckruf\w*|erreichbar|bereikbaar|gsm-?nummer|"
    r"home|work|werk|arbeit|trabajo|lavoro|trabalho|travail|office|domicile|bureau|casa|buro|thuis|privat|c'est|perso)(?!\w)[^\d+(\n]{0,28}$"
)
#: Words that say little by themselves: not where an order or a product is spoken of.
_NUMBER = re.compile(r"(?<!\w)(?:numero|num|n°|nummer|number|no\.)(?!\w)[^\d+(\n]{0,28}$")
#: Five pairs, all parted by the same sign: nothing else is written so.
_SECOND = re.compile(r"\d\d\s?/\s?(?P<found>0[1-9](?:[ .]?\d\d){4})(?![\w/])")
_PAIRS = re.compile(r"(?:0[1-9]|(?:\+|00)\W?33\W*(?:\(0\))?\W*[1-9])(\W{0,3})\d\d(?:\1\d\d){3}")
_AFTER = re.compile(
    r"^[\s,:)(»\"]{0,4}(?:c'?est|is|ist|es|e|est|mon|my|mein|mi|il|mijn|meu|o)?\s?(?:(?:il|la|el|o|a) )?(?:mon|my|meine?|mi|mi[oa]|mijn|meu|le mien|minha)?\s?"
    r"(?:num\w*|tel\w*|port\w*|mobi\w+|movil|phone|cell\w*|handy\w*|fixe|natel|gsm|number|nummer|whatsapp)(?!\w)"
)
#: Numbers that no person has: free, shared, premium, one for a whole country.
_OF_COMPANIES = {
    PhoneNumberType.TOLL_FREE, PhoneNumberType.SHARED_COST, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.UAN, PhoneNumberType.VOICEMAIL,
}  # fmt: skip
_FRENCH_SERVICE = re.compile(r"0[ .-]?(?:8[ .-]?(?:[0129]|\d[ .-]?\d)|9[ .-]?69)")
#: A machine on the internet.
_MACHINE = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_MIN_DIGITS = 8
_PHRASE_BEGINS, _PHRASE_ENDS = re.compile(r"(?:^|[\n,.:;!?])[^\S\n]*$"), re.compile(r"[^\S\n]*(?:[.,;!?)\n]|$)")
_SIGHT_CHARS = 45
_GROUPED = phonenumbers.Leniency.STRICT_GROUPING
#: How many stretches of figures are looked at that turn out not to be a number.
_MAX_TRIES = 40
#: What one rule asks of a number, the next ones ask again: so many answers are remembered.
_REMEMBERED = 64
#: Nobody groups a number so; and slashes part an area code, or pairs all through.
_ODD = re.compile(r"0\d{3} \d{4} \d\d|(?:19|20)\d\d[/-]\d{3,}|(?!\d\d(?:/\d\d)+$)\d[^/]*/[^/]*/.*")
_DATE_LIKE = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-](?:\d\d){1,2}\b|(?:19|20)\d\d\s?[-/]\s?(?:19|20)\d\d\b|\d{4}-\d\d-\d\d"
)


def written_as_phones(text: str, region: str, language: str | None) -> Iterator[PersonalData]:
    """Those whose very form says so: pairs of figures as the French write them, or a country code."""
    for match in _INTERNATIONAL.finditer(text):
        written = match.group()
        if written[0] != "0" and _is_possible(written) and not _is_service(written, ()):
            yield PersonalData("phone", match.start(), match.end())
    yield from (one for one in _french(text, ("FR",)) if not text[one.start : one.end].isdigit())
    for form in (_AMERICAN, _BRAZILIAN, _SPACED, _GERMAN, _MOBILE):
        for match in form.finditer(text):
            if not speaks_of(text, match.start()) and not _is_service(match.group(), ("US",)):
                yield PersonalData("phone", match.start(), match.end())
    yield from _named(text, tuple(dict.fromkeys((*_REGIONS.get(language or "", ()), region))))


def phones(text: str, region: str, language: str | None) -> Iterator[PersonalData]:
    """Every number, by the rules of ``region`` and of where ``language`` is spoken."""
    if not _ENOUGH_DIGITS.search(text):
        return
    homes = tuple(dict.fromkeys((*_REGIONS.get(language or "", ()), region)))
    yield from _french(text, homes)
    for match in _BRITISH.finditer(text):
        if not _is_service(match.group(), homes):
            yield PersonalData("phone", match.start(), match.end())
    for match in _INTERNATIONAL.finditer(text):
        if _is_possible(match.group()) and not _is_service(match.group(), ()):
            yield PersonalData("phone", match.start(), match.end())
    for home in homes:
        for number in phonenumbers.PhoneNumberMatcher(text, home, _GROUPED, _MAX_TRIES):
            if _may_be_one(text, number):
                yield PersonalData("phone", number.start, number.end)
    yield from _alone(text, homes)


def _alone(text: str, homes: tuple[str, ...]) -> Iterator[PersonalData]:
    """« Grazie, 338 59 65 804 »: grouped as nobody prescribes, but valid where one speaks so, and a phrase of its own."""
    plain = folded(text)
    for match in islice(_ANY.finditer(text), _MAX_TRIES):
        stands_alone = _PHRASE_BEGINS.search(plain[: match.start()]) and _PHRASE_ENDS.match(plain, match.end())
        if not stands_alone or match.group().isdigit() or _DATE_LIKE.match(match.group()):
            continue
        if _ODD.fullmatch(match.group()) or _MACHINE.fullmatch(match.group()) or _is_service(match.group(), homes):
            continue
        if _is_valid(match.group(), homes[:1]) and in_sentence(plain[: match.start()][-_SIGHT_CHARS:])[0] is None:
            yield PersonalData("phone", match.start(), match.end())


def _french(text: str, homes: tuple[str, ...]) -> Iterator[PersonalData]:
    for match in _FRENCH.finditer(text):
        said = says_product(text, match.start()) or speaks_of(text, match.start())  # « polizza 0311 8827 55 »
        sure = _PAIRS.fullmatch(match.group()) or not said
        if sure and not _is_service(match.group(), homes):
            yield PersonalData("phone", match.start(), match.end())


def _named(text: str, homes: tuple[str, ...]) -> Iterator[PersonalData]:
    """Those that a word says to be one, however they are grouped, and those that are listed with them."""
    plain, last = folded(text), 0
    for match in islice(_ANY.finditer(text), _MAX_TRIES):
        number = match.group()
        if number[0] not in "0+(" and sum(sign.isdigit() for sign in number) < _MIN_DIGITS:
            continue
        if (
            _DATE_LIKE.match(number)
            or _ODD.fullmatch(number)
            or _is_service(number, homes)
            or speaks_of(text, match.start())
        ):
            continue
        listed = last and _LISTED.fullmatch(plain[last : match.start()])
        if listed or _is_said(plain, match, homes):
            last = match.end()
            yield PersonalData("phone", match.start(), match.end())
    for match in _SECOND.finditer(text):
        yield PersonalData("phone", match.start("found"), match.end("found"))


def _is_said(plain: str, match: re.Match[str], homes: tuple[str, ...]) -> bool:
    before, number = plain[max(0, match.start() - _SIGHT_CHARS) : match.start()], match.group()
    if _BEFORE.search(before) or _AFTER.match(plain[match.end() : match.end() + _SIGHT_CHARS]):
        return True
    likely = number[0] in "0+(" or _is_valid(number, homes)
    return likely and bool(_NUMBER.search(before)) and in_sentence(before)[0] is None


def _may_be_one(text: str, number: phonenumbers.PhoneNumberMatch) -> bool:
    """Not a date, not a short number, not a service's, not what the text says is a product's."""
    raw = number.raw_string
    digits = sum(sign.isdigit() for sign in raw)
    return (
        digits >= _MIN_DIGITS
        and not _DATE_LIKE.match(raw)
        and not _ODD.fullmatch(raw)
        and phonenumbers.number_type(number.number) not in _OF_COMPANIES
        and not says_product(text, number.start)
        and says_after(folded(text), number.end) is None
    )


@lru_cache(_REMEMBERED)
def _is_service(written: str, homes: tuple[str, ...]) -> bool:
    """Whether it is a number of the kind that only companies have, in the first country where it is one at all."""
    if _FRENCH_SERVICE.match(written) and homes[:1] == ("FR",):
        return True
    if not homes:
        homes = ("FR",)
    for home in homes:
        try:
            number = phonenumbers.parse(written.replace("(0)", ""), home)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.number_type(number) in _OF_COMPANIES
    return False


@lru_cache(_REMEMBERED)
def _is_valid(written: str, homes: tuple[str, ...]) -> bool:
    for home in homes:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(written, home)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False


@lru_cache(_REMEMBERED)
def _is_possible(written: str) -> bool:
    number = written.replace("(0)", "").strip("(")
    number = number if number[0] == "+" else "+" + number[2:]
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number.replace(")", ""), None))
    except phonenumbers.NumberParseException:
        return False
