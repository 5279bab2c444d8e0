from __future__ import annotations

from comptoir.connectors.base import Delivery
from comptoir.connectors.whatsapp.tests.far_side import FIXTURES, whatsapp
from tests.connectors.meta import Meta


def test_what_whatsapp_does_not_hand_out_is_unreadable() -> None:
    events = whatsapp(Meta({})).parse(Delivery((FIXTURES / "everything.json").read_bytes()))
    unreadable = [event for event in events if event.is_unreadable]
    assert len(unreadable) == 2
    assert all((event.event, event.text, event.attachments) == ("message", None, ()) for event in unreadable)
