"""Answers kept ready: one's own, and those of everybody."""

from __future__ import annotations

from tests.web.access.expecting import DONE, OK, REFUSED, Line, expect, those_who_serve
from tests.web.conftest import ROLES

_OWN = those_who_serve(OK, stranger=OK)
_SHARED = expect(stranger=REFUSED, **dict.fromkeys(ROLES, REFUSED) | dict.fromkeys(("supervisor", "administrator"), OK))

TABLE: dict[str, Line] = {
    "canned_responses": Line(_OWN),
    "new_canned_response": Line(_OWN),
    "canned_response": Line(_SHARED, "shared_canned"),
    "delete_canned_response": Line(
        _SHARED | dict.fromkeys(("supervisor", "administrator"), DONE), "shared_canned", {}
    ),
}  # fmt: skip
