"""Every kind of condition by its name, in the order in which they are offered. Names are stored and never change."""

from __future__ import annotations

from comptoir.routing.conditions import people, places, readings, texts
from comptoir.routing.conditions.kinds import Kind

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (*texts.KINDS, *places.KINDS, *people.KINDS, *readings.KINDS)
}  # fmt: skip
