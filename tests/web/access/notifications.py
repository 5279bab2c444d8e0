"""What the agent should hear of: everybody's own."""

from __future__ import annotations

from tests.web.access.expecting import DONE, OK, Line, everyone_here

BAD_REQUEST = 400
TABLE: dict[str, Line] = {
    "notifications": Line(everyone_here(OK, stranger=OK)),
    "unseen_notifications": Line(everyone_here(OK, stranger=OK)),
    "see_notifications": Line(everyone_here(DONE, stranger=DONE), "", {}),
    "notification_choices": Line(everyone_here(OK, stranger=OK)),
    "subscribe_push": Line(everyone_here(BAD_REQUEST, stranger=BAD_REQUEST), "", {}),
    "unsubscribe_push": Line(everyone_here(BAD_REQUEST, stranger=BAD_REQUEST), "", {}),
}
