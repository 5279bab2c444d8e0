"""Numbers of people and companies at the tax office, and of identity papers that serve as such."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from comptoir.understanding.folding import searchable
from comptoir.understanding.personal_data.checked import bare, passes_luhn
from comptoir.understanding.personal_data.kinds import GAP, PersonalData
from comptoir.understanding.personal_data.meanings import speaks_of

_BEFORE, _AFTER = r"(?<![\dA-Za-z])", r"(?![\dA-Za-z])"


def _is_french(number: str) -> bool:
    return int(number[:10]) % 511 == int(number[10:])


def _is_cpf(number: str) -> bool:
    digits = [int(sign) for sign in number]
    if len(set(digits)) == 1:
        return False
    for length in (9, 10):
        total = sum(digit * (length + 1 - place) for place, digit in enumerate(digits[:length]))
        if total * 10 % 11 % 10 != digits[length]:
            return False
    return True


def _is_dni(number: str) -> bool:
    body = number[:-1].replace("X", "0").replace("Y", "1").replace("Z", "2")
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(body) % 23] == number[-1]


def _is_german(number: str) -> bool:
    """ISO 7064, MOD 11,10."""
    product = 10
    for sign in number[:10]:
        total = (int(sign) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(number[10])


#: Form, and the checksum that tells it from any other number.
_CHECKED: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (re.compile(rf"{_BEFORE}[0-3](?:{GAP}?\d){{12}}{_AFTER}"), _is_french),
    (
        re.compile(rf"(?<!\+){_BEFORE}\d{{3}}(?:(?P<by>[. ])\d{{3}}(?P=by)\d{{3}}[- ]|\d{{6}}-?)\d{{2}}{_AFTER}"),
        _is_cpf,
    ),
    (
        re.compile(rf"{_BEFORE}(?:\d{{2}}\.?\d{{3}}\.?\d{{3}}|[XYZ]{GAP}?\d{{7}}){GAP}?[A-Z]{_AFTER}", re.IGNORECASE),
        _is_dni,
    ),
    (
        re.compile(
            rf"{_BEFORE}[A-Z]{{3}} ?[A-Z]{{3}} ?\d\d ?[A-EHLMPR-T] ?\d\d ?[A-Z] ?\d{{3}} ?[A-Z]{_AFTER}", re.IGNORECASE
        ),
        lambda number: True,
    ),
    (re.compile(rf"{_BEFORE}\d{{2}}\.\d{{3}}\.\d{{3}}/\d{{4}}-\d{{2}}{_AFTER}"), lambda number: True),
    (re.compile(rf"{_BEFORE}[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?: \d\d){{3}} [A-D]{_AFTER}"), lambda number: True),
    (re.compile(rf"{_BEFORE}NL\d{{9}}B\d\d{_AFTER}", re.IGNORECASE), lambda number: True),
    (
        re.compile(rf"{_BEFORE}\d{{3}}[ ]?\d{{3}}[ ]?\d{{3}}[ ]?\d{{5}}{_AFTER}"),
        lambda number: passes_luhn(number) and passes_luhn(number[:9]),
    ),
    (
        re.compile(rf"{_BEFORE}FR{GAP}?\d\d{GAP}?\d{{3}}{GAP}?\d{{3}}{GAP}?\d{{3}}{_AFTER}"),
        lambda number: passes_luhn(number[4:]),
    ),
)

_LABEL = (
    r"[^\dA-Za-z\n]{0,4}(?:(?:PT|ES|FR|IT|BE|UE|EU)\s)?(?:n(?:um[ée]ro|[úu]mero|umero|o|[°ºᵒr])?\.?|number|nummer|no|nr|id|est|is|le|code|:)?[^\dA-Za-z\n]{0,4}"
    r"(?:(?:est|is|ist|es|è|é|lautet|était|was|war|:)\s{0,2})?(?:le\s)?(?::\s?)?"
)


def _named(words: str, form: str, *needed: str) -> tuple[tuple[str, ...], re.Pattern[str]]:
    return needed, re.compile(rf"(?:{words}){_LABEL}{_BEFORE}(?P<found>{form}){_AFTER}", re.IGNORECASE)


#: What only the word before it makes one; last, what one of its words must have, in small letters without accents.
_NAMED = (
    _named(r"num[ée]ro\s+fiscal|n[°ºo]\s?fiscal|identifiant\s+fiscal|r[ée]f[ée]rence\s+fiscale|r[ée]f\.?\s+fiscale|\bspi\b|num[ée]ro\s+d['’]imp[ôo]ts?|t[ée]l[ée]d[ée]clarant", rf"[0-3](?:{GAP}?\d){{12}}", "fiscal", "spi", "imp", "clarant"),
    _named(r"\bsiret\b", rf"\d(?:{GAP}?\d){{13}}", "siret"),
    _named(r"\bsiren\b", rf"\d(?:{GAP}?\d){{8}}", "siren"),
    _named(r"\btva(?:\s+intra(?:communautaire)?)?\b|\bvat\b|\biva\b|\bbtw(?:-?(?:nummer|nr))?\b|\bust-?id(?:-?nr)?\.?|\bmwst\b|\bnum[ée]ro\sd['’]entreprise|\bbce\b|\bkbo\b|\buid\b", rf"[A-Z]{{2,3}}{GAP}?(?=[A-Z]{{0,2}}\d)[A-Z0-9]{{2,4}}(?:{GAP}?(?=[A-Z]{{0,3}}\d)[A-Z0-9]{{2,9}}){{1,4}}|[01]\d{{3}}\.\d{{3}}\.\d{{3}}", "tva", "vat", "iva", "btw", "ust", "mwst", "entreprise", "bce", "kbo", "uid"),
    _named(r"(?:\bsteuer(?:liche)?[- ]?)(?:id(?:entifikations)?-?(?:nummer|nr)?|nummer|nr)\b\.?|\bidnr\b\.?|\btin\b|\bst\.?-?nr\b\.?", r"\d(?:[ /]?\d){9,12}", "steuer", "idnr", "tin", "nr"),
    _named(r"\bpartita\s+iva\b|\bp\.?\s?iva\b", r"(?:IT ?)?\d{11}", "iva"),
    _named(r"\bcodice\s+fiscale\b|\bc\.?f\.?(?=\W)", r"[A-Z]{3} ?[A-Z]{3} ?[A-Z0-9]{2} ?[A-Z0-9]{3} ?[A-Z0-9]{4,5}|[A-Z0-9]{16}|\d{11}", "codice", "cf", "c.f"),
    _named(r"\bdni\b|\bnie\b|\bnif\b|\bcif\b|\bcontribuintes?\b|\bcontribuyente\b|\bidentifica[çc][ãa]o\sfiscal\b", rf"[A-Z]?{GAP}?\d(?:{GAP}?\d){{6,8}}{GAP}?[A-Z]?", "dni", "nie", "nif", "cif", "contribu", "identifica"),
    _named(r"\bcnpj\b", r"\d(?:[ ./-]?\d){13}", "cnpj"),
    _named(r"\bbsn(?:-?(?:nummer|nr))?\b|\bburgerservicenummer\b|\bsofi-?nummer\b", rf"\d(?:{GAP}?\d){{7,8}}", "bsn", "burgerservice", "sofi"),
    _named(r"\butr\b|tax(?:payer)?\s+(?:number|id|reference|ref|code)|unique\staxpayer\sreference|national\s+insurance|\bn\.?i\.?(?=\W)|\bnino?\b|\bpps(?:n)?\b|\bein\b", rf"[A-Z]{{2}}(?:{GAP}?\d){{6}}{GAP}?[A-D]|\d{{7}}[A-Z]{{1,2}}|\d(?:{GAP}?\d){{8,12}}", "utr", "tax", "national", "ni", "n.i", "pps", "ein"),
)  # fmt: skip
_GERMAN = re.compile(rf"{_BEFORE}[1-9]\d(?: ?\d{{3}}){{3}}{_AFTER}")
_SPEAKS_OF_TAX = re.compile(r"steuer|finanzamt|freistellung", re.IGNORECASE)


def tax_numbers(text: str) -> Iterator[PersonalData]:
    """Those with a checksum wherever they stand, the others after their name."""
    yield from _after_their_name(text)
    for form, is_one in _CHECKED:
        for match in form.finditer(text):
            if is_one(bare(match.group())) and not speaks_of(text, match.start()):
                yield PersonalData("tax", match.start(), match.end())
    if _SPEAKS_OF_TAX.search(text):
        for match in _GERMAN.finditer(text):
            if _is_german(bare(match.group())):
                yield PersonalData("tax", match.start(), match.end())


def _after_their_name(text: str) -> Iterator[PersonalData]:
    plain = searchable(text)
    for needed, form in _NAMED:
        if not any(word in plain for word in needed):
            continue
        for match in form.finditer(text):
            if len(bare(match["found"])) < 8 or sum(sign.isdigit() for sign in match["found"]) < 6:
                continue
            yield PersonalData("tax", match.start("found"), match.start("found") + len(match["found"].rstrip()))
