"""The company's provider as allauth finds it: in a module of this name, in an app that is installed."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest

from comptoir.web.company_sign_in.adapter import CompanyAdapter
from comptoir.web.company_sign_in.tokens import nonce_of


class CompanyProvider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth is untyped
    """OpenID Connect with a nonce, and addresses that count only where the provider says that they are verified."""

    oauth2_adapter_class = CompanyAdapter

    def wk_server_url(self, url: str) -> str:
        """Where the provider describes itself; some issuers end in a slash."""
        return str(super().wk_server_url(url.rstrip("/")))

    def get_pkce_params(self) -> dict[str, str]:
        """What goes along to the provider, with the nonce beside PKCE's challenge."""
        asked: dict[str, str] = super().get_pkce_params()
        return asked | {"nonce": nonce_of(asked["code_verifier"])}

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, Any]:
        """Nothing that an address in somebody's link could add."""
        return dict(self.get_auth_params())

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """The same of what is asked for."""
        return list(self.get_scope())

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """The address, verified or not. Some providers write booleans as words, and “false” is a word too."""
        claims = data["userinfo"]
        if not claims.get("email"):
            return []
        verified = claims.get("email_verified") in (True, "true")
        return [EmailAddress(email=claims["email"], verified=verified, primary=True)]


provider_classes = [CompanyProvider]
