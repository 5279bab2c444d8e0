"""Postal addresses, by how each country writes them: a number and a street, with the town where it follows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from comptoir.understanding.personal_data.kinds import PersonalData

_UPPER = "A-ZÀÁÂÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÖØÙÚÛÜŒÆ"
#: Taken whole or not at all, so that no text makes the search try every way of cutting it.
_CAPITAL = rf"(?>Ste?\.|[{_UPPER}][\w'’-]*)"
_BEGUN = rf"[{_UPPER}][\w'’-]{{0,40}}"
_SMALL = r"(?:de|du|des|la|le|les|l['’]|d['’]|en|sur|sous|aux?|et|lès|lez|of|the|del?|della|dei|di|do|da|dos|das|e|y|am|an|der|den|im|van|aan|het|op|ter|upon|under)"
_TOWN = rf"{_CAPITAL}(?:[ -](?:{_SMALL}[ -]?){{0,2}}{_CAPITAL}){{0,4}}"
_SEPARATED = r"(?:\s*[,–;-]\s*|\s*\n\s*|\s+)"
#: A town without a postal code: only after a comma, and not the beginning of the next sentence.
_BARE_TOWN = rf"(?:\s*,\s*(?:à\s+)?(?!(?:Je|J['’]|Il|Elle|On|Nous|Vous|Merci|Cdlt|Cordialement|Bonne|Bien|Et|Mais|Ou|Le|La|Les|Un|Une|I|We|The|Please|Thanks|My)\b){_TOWN})?"

_STREETS = (
    r"rue|avenue|ave?\.?|boulevard|boul\.?|bd\.?|blvd\.?|place|pl\.|all[ée]es?|impasse|imp\.|chemin|ch\.|route|rte\.?|quai|cours|square|sq\.|passage|"
    r"villa|r[ée]sidence|r[ée]s\.|faubourg|fbg\.?|lotissement|lot\.|hameau|sentier|esplanade|promenade|mont[ée]e|ruelle|venelle|"
    r"traverse|rond-point|mail|clos|cit[ée]|voie|c[ôo]te|parvis|square|chauss[ée]e|domaine|zone|za|zi|zac"
)
_DOOR = r"(?:(?:app(?:t|artement)?\.?|b[âa]t(?:iment)?\.?|esc(?:alier)?\.?|[ée]tage|porte|r[ée]sidence|interphone)\s*(?:n[°o]\s*)?[\w]{1,12}(?:\s[A-Z0-9]\b)?,?\s+)?"
_STREET_NAME = r"(?>[^\W\d_][\w'’.-]*)(?:[ ](?!(?:et|mais|car|c['’]est|depuis|pour|pas|au|vous|je|merci|svp|est|a|avec|dans|chez|sans|à|il|elle|on|fuite|où|que|qui|n['’]est)\b)(?>[^\W\d_][\w'’-]*)|[ ]\d{1,2}(?:\s(?:mai|juin|juillet|août|septembre|novembre|octobre|mars)\b(?:\s\d{4}\b)?)){0,6}"
_FRENCH_POSTCODE = r"(?:F-)?(?:0[1-9]|[1-8]\d|9[0-58])\s?\d{3}"
_NEIGHBOURS_POSTCODE = r"(?:(?:B|CH|L)-)?[1-9]\d{3}"
_CEDEX = r"(?:\s+(?i:cedex)(?:\s\d{1,2})?)?"

_FRENCH = re.compile(
    rf"(?<![\d,.])(?:{_DOOR})\d{{1,4}}\s?(?:bis|ter|quater|[A-Da-d]\b)?\s?,?\s+(?i:{_STREETS})\s+(?i:(?:de\s+(?:la\s+|l['’])?|du\s+|des\s+|d['’]|la\s+|le\s+|les\s+|l['’])?){_STREET_NAME}"
    rf"(?:{_SEPARATED}(?:{_FRENCH_POSTCODE}|{_NEIGHBOURS_POSTCODE}),?\s+(?:{_TOWN}|[a-zà-ÿ][\w'-]+){_CEDEX}(?:\s*\([^)\n]{{2,20}}\))?|{_BARE_TOWN}(?:\s*\([^)\n]{{2,20}}\))?)"
)
_POSTCODE_TOWN = re.compile(rf"(?<![\d.,/-]){_FRENCH_POSTCODE}\s+{_TOWN}{_CEDEX}(?!\s?(?:€|EUR))")

_UK_POSTCODE = r"[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}"
_US_END = r"(?:[A-Z]{2}|[A-Z][a-z]+)\s+\d{5}(?:-\d{4})?"
_ENGLISH_WORDS = (
    r"Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Way|Court|Ct|Square|Sq|Close|Crescent|Cres|Gardens|Gdns|Grove|Place|Pl|Terrace|Tce|Wynd|"
    r"Mews|Row|Rise|Hill|Park|Parade|Green|Walk|View|Quay|Vale|Yard|Mount|Brae|Loan|Gate|Croft|Circle|Cir|Trail|Parkway|Pkwy|Highway|Hwy|Broadway"
)
_ENGLISH = re.compile(
    rf"(?<![\d£$€.,])(?:(?i:flat|apt\.?|unit|suite)\s\w{{1,4}},?\s+)?\d{{1,5}}[A-Za-z]?,?\s+(?:{_CAPITAL}\s+){{1,4}}(?:{_ENGLISH_WORDS})\b\.?"
    rf"(?:{_SEPARATED}(?:{_TOWN}{_SEPARATED}){{0,2}}(?:{_UK_POSTCODE}|{_US_END})\b|\s*,\s*{_TOWN})?"
)
_LOWER_ENGLISH = re.compile(
    rf"(?<![\d£$€.,])\d{{1,5}}[A-Za-z]?\s+(?:[a-z][\w'’-]+\s+){{1,3}}(?:street|road|avenue|lane|drive|close|crescent|terrace|gardens|grove)\b"
    rf"(?:{_SEPARATED}(?:[a-z]+{_SEPARATED}){{0,2}}(?i:{_UK_POSTCODE})\b)?"
)
_BRITISH_CODE = re.compile(rf"(?<!\w){_TOWN},?\s+{_UK_POSTCODE}\b")

_GERMAN = re.compile(
    rf"(?<!\w)(?:{_CAPITAL}[ -]){{0,3}}(?:{_BEGUN}(?:stra(?:ß|ss)e|str\.|weg|stieg|gasse|platz|allee|ring|damm|ufer|hof|steig|chaussee|graben|markt|berg|kamp|pfad)|"
    rf"(?:Straße|Strasse|Str\.|Weg|Allee|Platz|Gasse))\s+\d{{1,4}}\s?[a-zA-Z]?\b(?:{_SEPARATED}(?:[ADFL]-|CH-)?\d{{4,5}}\s+{_TOWN})?"
)
_GERMAN_CODE = re.compile(
    rf"(?<!\w){_CAPITAL}(?:[ -]{_CAPITAL}){{0,3}}\s+\d{{1,4}}\s?[a-z]?,\s*(?:D-|A-|CH-)?\d{{4,5}}\s+{_TOWN}"
)
_DUTCH = re.compile(
    rf"(?<!\w)(?:{_CAPITAL}[ ]){{0,3}}{_CAPITAL}\s+\d{{1,5}}\s?-?[a-zA-Z]{{0,3}}\b{_SEPARATED}\d{{4}}\s?[A-Z]{{2}}\b(?:{_SEPARATED}{_TOWN})?"
)
_DUTCH_STREET = re.compile(
    r"(?<!\w)[A-Z][\w'’-]{0,40}(?:straat|laan|weg|plein|gracht|kade|singel|dijk|pad|hof|steeg|dreef|dwarsstraat)\s+\d{1,5}\s?[a-zA-Z]?\b"
    rf"(?:{_SEPARATED}\d{{4}}\s?[A-Z]{{2}}\b(?:{_SEPARATED}{_TOWN})?|\s*,\s*{_TOWN})?"
)
_DOORS = r"(?:,?\s*\d{1,2}\s?[.ºª°]{1,2}\s?[A-Za-z]{0,3}\b\.?|,?\s*(?:piso|puerta|esc\.?|int\.?|interno|scala|apto\.?|bloco|apt\.?)\s?\w{1,5}|,?\s*\d{1,2}\s?[.º°ª]+\s?(?:[A-Z]|esq|dto|dcha|izq|dir)\b\.?){0,3}"
_SOUTHERN = re.compile(
    rf"(?<!\w)(?i:calle|c/|avenida|avda\.?|av\.|plaza|pza\.?|paseo|carrer|ronda|camino|carretera|via|viale|v\.le|piazza|p\.zza|piazzale|corso|largo|vicolo|strada|"
    rf"rua|r\.|travessa|praça|estrada|alameda|rodovia|beco)\s+(?:{_SMALL}\s+){{0,2}}(?>[\w'’.ªº-]+)(?:\s(?:{_SMALL}\s){{0,2}}(?>[^\W\d_][\w'’.-]*)){{0,5}}"
    rf"\s*,?\s*(?:n[.º°]{{0,2}}\s?)?\d{{1,5}}(?:\s?/\s?\w|[A-Za-z]\b)?{_DOORS}"
    rf"(?:{_SEPARATED}(?:{_TOWN}{_SEPARATED})?(?:\d{{5}}-\d{{3}}|\d{{4}}-\d{{3}}|\d{{5}})\b(?:{_SEPARATED}{_TOWN})?(?:\s*\([A-Z]{{2}}\))?|\s*,\s*{_TOWN})?"
)
_ALL = (
    _FRENCH, _SOUTHERN, _DUTCH, _DUTCH_STREET, _GERMAN, _GERMAN_CODE, _ENGLISH, _LOWER_ENGLISH, _BRITISH_CODE, _POSTCODE_TOWN,
)  # fmt: skip


def addresses(text: str) -> Iterator[PersonalData]:
    """Every address, the fullest form of each first."""
    for form in _ALL:
        for match in form.finditer(text):
            yield PersonalData("address", match.start(), match.start() + len(match.group().rstrip(" .,;\n")))
