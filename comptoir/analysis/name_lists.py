"""A list of products and places as it is written or exported: kind, name, other spellings."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from comptoir.analysis.models.names import MAX_NAME_CHARS
from comptoir.understanding.folding import folded

_KINDS = {
    "product": ("product", "products", "produit", "produits", "article", "item"),
    "place": ("place", "places", "lieu", "lieux", "shop", "store", "boutique", "magasin", "agence"),
}
_HEADS = {"kind", "type", "name", "nom"}
_MOST_SPELLINGS = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """One name of a list; ``kind`` is product or place."""

    kind: str
    name: str
    spellings: tuple[str, ...] = ()


def read_list(text: str) -> tuple[list[Listed], list[str]]:
    """The names of a list, one a line as « kind; name; spelling, spelling », and what could not be read, in words.

    Commas, semicolons or tabulators part the columns; a line of one column is a product. A line that cannot be read is
    told of, the others come in.
    """
    found: list[Listed] = []
    problems: list[str] = []
    rows = _rows(text)
    if rows is None:
        return [], [_("A quotation mark is opened and never closed: take it out, or close it. Nothing was read.")]
    for number, row in enumerate(rows, start=1):
        cells = [" ".join(cell.replace("\x00", "").split()) for cell in row]
        if not any(cells) or (number == 1 and folded(cells[0]) in _HEADS):
            continue
        kind, name, others = _parted(cells)
        if not kind:
            told = _("Line %(number)s: “%(kind)s” is neither a product nor a place.")
            problems.append(told % {"number": number, "kind": cells[0][:40]})
        elif not name or len(name) > MAX_NAME_CHARS:
            told = _("Line %(number)s: a name has 1 to %(most)s characters.")
            problems.append(told % {"number": number, "most": MAX_NAME_CHARS})
        else:
            found.append(Listed(kind, name, others))
    return found, problems


def _rows(text: str) -> Sequence[list[str]] | None:
    """None where a quotation mark is opened and never closed, which swallows the lines that follow."""
    plain = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    delimiter = max(";\t,", key=plain.split("\n", 1)[0].count)
    try:
        rows = list(csv.reader(io.StringIO(plain), delimiter=delimiter))
    except csv.Error:
        return None
    return None if any("\n" in cell for row in rows for cell in row) else rows


def _parted(cells: list[str]) -> tuple[str, str, tuple[str, ...]]:
    """Kind, name and other spellings; an empty kind where it is none of ours."""
    if len(cells) == 1:
        return "product", cells[0], ()
    said = folded(cells[0])
    kind = next((kind for kind, words in _KINDS.items() if said in words), "")
    spellings = [one.strip() for cell in cells[2:] for part in cell.split("|") for one in part.split(",")]
    kept = [one for one in dict.fromkeys(spellings) if one and one != cells[1] and len(one) <= MAX_NAME_CHARS]
    return kind, cells[1], tuple(kept[:_MOST_SPELLINGS])
