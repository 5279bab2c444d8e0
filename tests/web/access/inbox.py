"""The list, its views, and what they are filtered by."""

from __future__ import annotations

from tests.web.access.expecting import DONE, MADE, READ_LIST, WATCH, Line, everyone_here, expect
from tests.web.conftest import ROLES

CONFLICT = 409
#: What is everybody's is changed by those who may share; the others are told why not.
CHANGES_SHARED = expect(stranger=CONFLICT, **{role: MADE if role in WATCH else CONFLICT for role in ROLES})

TABLE: dict[str, Line] = {
    "inbox": Line(everyone_here(DONE, stranger=DONE)),
    "inbox_view": Line(READ_LIST, "all"),
    "inbox_page": Line(READ_LIST, "all"),
    "inbox_rows": Line(READ_LIST, "all"),
    "inbox_filters": Line(READ_LIST, "all"),
    "inbox_counts": Line(READ_LIST),
    "save_view": Line(everyone_here(DONE, stranger=DONE), posted={"name": "Les miennes", "view": "all"}),
    "change_view": Line(CHANGES_SHARED, "shared_view", posted={"view": "all", "text": "colis"}, headers=True),
    "rename_view": Line(CHANGES_SHARED, "shared_view", posted={"name": "Colis"}, headers=True),
    "share_view": Line(CHANGES_SHARED, "shared_view", posted={"shared": "1"}, headers=True),
    "delete_view": Line(CHANGES_SHARED, "shared_view", posted={}, headers=True),
}  # fmt: skip
