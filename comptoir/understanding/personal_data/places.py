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
    r"[\w-]{0,16}(?:[Aa]dresse|[Aa]nschrift|[Aa]dres)|Wohn(?:haft|ort|ung)|(?:Einsatz|Liefer|Schadens|Abhol|Stand)ort|Verbrauchsstelle|Zustellung|Abholung|"
    r"Deliver(?:y|ed)?|Shipp?(?:ing)?|Billing|Send|Collect|Moved|Home|Work|Bezorg\w*|Aflever\w*|Lever\w*|Verhuisd|Wij|Hoi|"
    r"[\w-]{0,12}[Zz]ähler|Vertrag|Paket|Auftrag|Konto|Mitglied|Kundin|Police|Ticket|Vorgang|Sendung|Reservierung|Buchung|Schaden|Rechnung|Polis|Pakket|Boeking|Contract|Policy|Parcel|Booking|Invoice|Member|Customer|"
    r"Internet|Strom|Stroom|Wasser|Heizung|Monteur|Koerier|Bezorger|Techniker|Bote|Storing|Glasvezel|Wifi|WLAN|"
    r"ISBN|EAN|GTIN|PZN|Ik|Mijn|Bedankt|Dank|Klant|Adres|Graag|Eu|O\smeu|Obrigad[oa]|Olá|Encomenda|Moro|Morada|Endereço"
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
#: Letters among its last four: « Galaxy A54 1299 » is none.
EIRCODE = r"[AC-FHKNPRTV-Y]\d[\dW]\s?(?=\d{0,3}[A-Z])[AC-FHKNPRTV-Y\d]{4}"
_AMERICAN_CODE = rf"(?:[A-Z]{{2}}|{CAPITAL})\s+\d{{5}}(?:-\d{{4}})?"
PORTUGUESE_CODE = r"\d{4,5}-\d{3}"
_AUSTRALIAN_CODE = r"(?:NSW|VIC|QLD|WA|SA|TAS|ACT|NT)\s+\d{4}"
_DIGITS = r"(?:(?:[ABDFILP]|AT|BE|CH|DE|ES|FL|FR|IT|LU|PT)-)?(?:\d{5}(?:-\d{4}(?!\d))?|[1-9]\d{3}|\d{2}\s\d{3})"
#: Any country's; those that end in letters come first, since others are beginnings of them.
CODE = rf"(?:{PORTUGUESE_CODE}|{DUTCH_CODE}|{BRITISH_CODE}|{CANADIAN_CODE}|{EIRCODE}|{_AMERICAN_CODE}|{_AUSTRALIAN_CODE}|{_DIGITS})(?!\w)"
CEDEX = r"(?:,?\s+(?i:cedex)(?:\s\d{1,2}\b)?)?"
_REGION = r"(?:\s*\([^)\n]{2,20}\)|,?\s+(?:QC|ON|BC|AB|RM|MI|NA|TO|BO|FI)\b|\s?[-/]\s?[A-Z]{2}\b)?"

#: A flat, a floor, a door: after the number, in every language.
UNIT = (
    r"(?:(?i:app(?:t|artement|\.)?|apt|apto|flat|unit|suite|b[âa]t(?:iment)?|bloco|bloque|esc(?:alier|alera)?|[ée]tage|porte|puerta|piso|planta|andar|bte|bo[iî]te|bus|"
    r"int|interno|scala|top|stiege|wohnung|whg|interphone|casa|sala|ch|rez)\.?\s?(?:n[°ºo.]{1,2}\s?)?\w{1,4}"
    r"|\d{1,2}\s?(?i:e|er|[èe]me|th|nd|rd|st)\s(?i:[ée]tage|floor|verdieping)|(?:VH|HH|SF|QG|GH)(?:\s(?:\d\.\s?OG|EG|DG|links|rechts|Mitte))?|(?:\d{1,2}\.\s?(?:OG|Stock|Etage|HH|Hinterhof)|EG|DG|OG)(?:\s(?i:links|rechts|mitte|li|re)\b\.?)?"
    r"|\d{1,2}[ -]?hoog|b\d{1,4}|#\s?\w{1,5}"
    r"|\d{1,3}\s?[.ºª°]{1,2}(?:\s?(?i:[a-z]|esq(?:uerda|uerdo)?|dto|dta|dcha|derecha|izq|izda|izquierda|dir(?:eito)?|pta|piso|planta|andar)\b\.?)?|\d[rna]{1,2}\s\d[rna]{1,2}|(?i:bajo|[aá]tico|r/c|entresuelo|rdc)(?:\s[A-D])?)(?!\w)"
)
#: A town in small letters, only after a code, in a message that is written so (`addresses.py` sees to it).
_SMALL_TOWN = r"(?P<small>\s+(?:(?:st|ste|saint|sainte|la|le|les)[ -])?[a-zà-ÿ][a-zà-ÿ'’-]{2,}(?!\w))?"
_UNITS = rf"(?:(?:\s*,\s*|\s+|\s?[-–]\s)(?:{UNIT})){{0,3}}"
_CODED = rf"{SEPARATED}(?:(?:à|in|en|em|te|a)\s+)?(?:{NOT_STARTED}(?:(?:Co\.?\s)?{TOWN}(?:\s\d{{1,2}})?{_REGION}(?:\s*,)?\s+|{TOWN}{SEPARATED})){{0,2}}"
_WITH_TOWN = rf"{CODE}(?:,?[ ]+{TOWN}{CEDEX}|(?<=[A-Z])|(?<=\d[A-Z]\d)|(?<=[A-Z]\d\d\d)|(?<=\d-\d\d\d)|(?<=[A-Z]\s\d\d\d\d\d)|(?<=[A-Za-z]\s\d\d\d\d\d-\d\d\d\d)|(?<=[A-Z]\d[\dW]\s[A-Z\d][A-Z\d][A-Z\d][A-Z\d])|(?<=[A-Z]\d[\dW][A-Z\d][A-Z\d][A-Z\d][A-Z\d])|(?<=[A-Z]\s\d\d\d\d)){_REGION}"
#: These are towns whatever follows them: « Gartenstr. 22, Köln ist … ». Which other word behind a comma is one, only what follows tells.
KNOWN = (
    r"(?:Berlin|Hamburg|M[üu]nchen|K[öo]ln|Frankfurt(?:\sam\sMain)?|Stuttgart|D[üu]sseldorf|Leipzig|Dortmund|Essen|Bremen|Dresden|Hannover|N[üu]rnberg|Duisburg|Bochum|Wuppertal|Bielefeld|Bonn|M[üu]nster|Mannheim|Karlsruhe|"
    r"Augsburg|Wiesbaden|Kiel|Aachen|Freiburg|L[üu]beck|Mainz|Kassel|Rostock|Potsdam|Erfurt|Saarbr[üu]cken|Regensburg|Heidelberg|Ulm|Wien|Graz|Linz|Salzburg|Innsbruck|Klagenfurt|Villach|Z[üu]rich|Bern|Basel|Luzern|Winterthur|St\.\sGallen|"
    r"London|Manchester|Birmingham|Leeds|Liverpool|Bristol|Sheffield|Newcastle|Nottingham|Leicester|Southampton|Portsmouth|Plymouth|Brighton|Norwich|Oxford|Cambridge|York|Bath|Exeter|Glasgow|Edinburgh|Aberdeen|Dundee|Cardiff|Swansea|Belfast|Dublin|Cork|Limerick|Galway|"
    r"Amsterdam|Rotterdam|Utrecht|Eindhoven|Groningen|Tilburg|Almere|Breda|Nijmegen|Apeldoorn|Haarlem|Arnhem|Enschede|Amersfoort|Zwolle|Leiden|Maastricht|Dordrecht|Delft|Den\s(?:Haag|Bosch)|Lelystad|Antwerpen|Gent|Brussel|Brugge|Leuven|Mechelen|Hasselt|Kortrijk|Oostende|Li[èe]ge|Namur|Bruxelles|"
    r"Paris|Lyon|Marseille|Toulouse|Bordeaux|Lille|Nantes|Strasbourg|Montpellier|Rennes|Grenoble|Gen[èe]ve|Lausanne|Luxembourg|Madrid|Barcelona|Valencia|Sevilla|Zaragoza|M[áa]laga|Bilbao|Roma|Milano|Torino|Napoli|Bologna|Firenze|Genova|Palermo|Verona|Lisboa|Porto|Coimbra|Braga)(?![\w'’-])"
)
#: A sentence goes on behind a town by one of these.
_GOES_ON = r"(?=\s(?:et|and|und|y|mais|but|aber|maar|pero|since|depuis|seit|desde|sinds|please|svp|bitte)\b)"
_BARE = rf"(?:\s+(?:[Pp]aris|[Ll]yon|[Mm]arseille)\s\d{{1,2}}(?:er?|[èe]me)?\b(?!\s?[h:€])|\s*,\s*(?:à\s+)?(?:(?:Dublin|Paris|Lyon|Marseille|London|Wien)\s\d{{1,2}}(?:er?|[èe]me)?\b|London,?\s[NSEW][EWC]?\d{{1,2}}[A-Z]?\b|{KNOWN}(?!\s[A-Z])|{NOT_STARTED}{TOWN}(?:{_GOES_ON}|(?!\s?['’\w]))))(?:\s*\([^)\n]{{2,20}}\)|,\s[A-Z]{{2}}\b)?"
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
