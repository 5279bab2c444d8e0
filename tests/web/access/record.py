"""What happened: the record, and what could not be read."""

from __future__ import annotations

from tests.web.access.expecting import DONE, OK, WATCH, Line, only

TABLE: dict[str, Line] = {
    "record": Line(only(*WATCH, status=OK)),
    "export_record": Line(only(*WATCH, status=OK), "csv"),
    "deliveries": Line(only(*WATCH, status=OK)),
    "delivery": Line(only(*WATCH, status=OK), "delivery"),
    "replay_deliveries": Line(only(*WATCH, status=DONE), "", {"id": "delivery"}),
}  # fmt: skip
