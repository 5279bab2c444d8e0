"""Contact reasons, and how reading and learning go."""

from __future__ import annotations

from tests.web.access.expecting import DONE, OK, WATCH, Line, only

_WATCH = only(*WATCH, status=OK)
_WATCH_ACTS = only(*WATCH, status=DONE)

TABLE: dict[str, Line] = {
    "contact_reasons": Line(_WATCH),
    "new_contact_reason": Line(_WATCH),
    "contact_reason": Line(_WATCH, "reason"),
    "move_contact_reason": Line(_WATCH_ACTS, "reason", {"up": "yes"}),
    "delete_contact_reason": Line(_WATCH_ACTS, "reason", {}),
    "readings": Line(_WATCH),
    "learn_from_corrections": Line(_WATCH_ACTS, "", {}),
}  # fmt: skip
