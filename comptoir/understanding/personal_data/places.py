"""What stands in an address beside the street: doors, postal codes, towns; as regular expressions to build with."""

from __future__ import annotations

UPPER = "A-ZÀÁÂÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÖØÙÚÛÜŒÆ"
#: Taken whole or not at all, so that no text makes the search try every way of cutting it.
CAPITAL = rf"(?>Ste?\.|[{UPPER}][\w'’-]*)"
SMALL = (
    r"(?:de|du|des|la|le|les|l['’]|d['’]|en|sur|sous|aux?|et|lès|lez|of|the|del?|della|delle|degli|dei|di|do|da|dos|das|e|y|los|las|"
    r"am|an|der|den|im|van|aan|het|op|ter|upon|under|bei|ob)"
)
#: What begins a sentence, a signature or a label, and no place.
_STARTERS = (
    r"Je|J['’]|Il|Elle|On|Nous|Vous|Merci|Cdlt|Cordialement|Bonne|Bonjour|Bonsoir|Salut|Bien|Et|Mais|Ou|Mon|Ma|Mes|Votre|Vos|Un|Une|Tel|Tél|Mail|E-?mail|"
    r"Adresse|Livraison|Envoyez|Client|Commande|Contrat|Dossier|IBAN|Pouvez|Quand|Depuis|Pas|C['’]est|Ce|Chez|Code|Habite|Habitant|"
    r"January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember|Janvier|Février|Mars|Avril|Juin|Juillet|Août|Septembre|Octobre|Novembre|Décembre|"
    r"I|We|Please|Thanks|Thank|My|Hi|Hello|Address|Phone|Mobile|Order|Account|Can|It|"
    r"Ich|Wir|Sie|Bitte|Danke|Mein|Meine|Tel|Anschrift|Kunde|Bestellung|Hallo|Und|Vielen|Ihre|Neue\sA|Lieferung|Wohne|"
    r"Yo|Mi|Gracias|Por|Hola|Pedido|Cliente|Vivo|Dirección|Envíen|Io|Grazie|Buongiorno|Salve|Il\smio|Abito|Ordine|Indirizzo|"
    r"Ik|Mijn|Bedankt|Dank|Klant|Adres|Graag|Eu|O\smeu|Obrigad[oa]|Olá|Encomenda|Moro|Morada|Endereço"
)
NOT_STARTED = rf"(?!(?:{_STARTERS})\b)"
#: « … 75002 Paris et Orange me dit »: a lone « and » joins no name of a town.
TOWN = (
    rf"{CAPITAL}(?:(?:[ ](?!(?:et|e|y|und|and)\s)|-|(?<=\w)/)(?:{SMALL}[ -]?){{0,2}}(?!(?i:cedex)\b){CAPITAL}){{0,4}}"
)
SEPARATED = r"(?:\s*[,–;-]\s*|\s*\n\s*|\s+)"

FRENCH_CODE = r"(?:F-|FR-)?(?:0[1-9]|[1-8]\d|9[0-58])\s?\d{3}"
#: The letters that the Royal Mail uses at each place (BS 7666).
BRITISH_CODE = r"[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}"
DUTCH_CODE = r"[1-9]\d{3}\s?[A-Z]{2}"
CANADIAN_CODE = r"[A-Z]\d[A-Z]\s?\d[A-Z]\d"
_IRISH_CODE = r"[A-Z]\d[\dW]\s?[A-Z\d]{4}"
_AMERICAN_CODE = rf"(?:[A-Z]{{2}}|{CAPITAL})\s+\d{{5}}(?:-\d{{4}})?"
PORTUGUESE_CODE = r"\d{4,5}-\d{3}"
_AUSTRALIAN_CODE = r"(?:NSW|VIC|QLD|WA|SA|TAS|ACT|NT)\s+\d{4}"
_DIGITS = r"(?:(?:[ABDFILP]|AT|BE|CH|DE|ES|FL|FR|IT|LU|PT)-)?(?:\d{5}|[1-9]\d{3}|\d{2}\s\d{3})"
#: Any country's; those that end in letters come first, since others are beginnings of them.
CODE = rf"(?:{PORTUGUESE_CODE}|{DUTCH_CODE}|{BRITISH_CODE}|{CANADIAN_CODE}|{_IRISH_CODE}|{_AMERICAN_CODE}|{_AUSTRALIAN_CODE}|{_DIGITS})(?!\w)"
CEDEX = r"(?:,?\s+(?i:cedex)(?:\s\d{1,2}\b)?)?"
_REGION = r"(?:\s*\([^)\n]{2,20}\)|,?\s+(?:QC|ON|BC|AB|RM|MI|NA|TO|BO|FI)\b|\s?[-/]\s?[A-Z]{2}\b)?"

#: A flat, a floor, a door: after the number, in every language.
UNIT = (
    r"(?:(?i:app(?:t|artement|\.)?|apt|apto|flat|unit|suite|b[âa]t(?:iment)?|bloco|bloque|esc(?:alier|alera)?|[ée]tage|porte|puerta|piso|planta|andar|bte|bo[iî]te|bus|"
    r"int|interno|scala|top|stiege|wohnung|whg|interphone|casa|sala|ch|rez)\.?\s?(?:n[°ºo.]{1,2}\s?)?\w{1,4}"
    r"|\d{1,2}\s?(?i:e|er|[èe]me|th|nd|rd|st)\s(?i:[ée]tage|floor)|\d{1,2}\.\s?(?:OG|Stock|Etage)|EG|DG|OG"
    r"|\d{1,3}\s?[.ºª°]{1,2}(?:\s?(?i:[a-z]|esq(?:uerda|uerdo)?|dto|dta|dcha|derecha|izq|izda|izquierda|dir(?:eito)?|pta|piso|planta|andar)\b\.?)?|\d[rna]{1,2}\s\d[rna]{1,2}|(?i:bajo|[aá]tico|r/c|entresuelo|rdc)(?:\s[A-D])?)(?!\w)"
)
#: A town in small letters, only after a code, in a message that is written so (`addresses.py` sees to it).
_SMALL_TOWN = r"(?P<small>\s+(?:(?:st|ste|saint|sainte|la|le|les)[ -])?[a-zà-ÿ][a-zà-ÿ'’-]{2,}(?!\w))?"
_UNITS = rf"(?:(?:\s*,\s*|\s+|\s?[-–]\s)(?:{UNIT})){{0,3}}"
_CODED = rf"{SEPARATED}(?:(?:à|in|en|em|te|a)\s+)?(?:{NOT_STARTED}{TOWN}(?:\s\d{{1,2}})?{_REGION}(?:\s*,)?\s+|{NOT_STARTED}{TOWN}{SEPARATED}){{0,2}}"
_WITH_TOWN = rf"{CODE}(?:,?[ ]+{TOWN}{CEDEX}|(?<=[A-Z])|(?<=\d[A-Z]\d)|(?<=[A-Z]\d\d\d)|(?<=\d-\d\d\d)|(?<=[A-Z]\s\d\d\d\d\d)|(?<=[A-Z]\s\d\d\d\d)){_REGION}"
#: A sentence goes on behind a town by one of these.
_GOES_ON = r"(?=\s(?:et|and|und|y|mais|but|aber|maar|pero|since|depuis|seit|desde|sinds|please|svp|bitte)\b)"
_BARE = rf"(?:\s+(?:[Pp]aris|[Ll]yon|[Mm]arseille)\s\d{{1,2}}(?:er?|[èe]me)?\b(?!\s?[h:€])|\s*,\s*(?:à\s+)?(?:(?:Dublin|Paris|Lyon|Marseille|London|Wien)\s\d{{1,2}}(?:er?|[èe]me)?\b|{NOT_STARTED}{TOWN}(?:{_GOES_ON}|(?!\s?['’\w]))))(?:\s*\([^)\n]{{2,20}}\)|,\s[A-Z]{{2}}\b)?"
#: « 22 rue Pasteur à Lyon 7e », « 45 Mill Lane in Leeds »: the town behind the word that says where.
_NO_TOWN = r"(?!(?:M|MM|Mme|Mr|Mrs|Ms|Monsieur|Madame|Mlle|Herrn?|Frau|Sig|Sr|Sra|Noël|Pâques|Christmas|Weihnachten|Ostern|Betrieb|Ordnung|Zukunft|Bezug|Wagen|Reihe|Karton|Halle|Row|Zone|Natale|Pasqua|Navidad|Natal)\b)"
_WITHIN = rf"\s+(?:à|in|en|em|te|a)\s+{NOT_STARTED}{_NO_TOWN}{TOWN}(?!\s?['’\w]\w*['’])(?:\s\d{{1,2}}(?:er?|[èe]me)?\b(?!\s?[h:€]))?(?:\s\(?\d{{5}}\b\)?)?"
_SMALL_BARE = r"(?P<smaller>\s*,\s*(?:à\s)?[a-zà-ÿ][a-zà-ÿ-]{2,}(?=\s*(?:$|[.!?,\n])))"
#: In a street that is surely one a code will do, or a town in small letters.
_WITHOUT_TOWN = rf"(?:(?:F-|[DI]-)?\d{{5}}(?!\w|\s?€|\s?\d)|[1-9]\d{{3}}(?=\s[a-z]{{3}}))(?:{_SMALL_TOWN}){_REGION}"
#: What may follow a street and its number: doors; then code and town, or a town alone after a comma.
TAIL = rf"{_UNITS}(?:(?P<coded>{_CODED}(?:{_WITH_TOWN}|{_WITHOUT_TOWN}))|{_BARE}|{_WITHIN}|{_SMALL_BARE})?"
#: The same where only a code makes it an address.
CODED_TAIL = rf"{_UNITS}(?P<coded>{_CODED}{_WITH_TOWN})"
