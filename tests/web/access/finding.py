"""Finding and doing from anywhere: the search, the command bar, one's keys, and the counter as an application."""

from __future__ import annotations

from tests.web.access.expecting import DONE, OK, READ_LIST, Line, everyone_here, expect
from tests.web.conftest import ROLES

EVERYBODY = expect(anonymous=OK, stranger=OK, **dict.fromkeys(ROLES, OK))

TABLE: dict[str, Line] = {
    "search": Line(READ_LIST),
    "commands": Line(READ_LIST),
    "keys": Line(everyone_here(OK, stranger=OK)),
    "switch_keys": Line(everyone_here(DONE, stranger=DONE), "", {"on": "yes"}),
    "look": Line(everyone_here(DONE, stranger=DONE), "", {"theme": "dark"}),
    "styleguide": Line(everyone_here(OK, stranger=OK)),
    "manifest": Line(EVERYBODY),
    "service_worker": Line(EVERYBODY),
    "offline": Line(EVERYBODY),
}  # fmt: skip
