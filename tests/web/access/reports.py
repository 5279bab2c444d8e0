"""The figures: those who serve see their teams', supervisors and directors everybody's."""

from __future__ import annotations

from tests.web.access.expecting import OK, REFUSED, ROLES, Line, expect

_READING = expect(
    stranger=OK, **dict.fromkeys(ROLES, OK) | dict.fromkeys(("expert", "reader"), REFUSED)
)  # fmt: skip

TABLE: dict[str, Line] = {
    "reports": Line(_READING),
    "export_report": Line(_READING),
    "report_conversations": Line(
        dict.fromkeys(_READING, 404) | {"anonymous": 302, "expert": REFUSED, "reader": REFUSED}
    ),
}
