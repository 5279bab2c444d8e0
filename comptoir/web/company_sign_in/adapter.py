"""Our side of the exchange with the provider: discovery, code for tokens, tokens for a person."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from requests import RequestException

from comptoir.web.company_sign_in.errors import ExchangeRefusedError, ProviderAwayError, TokenRefusedError
from comptoir.web.company_sign_in.tokens import nonce_of, verified_claims

_DISCOVERED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
#: What is kept of a person: to be found again, and to be told apart by an administrator.
_KEPT = ("sub", "email", "email_verified", "name")


class CompanyAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth is untyped
    """allauth's own trusts an id token that it fetched itself, and asks for no nonce. This one verifies both."""

    _nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """How the provider describes itself. Raises ProviderAwayError."""
        try:
            found = super().openid_config
        except (RequestException, ValueError) as error:
            raise ProviderAwayError(f"discovery: {error}") from error
        missing = [name for name in _DISCOVERED if not (isinstance(found, dict) and found.get(name))]
        if missing:
            raise ProviderAwayError(f"discovery: nothing said of {', '.join(missing)}")
        return dict(found)

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        """Give the code for tokens. Raises ProviderAwayError, ExchangeRefusedError."""
        self._nonce = nonce_of(pkce_code_verifier or "")
        try:
            tokens = super().get_access_token_data(request, app, client, pkce_code_verifier=pkce_code_verifier)
        except (RequestException, KeyError, ValueError) as error:
            raise ProviderAwayError(f"tokens: {error}") from error
        except OAuth2Error as error:
            raise error if isinstance(error, ProviderAwayError) else ExchangeRefusedError(str(error)) from error
        return dict(tokens)

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **answered: Any) -> Any:
        """Who has signed in there. Raises ProviderAwayError, TokenRefusedError."""
        id_token = answered["response"].get("id_token")
        if not id_token:
            raise TokenRefusedError("id token: there is none")
        claims = verified_claims(
            id_token, keys=self._fetched(self.openid_config["jwks_uri"]), issuer=self.openid_config["issuer"],
            client_id=app.client_id, nonce=self._nonce,
        )  # fmt: skip
        told = claims | self._userinfo(token.token, claims["sub"])
        return self.get_provider().sociallogin_from_response(
            request, {"userinfo": {name: told[name] for name in _KEPT if name in told}}
        )

    def _userinfo(self, access_token: str, subject: str) -> dict[str, Any]:
        """What the provider adds on request, where it does, of the same person as the id token's."""
        address = self.openid_config.get("userinfo_endpoint")
        if not address:
            return {}
        told = self._fetched(address, {"Authorization": f"Bearer {access_token}"})
        if told.get("sub") != subject:
            raise TokenRefusedError("userinfo: of somebody else than the id token (sub)")
        return told

    def _fetched(self, address: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        try:
            with get_adapter().get_requests_session() as session:
                answer = session.get(address, headers=headers)
                answer.raise_for_status()
                return dict(answer.json())
        except (RequestException, ValueError, TypeError) as error:
            raise ProviderAwayError(f"{address}: {error}") from error
