"""Telling Meta where to deliver: an app has one address for each kind of object, and accounts subscribe to the app.

Source: developers.facebook.com, "Application Subscriptions" and "Page Subscribed Apps".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from comptoir.connectors.base import PermanentError
from comptoir.connectors.shared.graph.api import Graph, listed
from comptoir.connectors.shared.untrusted import flag, mappings, name

#: What a Page's app must be told for Facebook and for Messenger: one app, and one list, serves both.
PAGE_FIELDS = (
    "feed", "mention", "ratings", "messages", "messaging_postbacks", "messaging_optins", "messaging_referrals",
    "messaging_handovers", "message_deliveries", "message_reads", "message_echoes", "message_reactions",
    "message_edits", "standby", "messaging_feedback",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AppHook:
    """Where an app delivers what happens to ``object_name``; ``app_id`` is the app's own id."""

    graph: Graph
    app_id: str
    verify_token: str
    object_name: str
    fields: Sequence[str]

    def set_address(self, url: str) -> None:
        """Have the app deliver to ``url``; Meta asks there at once whether we know the verification token."""
        body = {
            "object": self.object_name,
            "callback_url": url,
            "verify_token": self.verify_token,
            "fields": ",".join(self.fields),
        }
        self._as_app().call("POST", f"{self.app_id}/subscriptions", data=body, repeatable=True)

    def delivers_to(self, url: str) -> bool:
        """Whether the app delivers these fields to ``url``, or to another address of ours.

        One app serves many accounts by one address: what comes there is handed to each account that it is about.
        """
        for one in listed(self._as_app().get(f"{self.app_id}/subscriptions")):
            told = {name(field.get("name")) for field in mappings(one.get("fields"))}
            if name(one.get("object")) == self.object_name and flag(one.get("active")):
                return set(self.fields) <= told and is_same_house(name(one.get("callback_url")) or "", url)
        return False

    def _as_app(self) -> Graph:
        """Only the app itself may read and change where it delivers."""
        if not (self.app_id and self.graph.secret):
            raise PermanentError(
                "Without the app’s id and secret, %(network)s cannot be told where to deliver: set the address in the "
                "app’s settings at Meta.",
                network=self.graph.label,
            )
        return replace(self.graph, token=f"{self.app_id}|{self.graph.secret}", secret="")


def subscribe_account(graph: Graph, fields: Sequence[str]) -> None:
    """Have the account's events go to the app. Doing it twice is a success."""
    graph.call("POST", "me/subscribed_apps", data={"subscribed_fields": ",".join(fields)}, repeatable=True)


def missing_fields(graph: Graph, fields: Sequence[str]) -> list[str]:
    """Which of ``fields`` the account does not send to the app."""
    told = {field for app in listed(graph.get("me/subscribed_apps")) for field in app.get("subscribed_fields") or ()}
    return [field for field in fields if field not in told]


def is_same_house(known: str, wanted: str) -> bool:
    """Whether two addresses of webhooks are of the same installation: an app serves all of its accounts by one."""
    here, there = urlsplit(known), urlsplit(wanted)
    return (here.scheme, here.netloc) == (there.scheme, there.netloc) and bool(here.netloc)
