"""The words by which a customer asks not to be written to any more, as networks and the CNIL know them."""

from __future__ import annotations

import re
import unicodedata

_STOP = frozenset(["stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "optout", "revoke", "arret",
                   "arreter", "arretez", "stop sms", "stop pub", "desabonnement", "desinscription",
                   "desabonner", "desabonnez moi", "desinscrivez moi", "stopp", "baja", "abmelden",
                   "afmelden"])  # fmt: skip
_START = frozenset(["start", "unstop", "reprise", "reprendre"])
#: As advertising asks for it in France: “STOP au 36180”. What cancels an order as well is not taken with a number.
_WITH_SHORT_NUMBER = re.compile(r"(?:stop|arret)(?: (?:sms|mms|rcs|pub))?(?: (?:au|a|to))? ?[3-8][0-9] ?[0-9]{3}")
#: Kept with the customer's message, and looked at when it is answered.
OPTED_OUT = "opted_out"


def wish_of(text: str | None, told: str | None) -> dict[str, bool] | None:
    """Whether the whole of a message is such a word, alone or with the short number that it is meant for, or the
    gateway says that it was one; None for anything else.
    """
    word = (told or text or "").replace("\x00", "")
    if len(word) > 40:
        return None
    letters = unicodedata.normalize("NFD", word.strip().strip(".!?»«\"'").strip().lower())
    spaced = letters.replace("-", " ").replace("\u2011", " ")
    plain = " ".join("".join(letter for letter in spaced if not unicodedata.combining(letter)).split())
    if plain in _STOP or _WITH_SHORT_NUMBER.fullmatch(plain):
        return {OPTED_OUT: True}
    return {OPTED_OUT: False} if plain in _START else None
