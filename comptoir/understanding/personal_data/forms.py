"""How numbers of orders and customers are written, and what is written like one and is none (`numbers.py` weighs the words around)."""

from __future__ import annotations

import re

#: The Universal Postal Union's form for parcels and registered letters (S10).
PARCEL = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[ ]?(?:\d[ ]?){9}[A-Z]{2}(?![A-Za-z0-9])")
#: Carriers and names of numbers, which are no part of them.
_NO_PREFIX = (
    r"(?:AWB|LDV|DDT|SAV|KDNR|DPD|UPS|GLS|DHL|TNT|EMS|BRT|FR|SEPA|PNR|BSN|BTW|NIF|NIE|DNI|CIF|CPF|IBAN|RIB|NIR|CUPS|POD|PDR|CPE|PDL|PCE|PRM|SPI|UTR|REF|"
    r"UID|MPAN|MPRN|EAN|IMEI|MALO|CAF|VIN|NR|NO|ID|TEL|NUM|CB|SMS|PO|N|LE|LA|MON|MY|IS|EST|DU|DE|"
    r"USPS|EVRI|RMA(?= [A-Z])|KNR|PIR|CMR|CASE|GP|NMI|MIRN|SIM|SR|WO|IP|UPC|GTIN|PZN|HRB|KVK|VAT|RAL|DIN)\b"
)
#: What begins the next word of a sentence and is no letter of a number: « order 4471 I want … ».
_NO_SUFFIX = r"(?:I|OK|NO|SO|WE|MY|IS|JE|ON|TU|IL|LE|LA|ET|AU|EN|UN|EL|IK|WO|AM|IM|ZU|IN|TO|OR|IF|UP|DO|GO|BY|AS|AN|HE|ER|DU|JA|UM|O|E)(?!\w)"
CODE = re.compile(
    rf"(?<![\w@.€£$\\&-])(?<!&#)(?:(?!{_NO_PREFIX})(?:[A-Z]{{2,4}}|[B-DF-HJ-MP-XZ])[ ])?(?=[A-Za-z0-9/_.-]{{0,60}}\d)[A-Za-z0-9]+(?:[-/_.][A-Za-z0-9]+)*"
    r"(?:[ \u00a0\u202f]\d{2,}(?![\w]{0,30}\s?(?:€|%|euros?\b|h\b|min\b|jours?\b|kg\b|cm\b|km\b)))*"
    rf"(?:(?<=\d)[ ](?!{_NO_SUFFIX})[A-Z]{{1,2}}(?![\w'’])|(?<=\d\d\d)[ ]\d(?!\w))?(?![\w@])"
)
#: A date, a time, an amount twice over.
DATE = re.compile(
    r"(?P<same>\d{2,4})(?: (?P=same))+|(?:[01]\d|2[0-3]) [0-5]\d|\d+(?:st|nd|rd|th)(?: \d{4})?|\d+[.,]\d{1,3}(?: [A-Z]{2})?|\d{1,3}x(?: ?\d+)?|(?:0?[1-9]|[12]\d|3[01])[/.-](?:0?[1-9]|1[0-2])(?:[/.-](?:\d\d){1,2})?|(?:19|20)\d\d-\d\d-\d\d(?:T\d\d)?|(?:19|20)\d\d(?:[-/](?:19|20)?\d\d)?|\d{1,2}[h:]\d{0,2}|(?:0?[1-9]|1[0-2])[./](?:19|20)\d\d",
    re.IGNORECASE,
)
#: « Kd-Nr. 88.204 »: an amount by its form, a number by what stands before it.
THOUSANDS = re.compile(r"\d{1,3}\.\d{3}")
NUMBERED = re.compile(r"(?:nr|nummer|num[ée]ro|number|(?<!\w)(?:no|n[°ºo.]{1,2})|#)\.?\W{0,3}$", re.IGNORECASE)
#: A measure to many places, unless its name stands before it.
PRECISE = re.compile(r"\d+[.,]\d{4,}")
AMOUNT_AFTER = re.compile(
    r"[ \u00a0\u202f]?(?:€|\$|£|%|°(?!\w)|(?:euros?|eur|cts?|centimes|dollars?|pounds?|chf|kg|g|cm|mm|m|km|ml|cl|l|go|gb|mo|mb|kwh|kw|w|v|h|min|mn|"
    r"jours?|days?|tage[n]?|d[íi]as|giorni|dagen|dias|ans|years?|mois|semaines?|heures?|fois|x|pi[èe]ces?|personnes?|places?|pages?|points?|miles|followers|m²|m2)(?![\w-]))",
    re.IGNORECASE,
)
AMOUNT_BEFORE = re.compile(r"(?:€|\$|£|(?<!\w)(?:eur|chf))\s?$", re.IGNORECASE)
FLIGHT = re.compile(r"(?:(?:[A-Z]{2,3}|[A-Z]\d|\d[A-Z])\s?)?\d{3,4}")
#: Two letters apart and up to four figures: as flights are called, whatever else the text speaks of.
FLIGHT_LIKE = re.compile(r"[A-Z]{2} \d{3,4}")
#: Before a bar code, which a parcel has, too.
BARS = re.compile(r"(?<!\w)(?:(?:bar|strich|streepjes)-?code|code[- ]barres?|codigo de barras|codice a barre)\W{1,4}$")
TRAVELS = re.compile(
    r"(?<!\w)(?:vols?|vuelo|volo|voo|flight|flug|vlucht|train|tgv|ter|ice|ave|zug|trein|tren|treno|comboio)\W{0,3}$", re.IGNORECASE
)  # fmt: skip
#: What another kind would have taken, had its checksum been right; and a machine on the internet.
FAILED = re.compile(
    r"\d{1,3}(?:\.\d{1,3}){3}|\d{4}(?:[ -]\d{4}){3}|\d(?: \d{2}){3} \d{3} \d{3} \d{2}|(?:CPF )?\d{3}\.\d{3}\.\d{3}-\d\d",
    re.IGNORECASE,
)
#: Groups of one size, twelve figures and more: labels of parcels are printed so, and little else.
EVEN_GROUPS = re.compile(r"\d{4}(?: \d{4}){2,5}|\d{5}(?: \d{5}){2,3}")
PRODUCT_LIKE = re.compile(r"\d+[A-Za-z]{1,3}|[A-Za-z]{1,2}\d{1,2}|\d+x\d+(?:x\d+)?", re.IGNORECASE)
#: « 490656W »: more figures than products have.
LETTER_LAST = re.compile(r"\d{6,}[A-Z]")
RECORD = re.compile(r"(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{6}")
#: A booking's locator of letters alone, where its name stands before it.
LOCATOR = re.compile(
    r"(?<!\w)(?i:pnr|r[ée]sa(?:rvation|\.)?|r[ée]servation|dossier(?:\s(?:de\s)?voyage)?|booking(?:\s(?:ref\w*|code|number))?|localizador|buchung(?:s(?:code|nummer))?|codice(?:\sdi)?\sprenotazione|"
    r"boekings(?:code|nummer)|c[óo]digo\sde\sreserva)(?:\s(?i:train|vol|avion|h[ôo]tel|flight|zug|bahn|flug|trein|vuelo|tren|volo|treno|voo))?(?:\s?[:#=]|\s(?i:n°|num[ée]ro|est|is|ist|is|es|è))?\s(?P<found>[A-Z]{6}|(?=[A-Z ]{0,6}\d)(?=[\d ]{0,6}[A-Z])[A-Z\d]{3} [A-Z\d]{3})(?![\w'’])"
)
#: A court's or an authority's: two figures, letters, a running number and a year.
FILE = re.compile(r"(?<!\w)\d{1,3} [A-Z]{1,3} \d{1,5}/\d{2,4}(?!\w)")
#: What shops begin their numbers with.
OWN_PREFIX = re.compile(
    r"(?:CMD|CDE|ORD|ORDER|REF|INC|RMA|BK|RES|PO|SAV|CLM|BC|RET|TRK|CASE|REQ|RDV|BEST|PED|ENC)(?:[-_/]?\d{4,}[\w/-]*| \d{5,})"
)
#: Letters and a long running number, in one piece or several, as few products are called.
RUNNING = re.compile(
    r"(?=(?:[A-Z/-]*\d){6})(?:[A-Z]{1,4}[-/]?\d{2,}(?:[-/]\d{2,}){0,3}(?:[-/]?[A-Z]{1,2})?|\d{6,}[-/][A-Z]{1,3}|\d{3,}(?:-\d{2,}){1,3}-[A-Z]{1,2})"
)
NAMED_BEFORE = re.compile(
    r"[^\w\n]{1,4}(?:n|nr|no|num|number|nummer|numero)?[^\w\n]{0,3}(?P<code>(?=[\w/.-]*\d{4})[\w/.-]*\w)"
)
LABEL = re.compile(r"(?:(?<!\w)(?:n°|nº|numero|num|nr|no|number|nummer)\.?|#)\W{0,3}$")
AND = re.compile(r"\s*(?:,|/|;|&|\+|et|and|und|y|e|en|ou|or|oder|o|puis)\s+(?:(?:le|la|n°)\s?)?$", re.IGNORECASE)
#: What stands in the address of a page is that page's.
WEB_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"«»]+|(?<![\w@.])(?:[\w-]{1,63}\.){1,4}[a-z]{2,24}(?::\d+)?/[^\s<>\"«»]*", re.I
)
FAR_CHARS = 6
NEAR_CHARS = 45
#: Letters that stand apart from the groups of figures behind them, and sometimes a country's after these.
LETTERED = re.compile(
    rf"(?<![\w@.€£$/'’-])(?!{_NO_PREFIX.replace('FR|', '').replace('DE|', '')})(?:\d )?[A-Z]{{1,3}} [A-Z]?\d[\dA-Z]{{0,19}}(?:[ ./-][A-Z]?\d[\dA-Z]{{0,19}}){{0,5}}(?: (?!{_NO_SUFFIX})[A-Z]{{1,2}})?(?![\w@'’])"
)
#: « where is … »: whoever asks so of a number asks for a parcel or an order.
WHERE = re.compile(
    r"(?<!\w)(?:ou (?:en )?(?:est|sont|reste)|where(?:'s| is| are)|wo (?:ist|bleibt|steckt|sind)|dov'?e'?|dove (?:e|sono)|waar (?:is|blijft|zijn)|"
    r"(?:por )?donde (?:esta|va|anda)|onde (?:esta|anda|para)|cade)\W{1,3}$"
)
#: « it's about … », « Betreff: … »: whoever begins so has a matter.
ABOUT = re.compile(
    r"(?:(?<!\w)(?:es geht um|geht um|warte (?:immer noch |noch |weiter )?auf|wegen|bezuglich|betrifft|it'?s about|this is about|regarding|concerning|about my|waiting (?:for|on)|no sign of|no news (?:on|of|about)|any news (?:on|of|about)|"
    r"look up|chase up|chasing|het gaat om|gaat om|ik wacht (?:nog )?(?:steeds )?op|betreffende|nieuws over|j'attends|au sujet de|concernant|concerne|espero|se trata de|sobre el|riguarda|riguardo a|aspetto|trata-se d[eo]|espero por) "
    r"|(?:^|\n)(?:betreff|betreft|betr\.?|re|subject|subj|objet|asunto|oggetto|onderwerp|assunto): ?)$"
)
#: « annulez … »: it is an order.
CALLED_OFF = re.compile(
    r"(?<!\w)(?:annule[rz]?|cancel|anul[ae]\w*|cancel[ae]\w*|storn\w+(?: sie)?|annuleer|annull\w+)\W{1,3}(?:(?:bitte|please|aub)\W{1,3})?$"
)
#: Trains by the names of their kind.
TRAIN = re.compile(r"(?:TGV|TER|RER|ICE?|RE|RB|AVE|EC|RJ|IR|OUIGO|THALYS)[ -]?\d{2,5}")
#: A meter's own number is long; what it shows is short.
METER = re.compile(
    r"(?<!\w)(?:compteur|meter|zahler|contador|contatore|(?:strom|gas|wasser)zahler|teller|medidor)\W{1,3}(?:(?:n|no|nr|num|numero|number|nummer)\W{0,3})?$"
)
FIGURES = re.compile(
    r"\d{6,}|(?!(?:19|20)\d\d (?:19|20))\d{4} \d{4}|(?=(?:\d ?){9,})(?=(?:\d{2,3} )*\d{4})\d{2,5}(?: \d{2,5}){2,5}(?: \d)?"
)
LEAST_OF_METER, LEAST_LETTERED = 7, 6
#: Where Dutch and Belgian power and gas are delivered (GS1), though it is called an « EAN » as bar codes are.
DELIVERY_POINT = re.compile(r"(?:871[67]|541[45])\d{14}|(?:871[67]|541[45]) ?(?:\d{4} ?){3}\d\d")
#: What makers call their appliances by: letters, a size, letters, a running number. Who is asked for one says so before it.
MAKERS = re.compile(r"[A-Z]{2,4}\d{2,3}[A-Z]{1,4}\d{2,5}[A-Z]{0,3}")
#: « résa NRW-8K2L »: fewer figures, behind letters that stand apart.
DASHED = re.compile(r"[A-Z]{2,4}-(?=(?:[A-Z]*\d){2})(?=\d*[A-Z])[A-Z\d]{4,6}")
#: The same, and « qx7t2m », as they are typed in haste: only where their name stands before them.
SMALL = re.compile(r"(?=[a-z]*\d[a-z]+\d)[a-z\d]{6}|" + DASHED.pattern.replace("A-Z", "a-z"))
#: Fewer figures are no number, unless letters stand between them.
LEAST_DIGITS = 3
#: « mon plafond à 3000 »: what something is raised, lowered or set to.
SET_TO = re.compile(r"(?<!\w)(?:a|to|auf|op|ate|pour|fur|voor)\s$")
#: A text with more of them is a table, not a message.
MAX_CODES = 200
#: « DR-20931 », « 2024-44-1190 »: with fewer figures, where somebody begins with it.
LETTERS_RUN = re.compile(r"[A-Z]{1,4}[-/]\d{5,}|\d{4}(?:-\d{2,}){2}")
