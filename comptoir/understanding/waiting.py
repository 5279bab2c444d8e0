"""Whether a customer says that they wait for us, however kindly, in French and English: told by their words. Pure."""

from __future__ import annotations

import re

from comptoir.understanding.personal_data import MAX_CHARS

_OURS = (
    r"(?:vo(?:tre|s)|t(?:a|on|es)|une?|la|de\s+(?:vos|tes))\s+(?:\w+\s+)?"
    r"(?:r[ée]ponses?|retours?|nouvelles?|appel|suite)"
)
_FRENCH = (
    r"(?:j['’]\s?attends?|attendons|on\s+attend|attente\s+de)\s+" + _OURS,
    r"(?:tene[zr]|tiens)[ -](?:moi|nous)\s+(?:au\s+courant|inform[ée]e?s?)",
    r"merci\s+(?:d['’]avance|de\s+(?:me|nous|bien\s+vouloir)(?!\s+avoir))",
)
_ENGLISH = (
    r"(?:a|be\s+)?waiting\s+(?:for\s+)?(?:your|an?|the)\s+(?:\w+\s+)?(?:answer|reply|response|news|call)",
    r"look(?:ing)?\s+forward\s+to\s+(?:hearing|your)",
    r"(?:keep\s+(?:me|us)\s+(?:posted|updated|informed)|let\s+(?:me|us)\s+know)",
)
_THANKS = r"(?:remercier|f[ée]liciter|dire|saluer|recommander|souligner)"
#: What is wished to us, and not for: « je souhaite un bon week-end à tous ».
_WELL = (
    r"(?:(?:une?|de|[àa]\s+tou(?:te|s)\s+[\w'’]+)\s+)*(?:tr[èe]s\s+)?(?:bon(?:ne)?|bel(?:le)?|excellent|joyeu|heureu)\w*\s+"
    r"(?:jour|soir|week|fin|semaine|ann[ée]e|f[êe]te|no[ëe]l|vacances|continuation|suite|chance|courage|route)"
)
#: What is wished for behind kind words, but for the wish to say them.
_WISHES = (
    r"j['’]\s?attends?(?=\s*(?:[.!…]|$))",
    r"(?:rappele|appele|contacte|r[ée]ponde|[ée]crive|envoye|renvoye|rembourse|confirme|dite|pr[ée]vene)[zs]?[ -]moi",
    (
        r"(?:je\s+(?:voudrais|souhaite(?:rais)?|veux|cherche)|j['’]\s?aimerais|il\s+me\s+(?:faut|faudrait|manque))"
        r"(?!\s+(?:(?:juste|simplement|aussi|tout|surtout|vraiment|encore|bien)\s+)?(?:(?:vous|te|tous)\s+)*"
        rf"(?:{_THANKS}|{_WELL}))"
    ),
    r"j['’]\s?ai\s+(?:encore\s+)?(?:besoin|perdu|oubli[ée])",
    r"(?:call|ring|phone|contact|text|refund)\s+me(?:\s+back)?",
    (
        r"(?:i|we)(?:(?:['’]d|\s+would)\s+(?:also\s+)?like|\s+(?:also\s+|still\s+)?(?:want|need))\b"
        r"(?!\s+(?:to\s+)?(?:also\s+|just\s+|really\s+)?(?:thank|say|express|praise|commend|recommend))"
    ),
    r"(?:my|our)\s+money\s+back",
)
_WAITS = re.compile(rf"(?<!\w)(?:{'|'.join((*_FRENCH, *_ENGLISH))})(?!\w)", re.IGNORECASE)
_WISHES_FOR = re.compile(rf"(?<!\w)(?:{'|'.join(_WISHES)})(?!\w)", re.IGNORECASE)


def waits_for_us(text: str) -> bool:
    """Whether ``text``, up to MAX_CHARS of it, says that an answer of ours is waited for."""
    return _WAITS.search(text[:MAX_CHARS]) is not None


def wishes_for_more(text: str) -> bool:
    """Whether a kind ``text`` wishes for something besides: said in passing, it is easily overheard by the heads."""
    return _WISHES_FOR.search(text[:MAX_CHARS]) is not None
