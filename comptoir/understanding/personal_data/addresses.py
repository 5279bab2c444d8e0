"""Postal addresses, by how each country writes them: a number and a street, with the town where it follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from comptoir.understanding.folding import folded
from comptoir.understanding.personal_data import streets
from comptoir.understanding.personal_data.kinds import PersonalData
from comptoir.understanding.personal_data.meanings import adjacent
from comptoir.understanding.personal_data.places import (
    BRITISH_CODE,
    CANADIAN_CODE,
    CAPITAL,
    CEDEX,
    CODED_TAIL,
    DUTCH_CODE,
    EIRCODE,
    FRENCH_CODE,
    KNOWN,
    NOT_STARTED,
    SEPARATED,
    SMALL,
    TAIL,
    TOWN,
    UPPER,
)  # fmt: skip
from comptoir.understanding.personal_data.streets import BOX, ENGLISH_WORDS, SOUTHERN_WORDS, STRONG, WEAK

_BEGUN = rf"[{UPPER}][\w'’-]{{0,40}}"

#: What stands before the number: a flat, a building, a house or an estate with its name.
_BEFORE = (
    r"(?:(?i:app(?:t|artement)?|apt|b[âa]t(?:iment)?|esc(?:alier)?|[ée]tage|porte|interphone)\b\.?\s*(?:n[°o]\s*)?\w{1,12}(?:\s[A-Z0-9]\b)?(?:,|\s[–-])?\s+"
    rf"|(?:(?i:r[ée]sidence|r[ée]s\.|immeuble|imm\.|lotissement|lot\.|villa|domaine|clos|quartier)|ZA|ZI|ZAC|PA)\s+(?:{SMALL}\s?){{0,2}}{CAPITAL}(?:[ -](?:{SMALL}[ -]?){{0,2}}{CAPITAL}){{0,3}}(?:,?\s+(?i:app(?:t|artement)?|apt|b[âa]t(?:iment)?|esc(?:alier)?)\b\.?\s*\w{{1,4}}){{0,3}}\s*,\s+){{0,3}}"
)
_PARTICLES = r"(?i:(?:de\s+(?:la\s+|l['’])?|du\s+|des\s+|d['’]|la\s+|le\s+|les\s+|l['’]|aux?\s+|à\s+la\s+)?)"
_STOP = (
    r"(?:et|mais|car|c['’]est|depuis|pour|pas|au|aux|vous|je|j['’]\w*|merci|svp|stp|est|a|avec|dans|chez|sans|à|il|elle|on|ils|fuite|où|que|qui|n['’]\w*|ne|mon|ma|mes|ce|ca|ça|"
    r"hier|demain|aujourd['’]hui|le|la|tel|tél|mail|email|si|ou|ni|puis|alors|toujours|jamais|comme|entre|après|avant|par|tout|rien|y|suis|sont|ai|nous|lors|code|digicode|impossible|p[ée]riph[ée]rique)\b"
)
_CAPITAL_NAME = rf"{_PARTICLES}(?:(?i:nationale|d[ée]partementale)\s\d{{1,4}}\b|\d{{1,2}}\s[A-Za-zéû]+(?:\s\d{{4}}\b)?|{CAPITAL}(?:\.|(?=\W))(?:[ ](?:{SMALL}[ ]?){{0,2}}{CAPITAL}){{0,5}})(?:\s(?:Ouest|Est|Nord|Sud|[OENS])\b\.?)?"
_ANY_NAME = rf"{_PARTICLES}(?!{_STOP})(?>[^\W\d_][\w'’.-]*)(?:[ ](?!{_STOP})(?>[^\W\d_][\w'’-]*)){{0,4}}"
_FRENCH_NUMBER = r"(?<![\d,.])\d{1,4}(?:\s?[-/]\s?\d{1,4})?\s?(?:bis|ter|quater|[A-Da-d]\b)?\s?,?\s+"
_NO_PLACE = r"(?!de\s(?:parking|concert|train|th[ée][âa]tre|cin[ée]ma|spectacle|stationnement|match|stade|camping|cantine|cr[èe]che|piano|guitare|chant|danse|yoga|natation|tennis|ski|cuisine|conduite|maths|fran[çc]ais|anglais))"
_FRENCH = rf"(?<!\w){_BEFORE}{_FRENCH_NUMBER}(?:(?i:{STRONG})\s+(?:{_CAPITAL_NAME}|{_ANY_NAME})|(?i:{WEAK})\s+(?:{_CAPITAL_NAME}|(?=d(?:e|u|es)\s|d['’]){_NO_PLACE}{_ANY_NAME}))"
_FRENCH_WEAK = rf"(?<!\w){_BEFORE}{_FRENCH_NUMBER}(?i:{WEAK})\s+{_ANY_NAME}"
#: The one street whose name comes first.
_GRAND_RUE = rf"(?<!\w){_BEFORE}{_FRENCH_NUMBER}(?i:grande?(?:[ -]|['’]\s?)rue)\b(?:\s{_CAPITAL_NAME})?"
#: As in Belgium and Switzerland, the number after the street.
_NUMBER_AFTER = rf"(?<!\w)(?i:{STRONG}|{WEAK})\s+(?:{_CAPITAL_NAME})\s*,?\s*(?:n°\s?)?\d{{1,4}}\s?[A-Za-z]?\b"

_FLAT = r"(?:(?:(?i:flat|apt\.?|apartment|unit|suite|room|penthouse|plot|lot|studio)\s(?=\w{0,3}\d|[A-Z]\b|[b-z]\b)\w{1,4}(?:/\d{1,2})?|\d{1,2}[/F]\d{1,2}(?=,)|(?:[A-Z][a-z]+\s)?(?:Basement|Floor|Garden)\s(?:Flat|Right|Left)),?\s+(?:[A-Z][a-z]+(?:\s[A-Z][a-z]+){0,2},\s+)?)?"
#: A house with a name; and what a number of hours or stars is of.
_HOUSE = rf"(?:(?:The\s)?(?:{CAPITAL}\s){{1,2}}(?:House|Cottage|Mill|Farm|Lodge|Court|Barn|Hall|Tower|Towers|Building|Mansions|Apartments),\s+)?"
_NO_SPAN = r"(?!(?:Hours?|Hrs?|Minutes?|Mins?|Days?|Weeks?|Months?|Years?|Stars?|Beds?|Pieces?|Packs?|Way|Seater)\b)"
_ENGLISH = (
    rf"(?<![\d£$€.,])(?<!\w){_FLAT}{_HOUSE}\d{{1,5}}(?:[-/]\d{{1,5}})?[A-Za-z]?,?\s+{_NO_SPAN}(?:(?:{CAPITAL}\.?|\d{{1,3}}(?:st|nd|rd|th))[ ]+){{1,4}}(?:{ENGLISH_WORDS})\b\.?(?:\s(?:NW|NE|SW|SE|N|S|E|W|North|South|East|West)\b\.?)?"
)  # fmt: skip
_LOWER_ENGLISH = (
    rf"(?<![\d£$€.,])(?<!\w){_FLAT}\d{{1,5}}[A-Za-z]?\s+(?:(?!(?:is|was|are|the|to|of|at|my|a|in|on|for|and|getting|so|very|too|people|per)\b)[a-z][\w'’-]+\s+){{1,3}}(?:street|road|avenue|lane|crescent|terrace|gardens)\b"
    rf"(?:,\s?(?!(?:please|pls|thanks?|and|but|can|since|it|no|help|hurry|asap|near|next|just|for|the)\b)[a-z]{{3,}}(?=\s*(?:$|[.!?\n]|(?:please|pls|and|but|since)\b)))?"
    rf"(?:{SEPARATED}(?:[a-z]+{SEPARATED}){{0,2}}(?i:{BRITISH_CODE})\b)?"
)
_BEFORE_BRITISH = (
    rf"(?<!\w){_FLAT}(?:\d{{1,4}}[a-z]?\s)?(?:{NOT_STARTED}{TOWN},\s+){{0,3}}{NOT_STARTED}{TOWN},?\s+{BRITISH_CODE}\b"
)
_IRISH = rf"(?<![\d£$€.,])\d{{1,4}}[a-zA-Z]?\s+(?:{CAPITAL}[ ]+){{1,3}}(?:{ENGLISH_WORDS})\b,\s+(?:Co\.?\s)?{TOWN}(?:\s\d{{1,2}})?(?:,\s+Co\.?\s{TOWN})?(?:,\s+{EIRCODE})?\b"
#: Whatever stands before the code that An Post gives one house alone.
_BEFORE_EIRCODE = rf"(?<!\w){_FLAT}(?:(?i:house|apt|block)\s\w{{1,3}},\s+)?(?:\d{{1,4}}[a-z]?\s)?(?:{NOT_STARTED}{TOWN},\s+){{0,3}}(?:Co\.?\s)?{NOT_STARTED}{TOWN}(?:\s\d{{1,2}})?,?\s+{EIRCODE}\b"
#: As the British type them on a phone, street and code all small: the code makes them one.
_SMALL_BRITISH = rf"(?<![\d£$€.,])(?<!\w)(?i:(?:flat|apt|unit)\s\w{{1,4}},?\s+)?\d{{1,4}}[A-Za-z]?,?\s+(?:(?>[A-Za-z][\w'’-]*)\s+){{1,3}}(?i:{ENGLISH_WORDS})\b\.?,?\s+(?P<coded>(?:(?>[A-Za-z][\w'’-]*),?\s+){{0,3}}(?i:{BRITISH_CODE}))\b"

_GERMAN_NUMBER = r"(?:[Nn]r\.?\s?)?\d{1,4}(?:\s?[a-zA-Z]\b)?(?:\s?[-–/]\s?\d{1,4}[a-z]?){0,2}(?:/(?:[IVX]{1,4}|(?i:top)\s?\d{1,3}))?\b"
_GERMAN_LEAD = r"(?:(?:Alte[rsn]?|Neue[rsn]?|Gro(?:ß|ss)e[rsn]?|Kleine[rsn]?|Obere[rsn]?|Untere[rsn]?|Hohe[rsn]?|Lange[rsn]?|[A-ZÄÖÜ][\wäöüß]+er|St\.|Sankt|Dr\.|Prof\.|Am|An\sder|An\sden|Auf\sde[rmn]|Im|In\sde[rmn]|Zu[mr])[ -]){0,2}"
_GERMAN = (
    rf"(?<!\w){NOT_STARTED}{_GERMAN_LEAD}(?:{_BEGUN}(?:-(?:Stra(?:ß|ss)e|Str\.?|Weg|Gasse|Platz|Allee|Ring|Damm|Ufer|Hof|Chaussee|Markt)|stra(?:ß|ss)e|str\.?|weg|stieg|gasse|platz|allee|ring|damm|ufer|hof|steig|chaussee|graben|markt|berg|kamp|pfad|bogen|zeile|wall|twiete)|"
    rf"(?:{CAPITAL}[ -]){{0,2}}(?:Straße|Strasse|Str\.|Weg|Allee|Platz|Gasse|Ring|Damm|Ufer|Chaussee|Markt|Hof)|Stra(?:ß|ss)e\s(?:des|der|am|zum|zur)\s(?:\d+\.\s)?{CAPITAL}|[a-zäöü]{{3,30}}(?:stra(?:ß|ss)e|str\.))\s*{_GERMAN_NUMBER}"
)  # fmt: skip
_GERMAN_PLACE = (
    rf"(?<!\w){NOT_STARTED}(?:(?:Am|An|Auf|Im|In|Zum|Zur|Unter|Hinter|Vor|Bei|Beim|Neben)\s(?:(?:der|den|dem|das)\s)?(?:(?:alt|neu|gro(?:ß|ss)|klein|hoh|lang|kurz|ober|unter|rot|grün|wei(?:ß|ss)|schwarz|krumm|breit)en\s)?)?{CAPITAL}(?:[ -]{CAPITAL}){{0,2}}\.?[ ]+{_GERMAN_NUMBER}"
)  # fmt: skip
#: Without a code, only where the name begins as streets do and the town is known: « Neuer Wall 3, Hamburg ».
_GERMAN_KNOWN = (
    rf"(?<!\w)(?:Am|An\sde[rmn]|Auf\sde[rmn]|Im|Zum|Zur|Unter\sden|Hinter\sde[rmn]|Alter?|Neuer?|Gro(?:ß|ss)er?)\s(?!(?:Gate|Gleis|Tor|Terminal|Platz|Zimmer|Stand|Block|Schalter|Standort|Tarif|Level|Paket|Kunde|Tag|Version)\b)"
    rf"{CAPITAL}(?:[ -]{CAPITAL})?[ ]+{_GERMAN_NUMBER},\s{KNOWN}"
)
#: Streets of Mannheim have no names.
_MANNHEIM = r"(?<!\w)[A-U]\s?\d{1,2},?\s\d{1,2}(?:\s?[a-z]|[-–]\d{1,2})?,?\s+681\d\d\s+Mannheim\b"

_DUTCH_NUMBER = r"\d{1,5}(?:\s?[-–/]\s?\d{1,5})?(?:\s?-?(?:bis(?:\s[A-D]\b)?|hs|zw|rd|rood|zwart|[A-Za-z]\b|[IVX]{1,3}\b))?(?:-\d{1,3})?(?:[ -]\d{1,2}[ -]?hoog)?"
_DUTCH = (
    rf"(?<!\w)(?:['’][st][- ]|\d{{1,2}}e\s)?{NOT_STARTED}(?=[{UPPER}][a-z'’])(?>[{UPPER}][\w'’.-]*)(?:[ ](?:{SMALL}[ ]){{0,2}}(?>[{UPPER}][\w'’.-]*)){{0,3}}[ ]+(?:\d{{4}}[ ])?(?:nr\.?[ ])?{_DUTCH_NUMBER}{SEPARATED}{DUTCH_CODE}\b(?:,?[ ]+(?:['’]s-|['’]t\s)?{TOWN}(?!['’\w]))?"
)  # fmt: skip
_DUTCH_STREET = (
    r"(?<!\w)(?:(?:Oude|Nieuwe|Grote|Kleine|Lange|Korte|Eerste|Tweede|Derde|\d{1,2}e|Sint|St\.|Van|De|Jan|Dr\.|Prof\.|Mgr\.|Burg\.|Burgemeester|Koning|Koningin|Prins|Prinses|Graaf)(?:\s(?:van|de[rn]?|te[rn]?)){0,2}[ -]|['’][st][- ]){0,2}"
    rf"(?:[A-Z][\w'’-]{{2,40}}(?:straat|laan|weg|plein|gracht|kade|singel|dijk|pad|hof|steeg|dreef|lei|baan|markt|plantsoen|wal|str\.|stwg\.|kaai|vest|brink|boulevard)|[a-z]{{3,30}}(?:straat|gracht|plein|laan|steenweg))\s+{_DUTCH_NUMBER}"
)  # fmt: skip

#: As they are typed on a phone, all small: the code makes them one.
_LOWER_DUTCH = r"(?<!\w)[a-z]{3,30}(?:straat|str\.?|laan|weg|stwg\.?|plein|gracht|kade|kaai|singel|dijk|dreef|pad|hof|steeg|baan|brink|plantsoen)\s+\d{1,4}\s?[a-z]?,?\s+[1-9]\d{3}\s?[a-z]{2}(?:\s+(?:den\s|'s-)?[a-z]{3,})?(?!\w)"
_LOWER_GERMAN = r"(?<!\w)(?:(?:am|an\sder|auf\sde[rm]|alte[rn]?|neue[rn]?|gro(?:ß|ss)e[rn]?|kleine[rn]?|obere[rn]?|untere[rn]?)\s){0,2}[a-zäöüß]{3,30}(?:stra(?:ß|ss)e|str\.?|weg|platz|allee|gasse|ring|damm|ufer|chaussee)\s+\d{1,4}\s?[a-z]?,?\s+(?:in\s)?\d{5}\s+[a-zäöüß]{3,}(?!\w)"

#: What letters come by, and no street.
_NO_STREET = r"(?!(?i:whats|messenger|insta|facebook|twitter|mail|e-mail|email|sms|chrono|colissimo|dhl|dpd|ups|gls|paypal|amazon|booking|internet|app|web|chat|online)\w*)"
_SOUTHERN_NAME = rf"(?:{SMALL}\s?){{0,2}}{_NO_STREET}(?>[\w'’.ªº-]+)(?:\s(?!n[.º°]|km\b)(?:{SMALL}\s){{0,2}}(?>[^\W\d_][\w'’.-]*)){{0,5}}"
_SOUTHERN_NUMBER = r"(?:\s*,?\s*(?i:n[.º°o]{1,2}|numero|número|km)?\s?)\d{1,5}(?:\s?[/-]\s?\w{1,3}|\s?bis|\s?(?!a\s[A-Z])[A-Za-z])?(?!\w)"
_SOUTHERN = rf"(?<![\w@])(?i:{SOUTHERN_WORDS})(?:(?<=[./])\s*|\s+)(?P<name>{_SOUTHERN_NAME}){_SOUTHERN_NUMBER}"
_GRAN_VIA = r"(?<!\w)(?i:gran\sv[íi]a)\s(?:de\s\w+\s)?\d{1,4}\b"
_BRAZILIAN_END = rf"(?<!\w)(?i:rua|r\.|avenida|av\.|travessa|praça|alameda|estrada|rodovia)\s+{_SOUTHERN_NAME}{_SOUTHERN_NUMBER}(?:\s*[,–-]\s*(?:(?:apto?|bloco|casa|sala)\.?\s?\w{{1,4}}|{TOWN})){{0,3}}(?:\s?[-–/]\s?[A-Z]{{2}}\b)(?:\s*[,–-]?\s*(?:CEP:?\s?)?\d{{5}}-?\d{{3}}\b)?"

#: A road without a number, where code and town follow.
_UNNUMBERED = rf"(?<!\w)(?i:{STRONG})\s+{_CAPITAL_NAME}"

_PLACE_WORD = r"(?i:lieu[ -]?dit|hameau|ferme|domaine|moulin|château|chateau|mas|quartier|villa)"
_PLACE = rf"(?<!\w)(?:{_PLACE_WORD}\s+(?:(?:de|du|des|la|le|les|l['’]|d['’])\s?){{0,2}}[\w'’-]+(?:\s{CAPITAL}){{0,2}}\s*,?|{NOT_STARTED}{TOWN}\s*,)\s*{FRENCH_CODE}\s+{TOWN}{CEDEX}"
_CODE_TOWN = rf"(?<![\w.,/-])(?<!\b[ld]es ){FRENCH_CODE}\s+{NOT_STARTED}(?!(?:[KMGT][OoBb]|[MG]bps|[KMG]Hz|K[gmWw]\w?|Euros?|EUR|F?CFA|Points?)\b){TOWN}{CEDEX}(?!\s?(?:€|EUR))"
_CANADIAN_END = rf"(?:\s*,\s*(?:app\.?\s?\w{{1,4}},\s*)?{TOWN}(?:,?\s*\(?(?:Qu[ée]bec|QC|Ontario|ON|BC|AB|NB|NS|MB)\)?)?,?\s+{CANADIAN_CODE})"

#: The fullest form of each first, and what a text must have for it. Whether code and town make it one (then it is surest).
#: Where what the marks promise mostly is no street, its end stands apart: it is long, and only made where the rest is there.
_FORMS = tuple(
    (frozenset(needed), form if isinstance(form, tuple) else (form, ""))
    for form, *needed in (
        (rf"{_FRENCH}{_CANADIAN_END}", streets.FRENCH_NUMBERED, streets.CANADIAN_CODED), (rf"{_FRENCH}{TAIL}", streets.FRENCH_NUMBERED),
        (rf"{_GRAND_RUE}{TAIL}", streets.GRAND_RUE), (rf"{_FRENCH_WEAK}{CODED_TAIL}", streets.FRENCH_NUMBERED, streets.CODED),
        ((_NUMBER_AFTER, CODED_TAIL), streets.FRENCH_CODED), (rf"{_UNNUMBERED}{CODED_TAIL}", streets.FRENCH_CODED),
        (rf"{BOX}(?:{CODED_TAIL})", streets.LETTER_BOX, streets.CODED),
        (_BRAZILIAN_END, streets.SOUTHERN), ((_SOUTHERN, TAIL), streets.SOUTHERN), ((_GRAN_VIA, TAIL), streets.SOUTHERN),
        (_DUTCH, streets.DUTCH_CODED), (rf"{_DUTCH_STREET}{TAIL}", streets.DUTCH), (rf"{_GERMAN}{TAIL}", streets.GERMAN),
        (_LOWER_DUTCH, streets.DUTCH, streets.DUTCH_CODED_SMALL), (_LOWER_GERMAN, streets.GERMAN, streets.FIVE_FIGURES),
        (_GERMAN_KNOWN, streets.KNOWN_TOWN), ((_GERMAN_PLACE, CODED_TAIL), streets.CODED),
        (rf"{_ENGLISH}{TAIL}", streets.ENGLISH_NUMBERED), (_IRISH, streets.ENGLISH_NUMBERED), (_LOWER_ENGLISH, streets.ENGLISH),
        (_BEFORE_BRITISH, streets.BRITISH_CODED), (_SMALL_BRITISH, streets.BRITISH_CODED_SMALL), (_BEFORE_EIRCODE, streets.IRISH_CODED),
        (_MANNHEIM, streets.MANNHEIM), (_PLACE, streets.FIVE_FIGURES), (_CODE_TOWN, streets.FIVE_FIGURES),
        (r"(?<!\w)(?i:p\.?\s?o\.?\sbox)\s\d{1,6}\b", streets.LETTER_BOX),
    )
)  # fmt: skip
_MEASURE = re.compile(
    r"\s?(?:€|\$|£|%|(?:h|min|minutes?|minuten|stunden|uhr|tage|wochen|minuti|minutos|uur|minuut|dagen|heures?|hours?|fois|volte|veces|vezes|times|mal|keer|jours?|days?|d[íi]as|giorni|dias|ore|horas|km|m|cm|euros?|personnes?|clients?|ans)\b)",
    re.IGNORECASE,
)
#: What is counted, scored or dated, and no house.
_SCORE = re.compile(
    r"^(?:Stellplatz|Parkplatz|Sitzplatz|Stehplatz|Zeltplatz|Arbeitsplatz|Tennisplatz|Bahnsteig|Busbahnsteig) \d{1,4}\b|^(?:Ring|Weg|Hof|Markt|Umweg|Heimweg|Hinweg|Rückweg|Arbeitsweg|Schulweg) \d{1,3}(?: in [A-Z]\w+)?$|(?:^|\s)Platz \d{1,3}(?: in [A-Z]\w+)?$|(?i:stieg) (?:19|20)\d\d$|\s\d{1,2}/\d{1,2}$|^(?:\w+ ){1,3}(?:19|20)\d\d$"
)
#: « KdNr 220-8814, Stand … »: what numbers an order or a customer, and no street.
_NAMED = re.compile(r"[^\W\d_][^\d,\n]*?(?:nr|nummer|n[°º]|no|num[ée]ro|number)[^\w\n]{0,4}(?=\d)", re.IGNORECASE)
#: « Reserva W4K9TQ »: a booking's, though the Royal Mail writes its codes so.
_NAMED_CODE = re.compile(r"[^\W\d_][^\W\d_ -]*(?: [^\W\d_]+)?[ ](?=[A-Z\d]{6}$)")
#: A shout, and no address, where all of it is capitals and no postal code is there to tell.
_LONG_CHARS = 40
_LIVES = re.compile(
    r"(?:habit|viv|abit|mor[oa]|resid|indirizzo|direcci[óo]n|endere[çc]o|morada|domicil|sped|consegn|env[íi]|entreg)\w*\W+(?:\w+\W+){0,2}$",
    re.I,
)


#: A house, a code or a letter box has a number that is neither an amount nor an hour.
_NUMBER_OF_ONE = re.compile(r"(?<![\d,.:])\d{1,5}(?![\d:]|[.,]\d|\s?(?:€|%|\$|£|h\b|h\d|min\b|euros?\b))")
_CODE_AT_END = re.compile(r"\d{4}|\d[A-Z]{2}$|[A-Z]\d[A-Z] ?\d[A-Z]\d$|[A-Z]\d[\dW] ?[A-Z\d]{4}$")
_COUNTRY = re.compile(
    r"\s+(?:en|in|au|aux|à)\s+(?:Suisse|Belgique|France|Espagne|Italie|Allemagne|Angleterre|Europe|Canada|Luxembourg|Portugal|Italia|Italien|España|Spanien|Spain|Frankreich|Nederland|België|Belgien|Schweiz|England|Scotland|Ireland|Germany|Brasil|Martinique|Guadeloupe|Deutschland|Österreich)$"
)


#: « … 59000 lille, depuis hier »: what stands alone behind a code is its town.
_ENDS = re.compile(r"\s*(?:$|[.,!?\n])")


def addresses(text: str) -> tuple[list[PersonalData], list[PersonalData]]:
    """Those with a postal code, which are surest, and those without; the longest first."""
    coded: list[PersonalData] = []
    others: list[PersonalData] = []
    if not _NUMBER_OF_ONE.search(text):
        return coded, others
    for match in _matches(text):
        end = match.start() + len(_whole(match).rstrip(" .,;\n"))
        said = text[match.start() : end]
        if _may_be_one(match, said):
            (coded if _has_code(match, said) else others).append(PersonalData("address", match.start(), end))
    return sorted(coded, key=_shortness), sorted(others, key=_shortness)


def _matches(text: str) -> Iterator[re.Match[str]]:
    absent = streets.missing(text)
    for needed, (form, end) in _FORMS:
        if needed.isdisjoint(absent) and (not end or _compiled(form).search(text)):
            yield from _compiled(form + end).finditer(text)


@cache
def _compiled(form: str) -> re.Pattern[str]:
    """When a text first asks for it: all of them together take a third of a second, of every process that starts."""
    return re.compile(form)


def _shortness(one: PersonalData) -> int:
    return one.start - one.end


def _has_code(match: re.Match[str], said: str) -> bool:
    groups = match.groupdict()
    return bool(groups["coded"]) if "coded" in groups else bool(_CODE_AT_END.search(said[4:]))


def _whole(match: re.Match[str]) -> str:
    """Without a word in small letters after the code, unless all is written so."""
    groups = match.groupdict()
    name = "small" if groups.get("small") else "smaller"
    small = groups.get(name)
    if not small:
        return _COUNTRY.sub("", match.group())
    street = match.string[match.start() : match.start(name)]
    written_small = street == street.lower() and not re.match(rf"[\s,]+{_STOP}", small)
    ends_there = name == "small" and _ENDS.match(match.string, match.end())
    if ends_there and not re.match(rf"[\s,]+{_STOP}", small):
        return match.group()
    return match.group() if written_small else street


def _may_be_one(match: re.Match[str], said: str) -> bool:
    """Not « via mail 3 volte », « largo 5 metri », « Platz 1 », « Abstieg 2013 »: a street whose name is written small
    needs a code or who lives there."""
    groups = match.groupdict()
    named = _NAMED.match(said) or _NAMED_CODE.match(said)
    if named and adjacent(folded(named.group())):
        return False
    if groups.get("coded"):
        return True
    if len(said) > _LONG_CHARS and said == said.upper():
        return False
    if _SCORE.search(said) or _MEASURE.match(match.string, match.start() + len(said)):
        return False
    name = groups.get("name")
    if name is None:
        return True
    if not re.search(r"[^\W\d_]{3}|\.", name):
        return False
    return any(sign.isupper() for sign in name) or bool(_LIVES.search(match.string[: match.start()][-40:]))
