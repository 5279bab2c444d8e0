"""Answers to a customer whose name nobody knows: the words that would call them by it fall away."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SPACE = r"[ \u00a0]"
#: After these a name may be said or not. « Cher » and “Dear” are not here: without a name they greet nobody.
_GREETING = (
    r"(?:re)?bonjour|bonsoir|coucou|salut|merci(?: beaucoup)?|désolée?s?"
    r"|hello|hi|hey|good (?:morning|afternoon|evening)|thank you(?: very much| so much)?|thanks|sorry"
    r"|hallo|guten (?:tag|morgen|abend)|danke|vielen dank|hola|buenos días|buenas tardes|gracias"
    r"|ciao|buongiorno|buonasera|grazie|olá|bom dia|boa tarde|obrigad[oa]"
    r"|goede(?:morgen|middag|navond|ndag)|dag|bedankt|dank u(?: wel)?"
)


def nameless(text: str, blanks: Iterable[str] = ("first_name", "name")) -> str:
    """The text where it does without the name, with its comma; a name that the sentence needs stays to be filled in.

    ``blanks`` are the words for the name of which nothing is known: a company has a name, and no first name.
    """
    blank = rf"\{{(?:{'|'.join(blanks)})\}}"
    text = re.sub(rf"(?i)(?<!\w)({_GREETING}),?(?:{_SPACE}+{blank})+", r"\1", text)
    text = re.sub(rf"(?m),{_SPACE}*{blank}(?={_SPACE}*(?:[!.;:?…]|$))", "", text)
    return re.sub(rf"(?m)^{blank}{_SPACE}*,{_SPACE}*(\w)", lambda found: found[1].upper(), text)
