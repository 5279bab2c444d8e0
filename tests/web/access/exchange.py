"""One conversation: what is read of it."""

from __future__ import annotations

from tests.web.access.expecting import GONE, MADE, OK, READ_ONE, Line, everyone_here, those_who_serve

TABLE: dict[str, Line] = {
    "conversation": Line(READ_ONE, "conversation"),
    "exchange": Line(READ_ONE, "conversation"),
    "note_seen": Line(everyone_here(MADE, stranger=GONE), "conversation", {}),
    "thread": Line(READ_ONE, "conversation"),
    "conversation_head": Line(READ_ONE, "conversation"),
    "receivers": Line(those_who_serve(OK), "conversation"),
    "macros_offered": Line(those_who_serve(OK), "conversation"),
    "conversation_person": Line(READ_ONE, "conversation"),
    "why_due": Line(READ_ONE, "conversation"),
    "composer": Line(READ_ONE, "conversation"),
    "colleagues_drafts": Line(READ_ONE, "conversation"),
    "original": Line(READ_ONE, "incoming"),
    "attachment": Line(READ_ONE, "attachment"),
    "templates": Line(those_who_serve(OK), "conversation"),
    "edit_message": Line(those_who_serve(OK), "sent"),
    "report_message": Line(those_who_serve(OK), "incoming"),
    "reading": Line(those_who_serve(OK) | {"expert": OK}, "incoming"),
    "correct_reading": Line(those_who_serve(OK) | {"expert": OK}, "incoming", {"urgency": "2"}, headers=True),
    "message_acts": Line(those_who_serve(OK), "incoming"),
    "ask_network": Line(those_who_serve(MADE), "sent/delete", {}, headers=True),
}  # fmt: skip
