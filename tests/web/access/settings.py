"""Accounts, people, and the logs."""

from __future__ import annotations

from tests.web.access.expecting import DONE, OK, WATCH, Line, everyone_here, expect, only
from tests.web.conftest import ROLES

TABLE: dict[str, Line] = {
    "accounts": Line(only(*WATCH, status=OK)),
    "choose_kind": Line(only("administrator", status=OK)),
    "connect": Line(only("administrator", status=OK), "fake"),
    "account": Line(only(*WATCH, status=OK), "account"),
    "check_account": Line(only("administrator", status=DONE), "account", {}),
    "pause_account": Line(only("administrator", status=DONE), "account", {}),
    "reconnect_account": Line(only("administrator", status=OK), "account"),
    "deliveries": Line(only(*WATCH, status=OK)),
    "delivery": Line(only(*WATCH, status=OK), "delivery"),
    "replay_deliveries": Line(only(*WATCH, status=DONE), "", {"id": "delivery"}),
    "people": Line(only("administrator", status=OK)),
    "new_agent": Line(only("administrator", status=OK)),
    "me": Line(everyone_here(OK, stranger=OK)),
    "sign_in": Line(expect(anonymous=OK, stranger=OK, **dict.fromkeys(ROLES, OK)), "token"),
}  # fmt: skip
