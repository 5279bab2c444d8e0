"""An account that is a Page, or hangs on one: who it is, where it delivers, which Pages a sign-in offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from comptoir.connectors.base import Health, OfferedAccount, PermanentError, Scope
from comptoir.connectors.shared.graph import pages
from comptoir.connectors.shared.graph.api import Graph
from comptoir.connectors.shared.graph.subscriptions import PAGE_FIELDS, AppHook, missing_fields, subscribe_account
from comptoir.connectors.shared.untrusted import name
from comptoir.core.reasons import Reason


@dataclass(frozen=True, slots=True)
class PageAccount:
    """A Page, called with its own token."""

    graph: Graph
    credentials: Mapping[str, str]

    def health(self, scopes: Sequence[Scope]) -> Health:
        """Who the Page is, and what its access lacks. Raises as `Connector.check`."""
        told = self.graph.get("me", fields="id,name,username")
        own_id = name(told.get("id"))
        if own_id is None:
            raise PermanentError("%(network)s answered without saying which Page this is.", network=self.graph.label)
        return Health(
            own_id,
            name(told.get("username")) or "",
            name(told.get("name")) or own_id,
            remarks=tuple(self.remarks(scopes)),
        )

    def remarks(self, scopes: Sequence[Scope]) -> list[Reason]:
        """What the account will not be able to do, in words."""
        lacking = pages.missing_scopes(self.graph, scopes)
        return [Reason("The permission “%(scope)s” was not given: sign in again.", scope=scope) for scope in lacking]

    def subscribe(self, url: str) -> None:
        """Have the app deliver to ``url``, and the Page tell the app."""
        self._hook().set_address(url)
        subscribe_account(self.graph, PAGE_FIELDS)

    def is_subscribed(self, url: str) -> bool:
        """Whether the app delivers to us and the Page tells it everything."""
        return self._hook().delivers_to(url) and not missing_fields(self.graph, PAGE_FIELDS)

    def signed_in(self, code: str, redirect_url: str) -> list[pages.Page]:
        """The Pages that a sign-in opens. Raises PermanentError where it opens none."""
        token = pages.user_token(self.graph.label, self.graph.http, self.credentials, code, redirect_url)
        found = pages.pages_of(replace(self.graph, token=token))
        if not found:
            raise PermanentError("This person manages no Page, or chose none: sign in again and choose the Page.")
        return found

    def offered(self, code: str, redirect_url: str) -> list[OfferedAccount]:
        """Each Page as an account. Raises as `SignsIn.exchange`."""
        return [
            OfferedAccount(page.own_id, page.name, {**self.credentials, "access_token": page.token})
            for page in self.signed_in(code, redirect_url)
        ]

    def _hook(self) -> AppHook:
        app_id, token = self.credentials.get("client_id", ""), self.credentials.get("verify_token", "")
        return AppHook(self.graph, app_id, token, "page", PAGE_FIELDS)
