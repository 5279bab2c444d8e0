"""Signing in to YouTube with a Google account (OAuth 2.0), and renewing the access, which ends after an hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import httpx

from comptoir.connectors.base import AuthError, OAuth, OfferedAccount, PermanentError, Scope
from comptoir.connectors.shared.calling import Answered
from comptoir.connectors.shared.untrusted import inside, instant, mappings, name, whole
from comptoir.connectors.youtube.api import Api

SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"
OAUTH = OAuth(
    authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
    scopes=(
        Scope(
            SCOPE,
            (
                "lire les commentaires et le chat en direct, y répondre, retenir ou retirer un commentaire",
                "read comments and live chat, reply, hold or remove a comment",
            ),
        ),
    ),
    extra={"access_type": "offline", "prompt": "consent"},
)
_AHEAD = timedelta(minutes=5)


def exchange(
    credentials: Mapping[str, str], http: httpx.Client, code: str, *, redirect_url: str, verifier: str
) -> Sequence[OfferedAccount]:
    """The channels that a sign-in opens. Raises AuthError, PermanentError where there is none."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_url}
    form |= {"code_verifier": verifier} if verifier else {}
    opened = {**credentials, **_tokens(Api(credentials, http).token(form))}
    found = Api(opened, http).get("channels", part="snippet", mine="true")
    channels = [(name(one.get("id")), one) for one in mappings(inside(found.content, "items"))]
    offered = [
        OfferedAccount(own_id, name(inside(one, "snippet", "title")) or own_id, opened)
        for own_id, one in channels
        if own_id
    ]
    if not offered:
        raise PermanentError("This Google account has no YouTube channel that may comment: merge or create one.")
    return offered


def renew_at(credentials: Mapping[str, str]) -> datetime | None:
    """Five minutes before the access ends; None where it cannot be renewed or its end is not known."""
    ends_at = instant(credentials.get("expires_at"))
    return ends_at - _AHEAD if ends_at is not None and credentials.get("refresh_token") else None


def renew(credentials: Mapping[str, str], http: httpx.Client) -> Mapping[str, str]:
    """Google keeps the refresh token as it is, unless it answers with another. Raises AuthError."""
    refresh_token = credentials.get("refresh_token", "")
    if not refresh_token:
        raise AuthError("Nobody has signed in to YouTube for this account yet.")
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return {**credentials, **_tokens(Api(credentials, http).token(form))}


def revoke(credentials: Mapping[str, str], http: httpx.Client) -> None:
    """Give the access back; one that is gone already is a success."""
    token = credentials.get("refresh_token") or credentials.get("access_token")
    if token:
        try:
            Api({}, http).token({"token": token}, path="/revoke")
        except AuthError:
            return


def _tokens(answer: Answered) -> dict[str, str]:
    access, refresh = (name(inside(answer.content, key)) for key in ("access_token", "refresh_token"))
    if access is None:
        raise AuthError("Google answered without an access to YouTube.")
    tokens = {"access_token": access, **({"refresh_token": refresh} if refresh else {})}
    seconds = whole(inside(answer.content, "expires_in"))
    if answer.at is not None and seconds is not None and 0 < seconds < 10**8:
        tokens["expires_at"] = (answer.at + timedelta(seconds=seconds)).isoformat()
    return tokens
