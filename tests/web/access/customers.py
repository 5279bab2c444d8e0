"""The customer, beside the exchange."""

from __future__ import annotations

from tests.web.access.expecting import GONE, OK, Line, those_who_serve

TABLE: dict[str, Line] = {
    "edit_customer": Line(those_who_serve(OK), "conversation", {"name": "Léa"}, headers=True),
    "find_customer": Line(those_who_serve(OK), "conversation"),
    "merge_customer": Line(those_who_serve(GONE), "conversation", {"gone": "0", "reason": "Elle-même"}, headers=True),
    "part_customer": Line(those_who_serve(GONE), "conversation", {"merge": "0"}, headers=True),
}
