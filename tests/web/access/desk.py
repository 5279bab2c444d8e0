"""One conversation, or many: what is done to them. Whose a bulk act or a macro is: tests/web/test_moving.py."""

from __future__ import annotations

from tests.web.access.expecting import ACT, GONE, MADE, OK, Line, everyone_here, those_who_serve

TOLD = those_who_serve(OK)  # a toast with the way back
AT_HAND = those_who_serve(OK, stranger=OK)
NOBODYS = those_who_serve(GONE)

TABLE: dict[str, Line] = {
    "hand_over_thread": Line(those_who_serve(409), "conversation/pass", {}, headers=True),
    "call_customer": Line(those_who_serve(409), "conversation", {}, headers=True),
    "assign": Line(TOLD, "conversation", {"to": "me"}, headers=True),
    "change_team": Line(ACT, "conversation", {"to": "team"}, headers=True),
    "resolve": Line(TOLD, "conversation", {}, headers=True),
    "reopen": Line(those_who_serve(409), "conversation", {}, headers=True),
    "take_back": Line(NOBODYS, "conversation", {"way_back": "no such way"}, headers=True),
    "hold": Line(TOLD, "conversation", {}, headers=True),
    "snooze": Line(TOLD, "conversation", {"end": "tomorrow"}, headers=True),
    "spam": Line(TOLD, "conversation", {"spam": "block"}, headers=True),
    "follow": Line(everyone_here(MADE, stranger=GONE), "conversation", {}, headers=True),
    "prioritize": Line(TOLD, "conversation", {"priority": "2"}, headers=True),
    "tag": Line(TOLD, "conversation", {"name": "colis"}, headers=True),
    "untag": Line(ACT, "conversation", {"name": "colis"}, headers=True),
    "tag_suggestions": Line(those_who_serve(OK), "conversation"),
    "run_macro": Line(NOBODYS, "conversation", {"macro": "1"}, headers=True),
    "merge": Line(those_who_serve(OK), "conversation"),
    "unmerge": Line(those_who_serve(409), "conversation", {}, headers=True),
    "move_to_account": Line(those_who_serve(OK), "conversation"),
    "split": Line(those_who_serve(OK), "conversation"),
    "after_resolving": Line(those_who_serve(MADE, stranger=MADE), "", {"after": "next"}, headers=True),
    "bulk": Line(those_who_serve(409, stranger=409), "", {"act": "resolve"}, headers=True),
    "bulk_bar": Line(AT_HAND, ""),
    "bulk_count": Line(AT_HAND, ""),
    "bulk_latest": Line(AT_HAND, ""),
    "bulk_progress": Line(NOBODYS, "conversation"),
    "undo_bulk": Line(NOBODYS, "conversation", {}),
    "macros": Line(AT_HAND, ""),
    "macros_at_hand": Line(AT_HAND, ""),
    "new_macro": Line(AT_HAND, ""),
    "macro": Line(NOBODYS, "conversation"),
    "move_macro": Line(NOBODYS, "conversation", {"up": "yes"}),
    "delete_macro": Line(NOBODYS, "conversation", {}),
}  # fmt: skip
