"""From public to private."""

from __future__ import annotations

from tests.web.access.expecting import OK, READ_ONE, Line, those_who_serve

TABLE: dict[str, Line] = {
    "private": Line(READ_ONE, "conversation"),
    "invite": Line(those_who_serve(409), "conversation", {"way": "link"}, headers=True),
    "close_in_public": Line(those_who_serve(OK), "conversation", {}, headers=True),
}
