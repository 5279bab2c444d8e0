"""One conversation: what is read of it."""

from __future__ import annotations

from tests.web.access.expecting import READ_ONE, Line

TABLE: dict[str, Line] = {
    "conversation": Line(READ_ONE, "conversation"),
    "exchange": Line(READ_ONE, "conversation"),
    "conversation_head": Line(READ_ONE, "conversation"),
    "conversation_person": Line(READ_ONE, "conversation"),
    "composer": Line(READ_ONE, "conversation"),
    "colleagues_drafts": Line(READ_ONE, "conversation"),
    "original": Line(READ_ONE, "incoming"),
    "attachment": Line(READ_ONE, "attachment"),
}  # fmt: skip
