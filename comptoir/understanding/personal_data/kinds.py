"""What can be found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["phone", "email", "address", "iban", "card", "nir", "tax", "order", "customer"]

MAX_CHARS = 20_000

#: What may stand between the digits of one number: spaces of all kinds, points, hyphens.
GAP = r"[ \t\u00a0\u2009\u202f.\u2010\u2011-]"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One find: text[start:end], in code points."""

    kind: Kind
    start: int
    end: int
