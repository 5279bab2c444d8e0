"""One conversation, or many: what is done to them."""

from __future__ import annotations

from tests.web.access.expecting import ACT, Line, those_who_serve

TABLE: dict[str, Line] = {
    "assign": Line(ACT, "conversation", {"to": "me"}, headers=True),
    "change_team": Line(ACT, "conversation", {"to": "team"}, headers=True),
    "resolve": Line(ACT, "conversation", {}, headers=True),
    "reopen": Line(those_who_serve(409), "conversation", {}, headers=True),
    "tag": Line(ACT, "conversation", {"name": "colis"}, headers=True),
    "untag": Line(ACT, "conversation", {"name": "colis"}, headers=True),
}  # fmt: skip
