"""What can go wrong between us and the company's identity provider."""

from __future__ import annotations

from allauth.socialaccount.providers.oauth2.client import OAuth2Error


class ProviderAwayError(OAuth2Error):  # type: ignore[misc]  # allauth is untyped
    """The provider does not answer, or not as OpenID Connect has it."""


class ExchangeRefusedError(OAuth2Error):  # type: ignore[misc]  # allauth is untyped
    """The provider answers, and does not give us the tokens for the code."""


class TokenRefusedError(OAuth2Error):  # type: ignore[misc]  # allauth is untyped
    """What the provider is said to have signed is not to be believed."""
