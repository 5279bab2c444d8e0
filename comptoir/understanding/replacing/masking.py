"""What leaves the house is masked first."""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.understanding.personal_data import PersonalData


def masked(text: str, found: Sequence[PersonalData]) -> str:
    """``text`` with each find replaced by its kind in brackets."""
    parts, place = [], 0
    for one in found:
        parts += [text[place : one.start], f"[{one.kind}]"]
        place = one.end
    return "".join([*parts, text[place:]])
