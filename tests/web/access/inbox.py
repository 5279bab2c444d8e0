"""The list, its views, and what they are filtered by."""

from __future__ import annotations

from tests.web.access.expecting import DONE, READ_LIST, Line, everyone_here

TABLE: dict[str, Line] = {
    "inbox": Line(everyone_here(DONE, stranger=DONE)),
    "inbox_view": Line(READ_LIST, "all"),
    "inbox_page": Line(READ_LIST, "all"),
    "inbox_rows": Line(READ_LIST, "all"),
}  # fmt: skip
