"""Signing in to YouTube with a Google account (OAuth 2.0), and renewing the access, which ends after an hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import httpx

from comptoir.connectors.base import AuthError, OAuth, OfferedAccount, PermanentError, Scope
from comptoir.connectors.shared.tokens import Tokens, code_form
from comptoir.connectors.shared.untrusted import inside, mappings, name
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
TOKENS = Tokens("YouTube", ahead=timedelta(minutes=5))


def exchange(
    credentials: Mapping[str, str], http: httpx.Client, code: str, *, redirect_url: str, verifier: str
) -> Sequence[OfferedAccount]:
    """The channels that a sign-in opens. Raises AuthError, PermanentError where there is none."""
    form = code_form(code, redirect_url, verifier=verifier)
    opened = {**credentials, **TOKENS.kept(Api(credentials, http).token(form))}
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


def renew(credentials: Mapping[str, str], http: httpx.Client) -> Mapping[str, str]:
    """Google keeps the refresh token as it is, unless it answers with another. Raises AuthError."""
    return {**credentials, **TOKENS.kept(Api(credentials, http).token(TOKENS.refresh_form(credentials)))}


def revoke(credentials: Mapping[str, str], http: httpx.Client) -> None:
    """Give the access back; one that is gone already is a success."""
    token = credentials.get("refresh_token") or credentials.get("access_token")
    if token:
        try:
            Api({}, http).token({"token": token}, path="/revoke")
        except AuthError:
            return
