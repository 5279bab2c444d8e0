"""What the counter does by itself."""

from __future__ import annotations

from tests.web.access.expecting import BAD, DONE, OK, WATCH, Line, only

_WATCH = only(*WATCH, status=OK)
_WATCH_ACTS = only(*WATCH, status=DONE)

TABLE: dict[str, Line] = {
    "automations": Line(_WATCH),
    "new_automation": Line(_WATCH),
    "try_automation": Line(only(*WATCH, status=BAD), "", {"trigger": "received"}, headers=True),
    "begin_automations": Line(_WATCH_ACTS, "", {}),
    "automation": Line(_WATCH, "automation"),
    "automation_runs": Line(_WATCH, "automation"),
    "resume_automation": Line(_WATCH_ACTS, "automation", {"held": "run"}),
    "move_automation": Line(_WATCH_ACTS, "automation", {"up": "yes"}),
    "switch_automation": Line(_WATCH_ACTS, "automation", {"on": "no"}),
    "delete_automation": Line(_WATCH_ACTS, "automation", {}),
}  # fmt: skip
