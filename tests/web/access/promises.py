"""What customers are promised, and when the counter is open."""

from __future__ import annotations

from tests.web.access.expecting import DONE, OK, WATCH, Line, only

_WATCH = only(*WATCH, status=OK)
_WATCH_ACTS = only(*WATCH, status=DONE)

TABLE: dict[str, Line] = {
    "calendars": Line(_WATCH),
    "new_calendar": Line(_WATCH),
    "calendar_places": Line(_WATCH),
    "calendar": Line(_WATCH, "calendar"),
    "delete_calendar": Line(_WATCH_ACTS, "calendar", {}),
    "promises": Line(_WATCH),
    "new_promise": Line(_WATCH),
    "promises_progress": Line(_WATCH),
    "promise": Line(_WATCH, "policy"),
    "move_promise": Line(_WATCH_ACTS, "policy", {"up": "yes"}),
    "switch_promise": Line(_WATCH_ACTS, "policy", {"on": "no"}),
    "delete_promise": Line(_WATCH_ACTS, "policy", {}),
}  # fmt: skip
