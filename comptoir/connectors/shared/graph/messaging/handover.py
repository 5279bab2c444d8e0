"""Passing an exchange to another app of the Page and taking it back.

Source: Messenger Platform, "Handover Protocol" (pass_thread_control, take_thread_control). Only the app that the Page
has as its default, or primary, receiver may take; the one that holds an exchange may pass it.
"""

from __future__ import annotations

from comptoir.connectors.base import PermanentError
from comptoir.connectors.shared.graph.api import Graph

#: The inbox of Meta's own Business Suite, for every Page.
PAGE_INBOX = "263902037430900"


def pass_thread(graph: Graph, person: str, app_id: str) -> None:
    """Let another app go on with this person. Raises PermanentError where its id is none."""
    if not app_id.isdecimal():
        raise PermanentError("The id of the other app is a number, as its page at Meta shows it.")
    body = {"recipient": {"id": person}, "target_app_id": app_id}
    graph.call("POST", "me/pass_thread_control", json=body, repeatable=True)


def take_thread(graph: Graph, person: str) -> None:
    """Go on with this person ourselves."""
    graph.call("POST", "me/take_thread_control", json={"recipient": {"id": person}}, repeatable=True)
