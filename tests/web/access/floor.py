"""The floor: whoever sees every team watches it; supervisors act on it."""

from __future__ import annotations

from tests.web.access.expecting import MADE, OK, WATCH, Line, only, those_who_serve

_WATCHED = only("supervisor", "director", "administrator", status=OK)

TABLE: dict[str, Line] = {
    "floor": Line(_WATCHED),
    "floor_parts": Line(_WATCHED),
    "presences_of": Line(only(*WATCH, status=OK), "colleague"),
    "teams_of": Line(only(*WATCH, status=OK), "colleague"),
    "set_availability_of": Line(only(*WATCH, status=MADE), "colleague", {"availability": "away"}, headers=True),
    "set_teams_of": Line(only(*WATCH, status=MADE), "colleague", {"to": "team"}, headers=True),
    "call_for_help": Line(those_who_serve(OK), "conversation", {}, headers=True),
}
