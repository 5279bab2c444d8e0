"""Passing an exchange to another app of the Page and taking it back; and who holds one, as deliveries tell.

Source: Messenger Platform and Instagram Messaging, "Conversation Routing" and "Handover Protocol" (pass_thread_control,
take_thread_control, request_thread_control, standby). Only the app that the Page has as its default, or primary,
receiver may take; the one that holds an exchange may pass it; any other may ask whoever holds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comptoir.connectors.base import Holder, PermanentError
from comptoir.connectors.shared.graph.api import Graph
from comptoir.connectors.shared.graph.envelope import Item, id_in
from comptoir.connectors.shared.untrusted import flag, inside, mapping

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


def app_named(app_id: str) -> str:
    """What people call an app: Meta's own inbox by its name, any other by its number."""
    return "Meta Business Suite" if app_id == PAGE_INBOX else app_id


def app_called(called: str) -> str:
    """The id of an app by what people call it."""
    return PAGE_INBOX if called == app_named(PAGE_INBOX) else called


def holder_of(item: Item, own_app: str) -> Holder | None:
    """Who holds the exchange, by one item of it; None where it does not tell. ``own_app`` is our app's id, if known."""
    for key in ("pass_thread_control", "take_thread_control"):
        if key in item.content:
            return _handed_over(mapping(item.content[key]), own_app, is_given=key == "pass_thread_control")
    if "request_thread_control" in item.content:
        asks = id_in(mapping(item.content["request_thread_control"]).get("requested_owner_app_id")) or ""
        return Holder(is_ours=True, is_implied=True, asked_by=app_named(asks)) if asks not in ("", own_app) else None
    if item.is_standby:
        app = id_in(inside(item.content, "message", "app_id")) if _is_echo(item.content) else None
        return Holder(is_ours=False, application=app_named(app or ""))
    is_customers = not _is_echo(item.content) and ("message" in item.content or "postback" in item.content)
    return Holder(is_ours=True, is_implied=True) if is_customers else None


def _handed_over(told: Mapping[str, Any], own_app: str, *, is_given: bool) -> Holder:
    """A control that was passed is told to who gets it, one that was taken to who loses it; some apps hear of all."""
    owner = id_in(told.get("new_owner_app_id")) or ""
    is_ours = owner == own_app if owner and own_app else is_given
    return Holder(is_ours, application="" if is_ours else app_named(owner))


def _is_echo(content: Mapping[str, Any]) -> bool:
    return flag(inside(content, "message", "is_echo"))
