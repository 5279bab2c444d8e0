"""Who gets it: rules, teams' ways, skills; and why a conversation is with whom."""

from __future__ import annotations

from tests.web.access.expecting import BAD, DONE, OK, READ_ONE, WATCH, Line, only

_WATCH = only(*WATCH, status=OK)
_WATCH_ACTS = only(*WATCH, status=DONE)

TABLE: dict[str, Line] = {
    "routing_rules": Line(_WATCH),
    "new_routing_rule": Line(_WATCH),
    "try_routing_rule": Line(only(*WATCH, status=OK), "", {"do-vip": "yes"}, headers=True),
    "begin_routing": Line(_WATCH_ACTS, "", {}),
    "routing_rule": Line(_WATCH, "rule"),
    "move_routing_rule": Line(_WATCH_ACTS, "rule", {"up": "yes"}),
    "switch_routing_rule": Line(_WATCH_ACTS, "rule", {"on": "no"}),
    "delete_routing_rule": Line(_WATCH_ACTS, "rule", {}),
    "routing_teams": Line(_WATCH),
    "routing_team": Line(_WATCH, "team"),
    "routing_agents": Line(_WATCH),
    "routing_agent": Line(_WATCH, "colleague"),
    "new_skill": Line(only(*WATCH, status=BAD), "", {"kind": "language", "name": "klingon"}),
    "delete_skill": Line(_WATCH_ACTS, "skill", {}),
    "routing_weights": Line(_WATCH),
    "why_here": Line(READ_ONE, "conversation"),
}  # fmt: skip
