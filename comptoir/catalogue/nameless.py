"""Answers to a customer whose name nobody knows: the words that would call them by it fall away."""

from __future__ import annotations

import re

_BLANK = r"\{(?:first_name|name)\}"
_SPACE = r"[ \u00a0]"
#: After these a name may be said or not. « Cher » and “Dear” are not here: without a name they greet nobody.
_GREETING = (
    r"(?:re)?bonjour|bonsoir|coucou|salut|merci(?: beaucoup)?|désolée?s?"
    r"|hello|hi|hey|good (?:morning|afternoon|evening)|thank you(?: very much| so much)?|thanks|sorry"
    r"|hallo|guten (?:tag|morgen|abend)|danke|vielen dank|hola|buenos días|buenas tardes|gracias"
    r"|ciao|buongiorno|buonasera|grazie|olá|bom dia|boa tarde|obrigad[oa]"
    r"|goede(?:morgen|middag|navond|ndag)|dag|bedankt|dank u(?: wel)?"
)
_GREETED = re.compile(rf"(?i)(?<!\w)({_GREETING}),?(?:{_SPACE}+{_BLANK})+")
_AT_END = re.compile(rf"(?m),{_SPACE}*{_BLANK}(?={_SPACE}*(?:[!.;:?…]|$))")
_AT_START = re.compile(rf"(?m)^{_BLANK}{_SPACE}*,{_SPACE}*(\w)")


def nameless(text: str) -> str:
    """The text where it does without the name, with its comma; a name that the sentence needs stays to be filled in."""
    text = _GREETED.sub(r"\1", text)
    text = _AT_END.sub("", text)
    return _AT_START.sub(lambda found: found[1].upper(), text)
