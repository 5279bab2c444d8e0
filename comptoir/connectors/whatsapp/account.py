"""One number: who it is, where its deliveries go, where its files are.

Source: facebook/openapi, business-messaging v23.0: phone numbers, subscribed_apps, media.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from comptoir.connectors.base import Addressee, Health, HookRequest, MediaSource, PayloadError, PermanentError
from comptoir.connectors.shared.graph import pages
from comptoir.connectors.shared.graph.api import Graph, listed
from comptoir.connectors.shared.graph.envelope import Change, parts
from comptoir.connectors.shared.graph.subscriptions import is_same_house
from comptoir.connectors.shared.untrusted import load, name
from comptoir.connectors.whatsapp import setting_up
from comptoir.connectors.whatsapp.contents import SCHEME
from comptoir.connectors.whatsapp.people import company_of
from comptoir.core.reasons import Reason


@dataclass(frozen=True, slots=True)
class Account:
    """A number and the business account that owns it."""

    graph: Graph
    credentials: Mapping[str, str]

    @property
    def phone_number_id(self) -> str:
        """The number's id. Raises PermanentError where it was not filled in."""
        identifier = self.credentials.get("phone_number_id", "").strip()
        if not identifier.isdecimal():
            raise PermanentError("The phone number ID is missing: a row of figures, from your app’s API Setup.")
        return identifier

    def health(self) -> Health:
        """Who we are, and what is not in order. Raises as `Connector.check`."""
        fields = "id,display_phone_number,verified_name,quality_rating,account_mode"
        told = self.graph.get(self.phone_number_id, fields=fields)
        remarks = [
            Reason("The permission “%(scope)s” was not given: sign in again.", scope=scope)
            for scope in pages.missing_scopes(self.graph, setting_up.SCOPES)
        ]
        if name(told.get("quality_rating")) == "RED":
            remarks.append(Reason("WhatsApp rates the quality of this number as low: it may be restricted."))
        if name(told.get("account_mode")) == "SANDBOX":
            remarks.append(Reason("This is a test number: it may write to few numbers only."))
        handle = name(told.get("display_phone_number")) or ""
        self._waba_id()  # its absence is told now, not once nothing is delivered
        own_id = name(told.get("id")) or self.phone_number_id
        return Health(own_id, handle, name(told.get("verified_name")) or handle, remarks=tuple(remarks))

    def subscribe(self, url: str) -> None:
        """Have the business account's deliveries go to ``url``. Doing it twice is a success."""
        body = {"override_callback_uri": url, "verify_token": self.credentials.get("verify_token", "")}
        self.graph.call("POST", f"{self._waba_id()}/subscribed_apps", json=body, repeatable=True)

    def is_subscribed(self, url: str) -> bool:
        """Whether they go to ``url`` or another address of ours, which hands them to each number they are about."""
        return any(is_same_house(address, url) for address in self._subscriptions())

    def locate(self, url: str) -> MediaSource:
        """Where a file is for the next five minutes; it is given out to our token only."""
        identifier = url.removeprefix(SCHEME)
        if not url.startswith(SCHEME) or not identifier.isascii() or not identifier.isalnum():
            raise PermanentError("“%(url)s” names no file of WhatsApp’s.", url=url)
        address = name(self.graph.get(identifier).get("url"))
        if address is None or not address.startswith("https://"):
            raise PermanentError("WhatsApp no longer has this file.")
        return MediaSource(address, {"Authorization": f"Bearer {self.graph.token}"})

    def _subscriptions(self) -> list[str]:
        """The addresses that the business account delivers to; an app's own address shows as an empty one."""
        told = listed(self.graph.get(f"{self._waba_id()}/subscribed_apps"))
        return [name(one.get("override_callback_uri")) or "" for one in told]

    def _waba_id(self) -> str:
        identifier = self.credentials.get("waba_id", "").strip()
        if not identifier.isdecimal():
            raise PermanentError(
                "The WhatsApp Business account ID is missing: a row of figures, from your app’s API Setup."
            )
        return identifier


def addressees(request: HookRequest) -> list[Addressee]:
    """The numbers that a delivery is about."""
    try:
        delivered = parts(load(request.body)) or []
    except PayloadError:
        return []
    found = [company_of(part.value).phone_number_id for part in delivered if isinstance(part, Change)]
    return [Addressee("whatsapp", number) for number in dict.fromkeys(found) if number]
