"""The bot: those who serve rule on what it decided, whoever reads may ask why, supervisors set it."""

from __future__ import annotations

from tests.web.access.expecting import DONE, GONE, OK, WATCH, Line, everyone_here, only, those_who_serve

TABLE: dict[str, Line] = {
    "arbitration": Line(those_who_serve(OK, stranger=OK)),
    "bot_decision": Line(everyone_here(OK, stranger=GONE), "decision"),
    "rule_on_decision": Line(those_who_serve(DONE), "decision", {"verdict": "right"}),
    "bot": Line(only(*WATCH, status=OK)),
    "bot_switch": Line(only(*WATCH, status=DONE), "", {"stopped": "yes"}),
    "account_bot": Line(only(*WATCH, status=OK), "account"),
    "bot_entry_rest": Line(only(*WATCH, status=DONE), "drafted_entry", {"rests": "yes"}),
    "bot_entry_target": Line(only("administrator", status=DONE), "drafted_entry", {"least_per_cent": "95"}),
}
