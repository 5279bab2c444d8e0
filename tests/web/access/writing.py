"""One conversation: what is written in it."""

from __future__ import annotations

from tests.web.access.expecting import MADE, OK, Line, those_who_serve

TABLE: dict[str, Line] = {
    "write": Line(
        those_who_serve(OK),
        "conversation", {"mode": "private", "text": "Bonjour"}, headers=True,
    ),
    "draft": Line(
        those_who_serve(MADE) | {"expert": MADE},
        "conversation", {"mode": "note", "text": "Bon"},
    ),
    "undo": Line(those_who_serve(OK), "queued", {}, headers=True),
    "resend": Line(those_who_serve(MADE), "failed", {}, headers=True),
    "settle": Line(those_who_serve(MADE), "uncertain", {"was_sent": "yes"}, headers=True),
}  # fmt: skip
