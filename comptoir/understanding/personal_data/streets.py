"""What streets are called, and what a text must have for any form of an address to be tried: most have none of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from comptoir.understanding.folding import folded, searchable
from comptoir.understanding.personal_data.places import BRITISH_CODE, CANADIAN_CODE, DUTCH_CODE, EIRCODE, KNOWN, UPPER

STRONG = (
    r"rue|r\.|avenue|ave?\.?|boulevard|boul\.?|bd\.?|bld\.?|bvd\.?|blvd\.?|all[ée]es?|impasse|imp\.?|chemin|che?m\.|route|rte\.?|quai|square|faubourg|fbg?\.?|lotissement|sentier|sente|"
    r"esplanade|ruelle|venelle|traverse|rond-point|chauss[ée]e"
)
#: Words that mean something else as often: these want a name with a capital, a « de la », or a postal code.
WEAK = (
    r"place|pl\.?|ch\.|cours|sq\.|passage|villa|r[ée]sidence|r[ée]s\.|lot\.|hameau|promenade|mont[ée]e|rang|croissant|mail|clos|cit[ée]|voie|c[ôo]te|parvis|domaine|zone|za|zi|zac|cour|galerie|"
    r"pont|val|parc|rocade|esplanade"
)

ENGLISH_WORDS = (
    r"Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Way|Court|Ct|Square|Sq|Close|Crescent|Cres|Gardens|Gdns|Grove|Place|Pl|Terrace|Tce|Wynd|"
    r"Mews|Row|Rise|Hill|Park|Parade|Green|Walk|View|Quay|Vale|Yard|Mount|Brae|Loan|Gate|Croft|Circle|Cir|Trail|Parkway|Pkwy|Highway|Hwy|Broadway|Buildings|House|Plaza|Path|Point"
)

SOUTHERN_WORDS = (
    r"calle|c/|c\.|avenida|avda\.?|avd\.|av\.|plaza|plza\.?|pza\.?|paseo|pº|carrer|ronda|camino|carretera|ctra\.?|traves[ií]a|glorieta|rambla|pasaje|urb\.|urbanizaci[óo]n|gran\sv[íi]a|pol[íi]gono|"
    r"via|viale|v\.le|piazza|p\.?z?za\.?|piazzale|p\.le|corso|c\.so|largo|vicolo|strada|contrada|c\.da|borgo|lungomare|lungotevere|salita|località|loc\.|frazione|fraz\.|"
    r"rua|r\.|travessa|praça|praceta|pç\.|estrada|alameda|rodovia|beco|calçada|quinta|bairro"
)

#: A letter box at the post office.
BOX = r"(?<!\w)(?:(?i:b\.?p\.?|cs|tsa)\s?\d{1,6}|(?i:p\.?\s?o\.?\s?box|postfach|postbus|apartado(?:\sde\scorreos)?|casella\spostale|caixa\spostal|case\spostale)\s+\d[\d ]{0,6}\d?)"


@dataclass(frozen=True, eq=False, slots=True)
class Mark:
    """Without it no address of some forms is in a text. It is looked for in the text itself, or in its ``plain`` letters,
    small and without accents; and only where another one is, that whatever has it has too."""

    form: re.Pattern[str]
    plain: bool = False
    within: Mark | None = None


def _plain(form: str) -> Mark:
    """In plain letters, as a pattern that must take large ones for small takes ten times as long."""
    return Mark(re.compile(folded(form.replace("(?i:", "(?:"))), plain=True)


FRENCH_NUMBERED = _plain(rf"\d\s?(?:bis|ter|quater|[a-d])?\s?,?\s+(?:{STRONG}|{WEAK})\s")
GRAND_RUE = _plain(r"grande?[ '-]\s?rue")
SOUTHERN = _plain(rf"(?<!\w)(?:{SOUTHERN_WORDS})(?:(?<=[./])|\s)")
ENGLISH = Mark(re.compile(rf"\s(?:{ENGLISH_WORDS}|street|road|avenue|lane|crescent|terrace|gardens)\b"))
ENGLISH_NUMBERED = Mark(re.compile(rf"\d[A-Za-z]?,?\s+[{UPPER}\d]"), within=ENGLISH)
GERMAN = _plain(  # a large ẞ is the one that stays another letter than s
    r"(?:stra(?:ss?|ẞ)e|str\.?|weg|stieg|gasse|platz|allee|ring|damm|ufer|hof|steig|chaussee|graben|markt|berg|kamp|pfad|bogen|zeile|wall|twiete)"
    r"\s*(?:nr\.?\s?)?\d|stra(?:ss?|ẞ)e\s(?:des|der|am|zum|zur)\s"
)
DUTCH = Mark(
    re.compile(
        r"(?:straat|laan|weg|plein|gracht|kade|singel|dijk|pad|hof|steeg|dreef|lei|baan|markt|plantsoen|wal|str\.?|stwg\.?|steenweg|kaai|vest|brink|boulevard)\s+\d"
    )
)
LETTER_BOX = _plain(BOX)
KNOWN_TOWN = Mark(re.compile(rf",\s{KNOWN}"))
#: Every postal code has four figures, two and three, or a letter before one.
CODED = Mark(re.compile(r"\d\s?\d{3}|[A-Z]\d"))
FRENCH_CODED = Mark(re.compile(folded(rf"(?<!\w)(?:{STRONG}|{WEAK})\s")), plain=True, within=CODED)
FIVE_FIGURES = Mark(re.compile(r"\d\d\s?\d{3}"), within=CODED)
MANNHEIM = Mark(re.compile(r"681\d\d\sM"), within=FIVE_FIGURES)
DUTCH_CODED = Mark(re.compile(rf"{DUTCH_CODE}\b"), within=CODED)
DUTCH_CODED_SMALL = Mark(re.compile(r"\d{4}\s?[a-z]{2}(?!\w)"), within=CODED)
LETTER_AND_FIGURE = _plain(r"[a-z]\d")
BRITISH_CODED = Mark(re.compile(rf"{BRITISH_CODE}\b"), within=LETTER_AND_FIGURE)
BRITISH_CODED_SMALL = Mark(re.compile(rf"(?i:{BRITISH_CODE})\b"), within=LETTER_AND_FIGURE)
CANADIAN_CODED = Mark(re.compile(CANADIAN_CODE), within=LETTER_AND_FIGURE)
IRISH_CODED = Mark(re.compile(rf"(?<!\w){EIRCODE}(?!\w)"), within=LETTER_AND_FIGURE)

#: Each behind what it is within.
_MARKS = (
    FRENCH_NUMBERED, GRAND_RUE, SOUTHERN, ENGLISH, ENGLISH_NUMBERED, GERMAN, DUTCH, LETTER_BOX, KNOWN_TOWN, CODED, FRENCH_CODED, FIVE_FIGURES,
    MANNHEIM, DUTCH_CODED, DUTCH_CODED_SMALL, LETTER_AND_FIGURE, BRITISH_CODED, BRITISH_CODED_SMALL, CANADIAN_CODED, IRISH_CODED,
)  # fmt: skip


def missing(text: str) -> set[Mark]:
    """The marks that a text does not have."""
    plain = searchable(text)
    absent = set[Mark]()
    for mark in _MARKS:
        if mark.within in absent or not mark.form.search(plain if mark.plain else text):
            absent.add(mark)
    return absent
