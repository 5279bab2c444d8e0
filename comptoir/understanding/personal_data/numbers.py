"""Numbers of orders and customers: any company's form, told by the words around them (rules/numbers.toml)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from comptoir.understanding.folding import folded
from comptoir.understanding.personal_data.checked import is_article, looks_like_iban
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

#: The Universal Postal Union's form for parcels and registered letters (S10).
_PARCEL = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[ ]?(?:\d[ ]?){9}[A-Z]{2}(?![A-Za-z0-9])")
#: Carriers and names of numbers, which are no part of them.
_NO_PREFIX = (
    r"(?:DPD|UPS|GLS|DHL|TNT|EMS|BRT|FR|SEPA|PNR|BSN|BTW|NIF|NIE|DNI|CIF|CPF|IBAN|RIB|NIR|CUPS|POD|PDR|CPE|PDL|PCE|PRM|SPI|UTR|REF|"
    r"NR|NO|ID|TEL|NUM|CB|SMS|PO|N|LE|LA|MON|MY|IS|EST|DU|DE)\b"
)
_CODE = re.compile(
    rf"(?<![\w@.€£$\\-])(?<!&#)(?:(?!{_NO_PREFIX})(?:[A-Z]{{2,4}}|[B-DF-HJ-MP-XZ])[ ])?(?=[A-Za-z0-9/_.-]{{0,60}}\d)[A-Za-z0-9]+(?:[-/_.][A-Za-z0-9]+)*"
    r"(?:[ \u00a0\u202f]\d{2,}(?![\w]{0,30}\s?(?:€|%|euros?\b|h\b|min\b|jours?\b|kg\b|cm\b|km\b)))*"
    r"(?:(?<=\d)[ ][A-Z]{1,2}(?![\w'’])|(?<=\d\d\d)[ ]\d(?!\w))?(?![\w@])"
)
#: A date, a time, an amount twice over.
_DATE = re.compile(
    r"(?P<same>\d{2,4})(?: (?P=same))+|(?:[01]\d|2[0-3]) [0-5]\d|\d+(?:st|nd|rd|th)(?: \d{4})?|\d+[.,]\d+(?: [A-Z]{2})?|\d+x(?: ?\d+)?|(?:0?[1-9]|[12]\d|3[01])[/.-](?:0?[1-9]|1[0-2])(?:[/.-](?:\d\d){1,2})?|(?:19|20)\d\d-\d\d-\d\d(?:T\d\d)?|(?:19|20)\d\d(?:[-/](?:19|20)?\d\d)?|\d{1,2}[h:]\d{0,2}|\d{1,2}[./]\d{4}",
    re.IGNORECASE,
)
_AMOUNT_AFTER = re.compile(
    r"[ \u00a0\u202f]?(?:€|\$|£|%|°(?!\w)|(?:euros?|eur|cts?|centimes|dollars?|pounds?|chf|kg|g|cm|mm|m|km|ml|cl|l|go|gb|mo|mb|kwh|kw|w|v|h|min|mn|"
    r"jours?|days?|tage[n]?|d[íi]as|giorni|dagen|dias|ans|years?|mois|semaines?|heures?|fois|x|pi[èe]ces?|personnes?|places?|pages?|points?|miles|followers|m²|m2)(?![\w-]))",
    re.IGNORECASE,
)
_AMOUNT_BEFORE = re.compile(r"(?:€|\$|£|(?<!\w)(?:eur|chf))\s?$", re.IGNORECASE)
_FLIGHT = re.compile(r"(?:[A-Z]{2}\s?)?\d{3,4}")
_TRAVELS = re.compile(
    r"(?<!\w)(?:vols?|vuelo|volo|voo|flight|flug|vlucht|train|tgv|ter|ice|ave|zug|trein|tren|treno|comboio)\W{0,3}$", re.IGNORECASE
)  # fmt: skip
#: What another kind would have taken, had its checksum been right; and a machine on the internet.
_FAILED = re.compile(
    r"\d{1,3}(?:\.\d{1,3}){3}|\d{4}(?:[ -]\d{4}){3}|\d(?: \d{2}){3} \d{3} \d{3} \d{2}|(?:CPF )?\d{3}\.\d{3}\.\d{3}-\d\d",
    re.IGNORECASE,
)
_PRODUCT_LIKE = re.compile(r"\d+[A-Za-z]{1,3}|[A-Za-z]{1,2}\d{1,2}|\d+x\d+(?:x\d+)?", re.IGNORECASE)
_RECORD = re.compile(r"(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{6}")
#: A booking's locator of letters alone, where its name stands before it.
_LOCATOR = re.compile(
    r"(?<!\w)(?i:pnr|r[ée]sa(?:rvation|\.)?|r[ée]servation|dossier(?:\s(?:de\s)?voyage)?|booking(?:\s(?:ref\w*|code|number))?|localizador|buchung(?:s(?:code|nummer))?|codice(?:\sdi)?\sprenotazione|"
    r"boekings(?:code|nummer)|c[óo]digo\sde\sreserva)(?:\s?[:#=]|\s(?i:n°|num[ée]ro|est|is|ist|is|es|è))?\s(?P<found>[A-Z]{6}|(?=[A-Z ]{0,6}\d)(?=[\d ]{0,6}[A-Z])[A-Z\d]{3} [A-Z\d]{3})(?![\w'’])"
)
#: A court's or an authority's: two figures, letters, a running number and a year.
_FILE = re.compile(r"(?<!\w)\d{1,3} [A-Z]{1,3} \d{1,5}/\d{2,4}(?!\w)")
#: What shops begin their numbers with.
_OWN_PREFIX = re.compile(
    r"(?:CMD|CDE|ORD|ORDER|REF|INC|RMA|BK|RES|PO|SAV|CLM|BC|RET|TRK|CASE|REQ|RDV|BEST|PED|ENC)[-_/]?\d{4,}[\w/-]*"
)
#: Letters and a long running number, in one piece or several, as few products are called.
_RUNNING = re.compile(
    r"(?=(?:[A-Z/-]*\d){6})(?:[A-Z]{1,4}[-/]?\d{2,}(?:[-/]\d{2,}){0,3}(?:[-/]?[A-Z]{1,2})?|\d{6,}[-/][A-Z]{1,3})"
)
_LABEL = re.compile(r"(?:(?<!\w)(?:n°|nº|numero|num|nr|no|number|nummer)\.?|#)\W{0,3}$")
_AND = re.compile(r"\s*(?:,|/|;|&|\+|et|and|und|y|e|en|ou|or|oder|o|puis)\s+(?:(?:le|la|n°)\s?)?$", re.IGNORECASE)
#: What stands in the address of a page is that page's.
_WEB_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"«»]+|(?<![\w@.])(?:[\w-]{1,63}\.){1,4}[a-z]{2,24}(?::\d+)?/[^\s<>\"«»]*", re.I
)
_FAR_CHARS = 6
_NEAR_CHARS = 45
#: Letters that stand apart from the groups of figures behind them, and sometimes a country's after these.
_LETTERED = re.compile(
    rf"(?<![\w@.€£$/'’-])(?!{_NO_PREFIX.replace('FR|', '').replace('DE)', 'XX)')})[A-Z]{{1,3}} [A-Z]?\d[\dA-Z]{{0,19}}(?:[ ./-][A-Z]?\d[\dA-Z]{{0,19}}){{0,5}}(?: [A-Z]{{1,2}})?(?![\w@'’])"
)
#: « where is … »: whoever asks so of a number asks for a parcel or an order.
_WHERE = re.compile(
    r"(?<!\w)(?:ou (?:en )?(?:est|sont|reste)|where(?:'s| is| are)|wo (?:ist|bleibt|steckt|sind)|dov'?e'?|dove (?:e|sono)|waar (?:is|blijft|zijn)|"
    r"(?:por )?donde (?:esta|va|anda)|onde (?:esta|anda|para)|cade)\W{1,3}$"
)
#: « annulez … »: it is an order.
_CALLED_OFF = re.compile(
    r"(?<!\w)(?:annule[rz]?|cancel|anul[ae]\w*|cancel[ae]\w*|storn\w+(?: sie)?|annuleer|annull\w+)\W{1,3}(?:(?:bitte|please|aub)\W{1,3})?$"
)
#: Trains by the names of their kind.
_TRAIN = re.compile(r"(?:TGV|TER|RER|ICE?|RE|RB|AVE|EC|RJ|IR|OUIGO|THALYS)[ -]?\d{2,5}")
#: A meter's own number is long; what it shows is short.
_METER = re.compile(
    r"(?<!\w)(?:compteur|meter|zahler|contador|contatore|teller|medidor)\W{1,3}(?:(?:n|no|nr|num|numero|number|nummer)\W{0,3})?$"
)
_FIGURES = re.compile(r"\d{6,}|(?=(?:\d ?){9,})(?=(?:\d{2,3} )*\d{4})\d{2,5}(?: \d{2,5}){2,5}(?: \d)?")
_LEAST_OF_METER, _LEAST_LETTERED = 7, 6
#: What makers call their appliances by: letters, a size, letters, a running number. Who is asked for one says so before it.
_MAKERS = re.compile(r"[A-Z]{2,4}\d{2,3}[A-Z]{1,4}\d{2,5}[A-Z]{0,3}")
#: « résa NRW-8K2L »: fewer figures, behind letters that stand apart.
_DASHED = re.compile(r"[A-Z]{2,4}-(?=(?:[A-Z]*\d){2})(?=\d*[A-Z])[A-Z\d]{4,6}")
#: Fewer figures are no number, unless letters stand between them.
_LEAST_DIGITS = 3
#: « mon plafond à 3000 »: what something is raised, lowered or set to.
_SET_TO = re.compile(r"(?<!\w)(?:a|to|auf|op|ate|pour|fur|voor)\s$")
#: A text with more of them is a table, not a message.
_MAX_CODES = 200


def company_numbers(text: str, patterns: Sequence[tuple[Kind, re.Pattern[str]]]) -> Iterator[PersonalData]:
    """What the company's own patterns find: the group `number` where they have one, else all that matches."""
    for kind, pattern in patterns:
        for match in pattern.finditer(text):
            group = "number" if "number" in pattern.groupindex else 0
            if match.end(group) > match.start(group):
                yield PersonalData(kind, match.start(group), match.end(group))


def parcels(text: str) -> Iterator[PersonalData]:
    """Parcels and registered letters, by the form that the posts of the world have agreed on."""
    for match in _PARCEL.finditer(text):
        yield PersonalData("order", match.start(), match.end())


def named_numbers(text: str) -> Iterator[PersonalData]:
    """Those that directly follow the word that says what they are, and those that are listed with them."""
    plain = folded(text)
    for match in _LOCATOR.finditer(text):
        if text != text.upper():
            yield PersonalData("order", match.start("found"), match.end("found"))
    for match in _FILE.finditer(text):
        if adjacent(_before(plain, match)) == "order":
            yield PersonalData("order", match.start(), match.end())
    yield from _lettered(text, plain)
    last: PersonalData | None = None
    for match in _codes(text):
        kind = _said_before(plain, match)
        if kind is None and last is not None and _AND.fullmatch(text[last.end : match.start()]):
            kind = "order" if last.kind == "order" else "customer"
        if kind in ("order", "customer") and _may_be_number(match, named=True):
            last = PersonalData(kind, match.start(), match.end())
            yield last


def _lettered(text: str, plain: str) -> Iterator[PersonalData]:
    """« contrat n° A 5520 8841 »: where nothing but the word before tells that the letter belongs to it."""
    if text == text.upper():
        return
    for match in islice(_LETTERED.finditer(text), _MAX_CODES):
        kind = _said_before(plain, match)
        if kind in ("order", "customer") and _digits(match) >= _LEAST_LETTERED and not looks_like_iban(match.group()):
            yield PersonalData(kind, match.start(), match.end())


def _said_before(plain: str, match: re.Match[str]) -> Meaning | None:
    """What directly precedes a number says that it is."""
    before = _before(plain, match)
    if _METER.search(before):
        return "customer" if _digits(match) >= _LEAST_OF_METER else "none"
    if _WHERE.search(before):
        return "order" if _digits(match) >= _LEAST_LETTERED else None
    if _CALLED_OFF.search(before) and not _FLIGHT.fullmatch(match.group()):
        return "order"
    return adjacent(before)


def _digits(match: re.Match[str]) -> int:
    return sum(sign.isdigit() for sign in match.group())


def other_numbers(text: str) -> Iterator[PersonalData]:
    """Those that look like one, with a word in sight that says of what."""
    plain = folded(text)
    anywhere: list[Meaning] | None = None
    for match in _codes(text):
        behind = says_after(plain, match.end())
        if behind in ("order", "customer") and not in_sentence(_before(plain, match))[0]:
            if _may_be_number(match, named=True):
                yield PersonalData(behind, match.start(), match.end())
            continue
        if _is_near(plain, match) or not _may_be_number(match, named=False):
            kind = _near_kind(plain, match)
        else:
            anywhere = [one[2] for one in meanings(plain)] if anywhere is None else anywhere
            kind = _kind_in_sight(plain, match, anywhere)
        if kind in ("order", "customer"):
            yield PersonalData(kind, match.start(), match.end())


def _before(plain: str, match: re.Match[str]) -> str:
    return plain[max(0, match.start() - SIGHT_CHARS) : match.start()]


def _codes(text: str) -> Iterator[re.Match[str]]:
    """What may be a number, outside the addresses of pages."""
    found = [match for match in islice(_CODE.finditer(text), _MAX_CODES) if _is_long_enough(match)]
    pages = [match.span() for match in _WEB_ADDRESS.finditer(text)] if found else []
    for match in found:
        if not any(start < match.end() and match.start() < end for start, end in pages):
            yield match


def _is_long_enough(match: re.Match[str]) -> bool:
    """« 3 semaines », « iPhone 15 »: too few figures for whatever stands around."""
    code = match.group()
    return _digits(match) >= _LEAST_DIGITS or bool(_RECORD.fullmatch(code) or _DASHED.fullmatch(code))


def _is_near(plain: str, match: re.Match[str]) -> bool:
    """« la commande passée hier, 70881234 »: figures alone, enough of them, and the word in the same sentence."""
    kind, far = in_sentence(_before(plain, match))
    return kind in ("order", "customer") and far <= _NEAR_CHARS and bool(_FIGURES.fullmatch(match.group()))


def _is_labelled(plain: str, match: re.Match[str]) -> bool:
    """« n° 4521897 » where nothing says of what, and the text is not about a product."""
    label = _LABEL.search(_before(plain, match))
    said = in_sentence(_before(plain, match))[0] is None and not speaks_of_products(plain)
    return bool(label) and said and bool(re.fullmatch(r"[\w/-]*\d{5,}[\w/-]*", match.group()))


def _near_kind(plain: str, match: re.Match[str]) -> Meaning | None:
    """For what is too plain to be a number by itself: said to be near, a reference, or of a shop's own form."""
    code, named = match.group(), _may_be_number(match, named=True)
    if not named or is_article(code):
        return None
    if _is_near(plain, match):
        return in_sentence(_before(plain, match))[0]
    whose = len(code) < _FAR_CHARS and not speaks_of_travel(
        plain
    )  # « réf 4471 » may be anything's, « ref BS/4471 » not
    if _digits(match) >= 4 and is_referred(plain, match.start(), mine=whose):
        return "order"
    if _is_labelled(plain, match):
        return "order"
    return "order" if _OWN_PREFIX.fullmatch(code) and in_sentence(_before(plain, match))[0] != "none" else None


def _kind_in_sight(plain: str, match: re.Match[str], anywhere: list[Meaning]) -> Meaning | None:
    found, code = meanings(_before(plain, match)), match.group()
    if found and found[-1][2] == "none" and len(code) >= _FAR_CHARS and is_referred(plain, match.start(), mine=False):
        return "order"  # « the invoice for my stay of May, ref BS/4471 »: its own word is nearer
    if _is_locator(code) and speaks_of_travel(plain) and not adjacent(_before(plain, match)):
        return "order"
    if found:
        return found[-1][2]
    if _OWN_PREFIX.fullmatch(code) or is_referred(plain, match.start(), mine=not _RECORD.fullmatch(code)):
        return "order"
    if _RECORD.fullmatch(code) and "order" not in anywhere:
        return None
    if _RUNNING.fullmatch(code) and not speaks_of_products(plain):
        return "order"
    if speaks_of_matters(plain) and not (speaks_of_products(plain) or speaks_of_travel(plain)):
        return "order"
    if anywhere:
        return "order" if "order" in anywhere else anywhere[0]
    return "order" if sum(sign.isdigit() for sign in code) >= 10 else None


def _is_locator(code: str) -> bool:
    """Six letters and figures as airlines and hotels give out: not a year, not a lot, not a model with its number."""
    letters = sum(sign.isalpha() for sign in code)
    return bool(_RECORD.fullmatch(code)) and letters >= 3 and not re.search(r"\d{3}", code)


def _may_be_number(match: re.Match[str], *, named: bool) -> bool:
    """Whether it is neither a date, an amount, a measure nor a product."""
    code, text = match.group(), match.string
    digits = sum(sign.isdigit() for sign in code)
    if any(form.fullmatch(code) for form in (_DATE, _FAILED)) or _AMOUNT_AFTER.match(text, match.end()):
        return False
    if _PRODUCT_LIKE.fullmatch(code) and not (named and digits >= 5):
        return False
    before = text[max(0, match.start() - 12) : match.start()]
    if _AMOUNT_BEFORE.search(before) or looks_like_iban(code):
        return False
    if code.isdigit() and ((code.endswith("00") and digits == 3) or (digits <= 5 and _SET_TO.search(folded(before)))):
        return False
    if _TRAIN.fullmatch(code) or (_FLIGHT.fullmatch(code) and _TRAVELS.search(before)):
        return False
    if _RECORD.fullmatch(code):
        return True
    if not named and _MAKERS.fullmatch(code):
        return False
    if named:
        return (
            digits >= 4
            or bool(_DASHED.fullmatch(code))
            or (digits >= 3 and (len(code) >= 6 or before.rstrip().endswith(("°", "#", ":", "º"))))
        )
    mixed = any(sign.isalpha() for sign in code) or any(sign in "-/" for sign in code)
    together = " " not in code.replace("\u00a0", " ").replace("\u202f", " ")
    return (mixed and digits >= 4 and len(code) >= _FAR_CHARS) or (digits >= 8 and together and not is_article(code))
