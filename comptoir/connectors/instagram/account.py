"""One professional account, by either of two sign-ins: Instagram's own, or that of the Page it is linked with.

Both speak the same API on different hosts; by the Page's, private messages belong to the Page.
Source: Instagram Platform, "Overview" (Instagram API with Instagram Login, with Facebook Login).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx

from comptoir.connectors.base import Health, OfferedAccount, PermanentError
from comptoir.connectors.shared.graph.api import FACEBOOK, INSTAGRAM, Graph
from comptoir.connectors.shared.graph.long_tokens import LongTokens, expires_at
from comptoir.connectors.shared.graph.subscriptions import PAGE_FIELDS, AppHook, missing_fields, subscribe_account
from comptoir.connectors.shared.untrusted import name

LABEL = "Instagram"
_CODE_URL = "https://api.instagram.com/oauth/access_token"
_HOST = "https://graph.instagram.com"
_FIELDS = (
    "comments", "live_comments", "mentions", "messages", "messaging_postbacks", "messaging_seen", "message_reactions",
    "messaging_referral", "messaging_handover", "standby", "message_edit",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Account:
    """The account, its two ways in told apart by what its credentials hold."""

    credentials: Mapping[str, str]
    http: httpx.Client

    @property
    def is_page_linked(self) -> bool:
        return bool(self.credentials.get("instagram_id", "").strip())

    @property
    def path(self) -> str:
        """What the account is called in the API's addresses."""
        return self.credentials.get("instagram_id", "").strip() or "me"

    @property
    def meta_app(self) -> str:
        """Our app's id as Meta's handover of exchanges names it; Instagram's own sign-in knows another one only."""
        return self.credentials.get("client_id", "").strip() if self.is_page_linked else ""

    @property
    def graph(self) -> Graph:
        token, secret = self.credentials.get("access_token", ""), self.credentials.get("client_secret", "")
        if self.is_page_linked:
            return Graph(LABEL, self.http, token, secret, FACEBOOK)
        return Graph(LABEL, self.http, token, "", INSTAGRAM)

    def health(self) -> Health:
        """Who this is, and until when. Raises as `Connector.check`."""
        asked = "id,username,name" if self.is_page_linked else "id,user_id,username,name"
        told = self.graph.get(self.path, fields=asked)
        own_id = name(told.get("user_id")) or name(told.get("id"))
        if own_id is None:
            raise PermanentError("Instagram answered without saying which account this is.")
        handle = name(told.get("username")) or ""
        return Health(own_id, handle, name(told.get("name")) or handle, expires_at(self.credentials))

    def subscribe(self, url: str) -> None:
        """Have the account tell the app; and, of a Page's app, have the app deliver to ``url``.

        The address of an app with Instagram's own sign-in can be set by hand only.
        """
        if self.is_page_linked:
            self._hook().set_address(url)
        subscribe_account(self.graph, self._account_fields())

    def is_subscribed(self, url: str) -> bool:
        """Whether the account tells the app and, of a Page's app, whether that delivers to us."""
        return not missing_fields(self.graph, self._account_fields()) and (
            not self.is_page_linked or self._hook().delivers_to(url)
        )

    def offered(self, code: str, redirect_url: str) -> list[OfferedAccount]:
        """The account that signed in. Raises as `SignsIn.exchange`."""
        kept = self.tokens().exchange({**self.credentials, "instagram_id": ""}, code, redirect_url)
        found = Account(kept, self.http)
        told = found.graph.get("me", fields="id,user_id,username,name")
        own_id = name(told.get("user_id")) or name(told.get("id"))
        if own_id is None:
            raise PermanentError("Instagram answered without saying which account this is.")
        return [OfferedAccount(own_id, name(told.get("username")) or own_id, kept)]

    def tokens(self) -> LongTokens:
        """Where this sign-in's tokens are traded."""
        return LongTokens(LABEL, self.http, _CODE_URL, _HOST, "ig")

    def _account_fields(self) -> Sequence[str]:
        return PAGE_FIELDS if self.is_page_linked else _FIELDS

    def _hook(self) -> AppHook:
        app_id, token = self.credentials.get("client_id", ""), self.credentials.get("verify_token", "")
        fields = [field for field in _FIELDS if field != "message_edit"]
        return AppHook(self.graph, app_id, token, "instagram", fields)
