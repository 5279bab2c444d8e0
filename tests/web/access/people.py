"""Who works here, and how each gets in."""

from __future__ import annotations

from tests.web.access.expecting import DONE, GONE, OK, Line, everyone_here, expect, only
from tests.web.conftest import ROLES

_EVERYONE = everyone_here(OK, stranger=OK)
_EVERYONE_ACTS = everyone_here(DONE, stranger=DONE)
_ADMINISTRATOR = only("administrator", status=OK)
_ADMINISTRATOR_ACTS = only("administrator", status=DONE)

TABLE: dict[str, Line] = {
    "people": Line(_ADMINISTRATOR),
    "new_agent": Line(_ADMINISTRATOR),
    "agent": Line(_ADMINISTRATOR, "colleague"),
    "agent_link": Line(_ADMINISTRATOR, "colleague", {}),
    "withdraw_invitation": Line(_ADMINISTRATOR_ACTS, "colleague", {}),
    "forget_second_factor": Line(_ADMINISTRATOR_ACTS, "colleague", {}),
    "close_agent": Line(_ADMINISTRATOR_ACTS, "colleague", {}),
    "open_agent": Line(_ADMINISTRATOR_ACTS, "colleague", {}),
    "teams": Line(_ADMINISTRATOR),
    "new_team": Line(_ADMINISTRATOR),
    "edit_team": Line(_ADMINISTRATOR, "team"),
    "colleagues": Line(_EVERYONE),
    "me": Line(_EVERYONE),
    "my_telephone": Line(_EVERYONE_ACTS, "", {"telephone": ""}),
    "my_hours": Line(_EVERYONE_ACTS, "", {"opens": "always"}),
    "availability": Line(_EVERYONE_ACTS, "", {"availability": "busy"}),
    "safety": Line(_EVERYONE),
    # The session is the colleague's: to everybody else it does not exist.
    "end_session": Line(everyone_here(GONE, stranger=GONE), "session", {}),
    "end_other_sessions": Line(_EVERYONE_ACTS, "", {}),
    "sign_in": Line(expect(anonymous=OK, stranger=OK, **dict.fromkeys(ROLES, OK)), "token"),
    "welcome": Line(_EVERYONE),
}  # fmt: skip
