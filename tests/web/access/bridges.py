"""What passes between teams. The hand-off is offered to the stranger's team; supervisors decide for any."""

from __future__ import annotations

from tests.web.access.expecting import GONE, MADE, OK, READ_LIST, READ_ONE, REFUSED, Line, expect, those_who_serve
from tests.web.conftest import ROLES

_TOLD_WHY = 409


def _decides() -> dict[str, int]:
    roles = dict.fromkeys(ROLES, _TOLD_WHY) | dict.fromkeys(("supervisor", "administrator"), MADE)
    return expect(stranger=MADE, **roles | dict.fromkeys(("director", "reader"), REFUSED))


TABLE: dict[str, Line] = {
    "asked": Line(READ_LIST),
    "bridges": Line(READ_ONE, "conversation"),
    "hand_off": Line(those_who_serve(OK) | {"expert": OK}, "conversation"),
    "accept_hand_off": Line(_decides(), "hand_off", {}, headers=True),
    "refuse_hand_off": Line(_decides(), "hand_off", {"reason": "Non"}, headers=True),
    "withdraw_hand_off": Line(those_who_serve(MADE, stranger=GONE) | {"expert": MADE}, "hand_off", {}, headers=True),
}
