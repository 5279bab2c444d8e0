"""Accesses by OAuth 2.0 (RFC 6749): what a network answers for a code or a refresh token, and when to renew it.

How a network is asked differs (a form, JSON, Basic authentication); what comes back, and what follows, does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from comptoir.connectors.base import AuthError, OAuth, Scope
from comptoir.connectors.shared.calling import Answered
from comptoir.connectors.shared.untrusted import inside, instant, name, whole

_LONGEST_S = 10**9


@dataclass(frozen=True, slots=True)
class Tokens:
    """The accesses of one network. ``ahead``: how long before its end one is renewed.

    ``access_as`` and ``ends_as`` are the credentials that keep the access and its end; ``below`` is the field of the
    answer in which the tokens stand, where they do not stand at its top.
    """

    label: str
    ahead: timedelta
    access_as: str = "access_token"
    ends_as: str = "expires_at"
    below: str = ""

    def kept(self, answer: Answered) -> dict[str, str]:
        """The credentials that an answer brings: tokens, until when, by the network's own clock, and what was granted.

        Raises AuthError where there is no access in it.
        """
        told = inside(answer.content, self.below) if self.below else answer.content
        access, refresh = (name(inside(told, key)) for key in ("access_token", "refresh_token"))
        if access is None:
            raise AuthError("%(network)s opened no access: sign in again.", network=self.label)
        kept = {self.access_as: access, **({"refresh_token": refresh} if refresh else {})}
        seconds = whole(inside(told, "expires_in"))
        if answer.at is not None and seconds is not None and 0 < seconds < _LONGEST_S:
            kept[self.ends_as] = (answer.at + timedelta(seconds=seconds)).isoformat()
        granted = name(inside(told, "scope"))
        return {**kept, "granted": granted} if granted else kept

    def ends_at(self, credentials: Mapping[str, str]) -> datetime | None:
        """When the access ends; None where that is not known."""
        return instant(credentials.get(self.ends_as))

    def renew_at(self, credentials: Mapping[str, str]) -> datetime | None:
        """When to renew it; None where it cannot be renewed or its end is not known."""
        ends_at = self.ends_at(credentials)
        return ends_at - self.ahead if ends_at is not None and credentials.get("refresh_token") else None

    def refresh_form(self, credentials: Mapping[str, str]) -> dict[str, str]:
        """What asks for a fresh access. Raises AuthError where nobody has signed in."""
        refresh_token = credentials.get("refresh_token", "")
        if not refresh_token:
            raise self.nobody_signed_in()
        return {"grant_type": "refresh_token", "refresh_token": refresh_token}

    def bearer(self, credentials: Mapping[str, str]) -> str:
        """The access as a header says it. Raises AuthError where nobody has signed in."""
        token = credentials.get(self.access_as, "").strip()
        if not token:
            raise self.nobody_signed_in()
        return f"Bearer {token}"

    def nobody_signed_in(self) -> AuthError:
        return AuthError("Nobody has signed in to %(network)s for this account yet.", network=self.label)


def code_form(code: str, redirect_url: str, *, verifier: str = "") -> dict[str, str]:
    """What asks for an access by a sign-in's code, with PKCE's verifier where there is one."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_url}
    return {**form, "code_verifier": verifier} if verifier else form


def app_of(credentials: Mapping[str, str]) -> dict[str, str]:
    """The application, as most networks want it named in the form."""
    return {key: credentials.get(key, "").strip() for key in ("client_id", "client_secret")}


def missing_scopes(oauth: OAuth, credentials: Mapping[str, str]) -> list[Scope]:
    """The permissions that were asked for and not granted, where the network said which were."""
    granted = credentials.get("granted", "").replace(",", " ").split()
    return [scope for scope in oauth.scopes if granted and "*" not in granted and scope.name not in granted]
