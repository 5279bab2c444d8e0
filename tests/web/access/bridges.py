"""What passes between teams. The hand-off is offered to the stranger's team; supervisors decide for any."""

from __future__ import annotations

from tests.web.access.expecting import DONE, GONE, MADE, OK, READ_LIST, READ_ONE, REFUSED, Line, expect, those_who_serve
from tests.web.conftest import ROLES

_TOLD_WHY = 409


def _decides() -> dict[str, int]:
    roles = dict.fromkeys(ROLES, _TOLD_WHY) | dict.fromkeys(("supervisor", "administrator"), MADE)
    return expect(stranger=MADE, **roles | dict.fromkeys(("director", "reader"), REFUSED))


def _the_expert() -> dict[str, int]:
    roles = dict.fromkeys(ROLES, GONE) | {"expert": MADE} | dict.fromkeys(("director", "reader"), REFUSED)
    return expect(stranger=GONE, **roles)


def _those_who_have_it() -> dict[str, int]:
    """To all who may hand over it is said that it was not accepted yet, or is not their team's to answer."""
    return those_who_serve(_TOLD_WHY, stranger=GONE) | {"expert": _TOLD_WHY}


TABLE: dict[str, Line] = {
    "asked": Line(READ_LIST),
    "bridges": Line(READ_ONE, "conversation"),
    "hand_off": Line(those_who_serve(OK) | {"expert": OK}, "conversation"),
    "accept_hand_off": Line(_decides(), "hand_off", {}, headers=True),
    "refuse_hand_off": Line(_decides(), "hand_off", {"reason": "Non"}, headers=True),
    "answer_hand_off": Line(_those_who_have_it(), "hand_off", {"answer": "Oui"}, headers=True),
    "use_hand_off_answer": Line(those_who_serve(_TOLD_WHY), "hand_off", {}, headers=True),
    "call_back": Line(those_who_serve(OK), "conversation"),
    "place_call_back": Line(those_who_serve(409), "call_back", {}, headers=True),
    "end_call_back": Line(those_who_serve(MADE), "call_back", {"state": "reached"}, headers=True),
    "consult": Line(those_who_serve(OK), "conversation"),
    "answer_consultation": Line(_the_expert(), "consultation", {"answer": "Oui"}, headers=True),
    "withdraw_consultation": Line(those_who_serve(MADE), "consultation", {}, headers=True),
    "use_expert_answer": Line(those_who_serve(_TOLD_WHY), "consultation", {}, headers=True),
    "offer_expert_answer": Line(those_who_serve(_TOLD_WHY) | {"expert": _TOLD_WHY}, "consultation", {}, headers=True),
    "why_hand_off_due": Line(READ_LIST, "hand_off"),
    "why_consultation_due": Line(READ_ONE, "consultation"),
    "why_matter_due": Line(READ_ONE, "matter"),
    "join_matter": Line(those_who_serve(OK), "conversation"),
    "matter": Line(READ_ONE, "matter"),
    "change_matter": Line(those_who_serve(DONE), "matter", {"title": "Panne"}),
    "part_matter": Line(those_who_serve(GONE), "matter", {"conversation": "0"}),
    "resolve_matter": Line(those_who_serve(DONE), "matter", {}),
    "reopen_matter": Line(those_who_serve(DONE), "matter", {}),
    "withdraw_hand_off": Line(those_who_serve(MADE, stranger=GONE) | {"expert": MADE}, "hand_off", {}, headers=True),
}
