"""Numbers that a checksum settles: bank accounts, payment cards, French social security."""

from __future__ import annotations

import re
from collections.abc import Iterator

from comptoir.understanding.folding import folded, searchable
from comptoir.understanding.personal_data.kinds import GAP, PersonalData
from comptoir.understanding.personal_data.meanings import SIGHT_CHARS, adjacent

_IBAN = re.compile(rf"(?<![A-Za-z0-9])[A-Z]{{2}}{GAP}?\d{{2}}(?:{GAP}?[A-Z0-9]){{11,30}}(?![A-Z0-9])", re.IGNORECASE)
_IBAN_LENGTHS = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "BR": 29, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18,
    "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21,
    "MA": 28, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24,
    "TR": 26, "UA": 29, "SN": 28, "CI": 28, "MU": 30, "IL": 23, "AE": 23, "SA": 24,
}  # fmt: skip
_CARD = re.compile(rf"(?<![\d.,A-Za-z+-])(?:[3-6]|2[2-7])(?:{GAP}?\d){{11,18}}(?!\d|-\d)")
#: What the card schemes issue: first figures, and how many there are.
_CARD_LENGTHS = (
    ("4", (13, 16, 19)), *((str(first), (16,)) for first in range(51, 56)), *((str(first), (16,)) for first in range(2221, 2721)),
    ("34", (15,)), ("37", (15,)), ("36", (14,)), ("38", (14,)), ("30", (14,)), ("35", (16,)), ("62", (16, 17, 18, 19)),
    ("60", (16, 19)), ("64", (16,)), ("65", (16,)), ("50", (16, 18, 19)), ("56", (16,)), ("57", (16,)), ("58", (16,)), ("59", (16,)), ("63", (16, 18, 19)), ("67", (16, 18, 19)),
)  # fmt: skip
_KEY = r"(?:\s{0,2}(?:[/|+-]|,?\s?\(?(?:cl[ée]|key))\s?:?\s{0,2}\d\d\)?)?"
_NIR = re.compile(
    rf"(?<![\dA-Za-z])[1-478](?:{GAP}?\d){{4}}{GAP}?(?:\d{GAP}?\d|2{GAP}?[ABab])(?:{GAP}?\d){{6}}(?:(?:{GAP}{{0,2}}|\s?[/|]\s?|\s?\(?cl[ée]\s?:?\s?)\d{GAP}?\d\)?)(?!\d)"
)
_NIR_WORDS = r"s[ée]cu\w*|securite sociale|\bnir\b|\bn(?:um[ée]ro|[°o])\s?(?:de\s)?ss\b|\bss\b|\bvitale|\binsee\b|\bassur[ée]\w*|\bimmatricul\w*|social\ssecurity"
_SHORT_NIR = re.compile(
    rf"(?:{_NIR_WORDS})[^\d\n]{{0,35}}"
    rf"(?P<found>[1-478](?:{GAP}?\d){{4}}{GAP}?(?:\d{GAP}?\d|2{GAP}?[AB])(?:{GAP}?\d){{6}}(?!{GAP}?\d){_KEY})(?!{GAP}?\d)",
    re.IGNORECASE,
)
#: Of neighbours: Belgium (modulo 97), Switzerland (EAN-13 from 756), Canada (Luhn) and the United States, named.
_BELGIAN = re.compile(r"(?<![\d.+])\d\d[. ]?\d\d[. ]?\d\d[- .]?\d{3}[. -]?\d\d(?![\d])")
_SWISS = re.compile(r"(?<![\d.])756[. ]?\d{4}[. ]?\d{4}[. ]?\d\d(?!\d)")
_FOREIGN_WORDS = (
    r"\bniss\b|\binsz\b|registre national|rijksregister\w*|num[ée]ro national|\bssn\b|social\ssecurity(?:\s(?:number|no\.?))?|\bnas\b|assurance sociale|\bavs\b|\bahv\b|sozialversicherungs\w*|"
    r"\brvnr\b|seguridad social|\bnuss\b|seguran[çc]a social|\bniss\b"
)
_NAMED_FOREIGN = re.compile(
    rf"(?:{_FOREIGN_WORDS})[^\d\n]{{0,20}}(?P<found>\d(?:[ .\-/]?\d){{8,12}}(?!\d)|\d\d ?\d{{6}} ?[A-Z] ?\d{{3}}(?!\w))",
    re.IGNORECASE,
)
#: The same words in small letters without accents, which are found in a tenth of the time.
_ANY_WORD = re.compile(folded(rf"{_NIR_WORDS}|{_FOREIGN_WORDS}"))


def bare(number: str) -> str:
    """Its letters and figures alone, the letters large."""
    return re.sub(r"[^0-9A-Za-z]", "", number).upper()


def passes_luhn(number: str) -> bool:
    """Whether the last figure is what ISO/IEC 7812 makes of the others."""
    digits = [int(sign) for sign in number if "0" <= sign <= "9"]
    doubled = [digit if place % 2 == 0 else sum(divmod(digit * 2, 10)) for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


#: A shop's, a club's or a railway's card, which may pass for a payment card.
_LOYAL = re.compile(
    r"(?<!\w)(?:fidel|loyal|member|membre|adher|mitglied|kundenk|tessera|socio|lid(?:nr|nummer|maat)|klantenk|bonusk|bahncard|railcard|club ?card|"
    r"navigo|chipkaart|payback|grand voyageur|frequent flyer|cartafreccia)"
)


def _is_named_otherwise(text: str, place: int) -> bool:
    before = folded(text[max(0, place - SIGHT_CHARS) : place])
    said = adjacent(before)
    return said == "order" or (said == "customer" and bool(_LOYAL.search(before[-40:])))


def ibans(text: str) -> Iterator[PersonalData]:
    """Bank accounts. What only begins like one (« au 06 12 34… ») does not swallow the one behind it."""
    place = 0
    while match := _IBAN.search(text, place):
        end = _iban_end(match)
        if end is not None:
            yield PersonalData("iban", match.start(), end)
        place = match.start() + 1 if end is None else end


def _iban_end(match: re.Match[str]) -> int | None:
    """Where it ends: the word after one may look like a further group."""
    length = _IBAN_LENGTHS.get(bare(match.group())[:2])
    if length is None:
        return None
    for end in range(match.end(), match.start() + 14, -1):
        if end < match.end() and match.string[end].isalnum():
            continue
        number = bare(match.string[match.start() : end])
        if len(number) == length and _passes_97(number) and match.string[end - 1].isalnum():
            return end
    return None


def _passes_97(number: str) -> bool:
    if not 15 <= len(number) <= 34 or not number.isascii():
        return False
    return int("".join(str(int(sign, 36)) for sign in number[4:] + number[:4])) % 97 == 1


def cards(text: str) -> Iterator[PersonalData]:
    """Payment cards."""
    for match in _CARD.finditer(text):
        number = bare(match.group())
        issued = any(number.startswith(first) and len(number) in lengths for first, lengths in _CARD_LENGTHS)
        if issued and len(set(number)) > 1 and passes_luhn(number) and not _is_named_otherwise(text, match.start()):
            yield PersonalData("card", match.start(), match.end())


def social_security_numbers(text: str) -> Iterator[PersonalData]:
    """French ones: with their key, or named as such without it; and those of neighbours."""
    for match in _NIR.finditer(text):
        if _is_nir(match.group()):
            yield PersonalData("nir", match.start(), match.end() - match.group().endswith(")"))
    is_named = _ANY_WORD.search(searchable(text))
    for match in _SHORT_NIR.finditer(text) if is_named else ():
        number = bare(match["found"])
        if len(re.sub(r"(?:CL|KEY).*", "", number)) in (13, 15) and (
            len(number) == 13 or _is_nir(match["found"])
        ):  # the key is not given; one that is wrong makes it somebody's mistake
            yield PersonalData("nir", match.start("found"), match.end("found"))
    for match in _BELGIAN.finditer(text):
        if not match.group().isdigit() and _is_belgian(bare(match.group())):
            yield PersonalData("nir", match.start(), match.end())
    for match in _SWISS.finditer(text):
        if not match.group().isdigit() and is_article(bare(match.group())):
            yield PersonalData("nir", match.start(), match.end())
    for match in _NAMED_FOREIGN.finditer(text) if is_named else ():
        yield PersonalData("nir", match.start("found"), match.end("found"))


def _is_belgian(number: str) -> bool:
    """With a birthday in front (of numbers given otherwise the month is moved by 20 or 40), and its key behind."""
    month, day = int(number[2:4]), int(number[4:6])
    if month % 20 > 12 or month > 52 or day > 31:
        return False
    return any(int(century + number[:9]) % 97 == 97 - int(number[9:]) for century in ("", "2"))


def is_article(number: str) -> bool:
    """Whether thirteen figures are those of a product's bar code (EAN-13)."""
    if len(number) != 13 or not number.isdigit():
        return False
    weighed = sum(int(sign) * (3 if place % 2 else 1) for place, sign in enumerate(number[:12]))
    return (10 - weighed % 10) % 10 == int(number[12])


def _is_nir(written: str) -> bool:
    number = re.sub(r"CLE?|KEY", "", bare(written))
    month = number[3:5]
    if not ("01" <= month <= "12" or month >= "20"):
        return False
    body = number[:13].replace("2A", "19").replace("2B", "18")
    return body.isdigit() and len(number) == 15 and number[13:].isdigit() and int(number[13:]) == 97 - int(body) % 97


def looks_like_iban(code: str) -> bool:
    """Whether it has a country and a length of one: then its checksum has failed, and it is somebody's mistake."""
    number = bare(code)
    return _IBAN_LENGTHS.get(number[:2]) == len(number) and number[2:4].isdigit()
