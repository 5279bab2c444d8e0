"""One conversation: what is written in it."""

from __future__ import annotations

from tests.web.access.expecting import DONE, GONE, MADE, OK, REFUSED, Line, expect, those_who_serve
from tests.web.conftest import ROLES

#: Only the agent whose it is; for others who serve it does not exist.
_MINE = those_who_serve(GONE) | {"agent": OK}

TABLE: dict[str, Line] = {
    "write": Line(
        those_who_serve(OK),
        "conversation", {"mode": "private", "text": "Bonjour"}, headers=True,
    ),
    "draft": Line(
        those_who_serve(MADE) | {"expert": MADE},
        "conversation", {"mode": "note", "text": "Bon"},
    ),
    "canned_offered": Line(those_who_serve(OK), "conversation"),
    "colleagues_offered": Line(those_who_serve(OK) | {"expert": OK}, "conversation"),
    "tone": Line(those_who_serve(MADE), "conversation", {"text": "Bien", "mode": "private"}),
    "choose_tone": Line(expect(stranger=DONE, **dict.fromkeys(ROLES, DONE)), "", {"shown": "yes"}),
    "lay_files": Line(those_who_serve(OK), "conversation", {}, headers=True),
    "remove_file": Line(_MINE, "draft_file", {}, headers=True),
    "describe_file": Line(_MINE | {"agent": MADE}, "draft_file", {"alt_text": "Un colis"}, headers=True),
    "take_over_draft": Line(those_who_serve(OK) | {"expert": OK, "community_manager": GONE}, "draft", {}, headers=True),
    "mention_done": Line(
        expect(stranger=GONE, **dict.fromkeys(ROLES, GONE) | {"expert": MADE, "director": REFUSED, "reader": REFUSED}),
        "mention", {}, headers=True,
    ),
    "undo": Line(those_who_serve(OK), "queued", {}, headers=True),
    "departure": Line(those_who_serve(MADE), "queued", {"later": "now"}, headers=True),
    "resend": Line(those_who_serve(MADE), "failed", {}, headers=True),
    "settle": Line(those_who_serve(MADE), "uncertain", {"was_sent": "yes"}, headers=True),
}  # fmt: skip
