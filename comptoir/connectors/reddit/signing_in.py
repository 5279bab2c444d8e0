"""Signing in to Reddit (OAuth 2.0), and renewing the access, which ends after a day at most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import httpx

from comptoir.connectors.base import AuthError, OAuth, OfferedAccount, Scope
from comptoir.connectors.reddit.api import SITE, Api
from comptoir.connectors.shared.tokens import Tokens, code_form
from comptoir.connectors.shared.untrusted import inside, name

OAUTH = OAuth(
    authorize_url=f"{SITE}/api/v1/authorize",
    scopes=(
        Scope("identity", ("savoir quel compte est connecté", "know which account is connected")),
        Scope("read", ("lire les posts et les commentaires", "read posts and comments")),
        Scope("submit", ("répondre en public", "answer in public")),
        Scope("edit", ("modifier et supprimer nos réponses", "change and delete our answers")),
        Scope("history", ("retrouver nos propres commentaires", "find our own comments again")),
        Scope("privatemessages", ("lire les messages privés, y répondre", "read and answer private messages")),
        Scope("modposts", ("retirer et approuver, là où le compte modère", "remove and approve, where it moderates")),
        Scope("modmail", ("lire le courrier des modérateurs, y répondre", "read and answer the moderators’ mail")),
    ),
    uses_pkce=False,
    extra={"duration": "permanent"},
)
TOKENS = Tokens("Reddit", ahead=timedelta(minutes=10))


def exchange(
    credentials: Mapping[str, str], http: httpx.Client, code: str, *, redirect_url: str
) -> Sequence[OfferedAccount]:
    """The one account that a sign-in opens. Raises AuthError."""
    opened = {**credentials, **TOKENS.kept(Api(credentials, http).token(code_form(code, redirect_url)))}
    own_id, handle = who(Api(opened, http))
    return (OfferedAccount(own_id, f"u/{handle}", {**opened, "username": handle}),)


def who(api: Api) -> tuple[str, str]:
    """Our own id, as authors are named by it, and our name. Raises AuthError."""
    me = api.get("/api/v1/me").content
    bare, handle = name(inside(me, "id")), name(inside(me, "name"))
    if bare is None or handle is None:
        raise AuthError("Reddit opened an access without saying whose it is.")
    if inside(me, "is_suspended") is True:
        raise AuthError("Reddit has suspended this account.")
    return f"t2_{bare.removeprefix('t2_')}", handle


def renew(credentials: Mapping[str, str], http: httpx.Client) -> Mapping[str, str]:
    """The refresh token stays good until it is revoked. Raises AuthError."""
    return {**credentials, **TOKENS.kept(Api(credentials, http).token(TOKENS.refresh_form(credentials)))}


def revoke(credentials: Mapping[str, str], http: httpx.Client) -> None:
    """Give the access back; Reddit takes back what belongs to it, and says nothing of what is gone."""
    token = credentials.get("refresh_token")
    if token:
        form = {"token": token, "token_type_hint": "refresh_token"}
        Api(credentials, http).token(form, path="/api/v1/revoke_token")
