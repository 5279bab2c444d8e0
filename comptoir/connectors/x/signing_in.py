"""Signing in to X in the browser (OAuth 2.0 with PKCE), and renewing the access, which ends after two hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import httpx

from comptoir.connectors.base import AuthError, OAuth, OfferedAccount, Scope
from comptoir.connectors.shared.tokens import Tokens, code_form
from comptoir.connectors.shared.untrusted import inside, name
from comptoir.connectors.x.api import Api

OAUTH = OAuth(
    authorize_url="https://x.com/i/oauth2/authorize",
    scopes=(
        Scope("tweet.read", ("lire les mentions et les réponses", "read mentions and replies")),
        Scope("users.read", ("savoir qui écrit", "know who writes")),
        Scope("tweet.write", ("répondre en public, supprimer nos réponses", "answer in public, delete our answers")),
        Scope("tweet.moderate.write", ("masquer des réponses sous nos posts", "hide replies under our posts")),
        Scope("dm.read", ("lire les messages privés", "read direct messages")),
        Scope("dm.write", ("répondre en privé", "answer in private")),
        Scope("media.write", ("joindre des images", "attach pictures")),
        Scope("like.read", ("voir nos mentions « J’aime »", "see our likes")),
        Scope("like.write", ("aimer un post", "like a post")),
        Scope("offline.access", ("rester connecté sans redemander", "stay signed in without asking again")),
    ),
)
TOKENS = Tokens("X", ahead=timedelta(minutes=10))


def exchange(
    credentials: Mapping[str, str], http: httpx.Client, code: str, *, redirect_url: str, verifier: str
) -> Sequence[OfferedAccount]:
    """The one account that a sign-in opens. Raises AuthError."""
    form = code_form(code, redirect_url, verifier=verifier)
    opened = {**credentials, **TOKENS.kept(Api(credentials, http).token(form))}
    user = inside(Api(opened, http).get("/2/users/me").content, "data")
    own_id, handle = name(inside(user, "id")), name(inside(user, "username"))
    if own_id is None:
        raise AuthError("X opened an access without saying whose it is.")
    return (OfferedAccount(own_id, f"@{handle}" if handle else own_id, opened),)


def renew(credentials: Mapping[str, str], http: httpx.Client) -> Mapping[str, str]:
    """A refresh token works once: the answer brings the next. Raises AuthError."""
    return {**credentials, **TOKENS.kept(Api(credentials, http).token(TOKENS.refresh_form(credentials)))}


def revoke(credentials: Mapping[str, str], http: httpx.Client) -> None:
    """Give the access back; one that is gone already is a success."""
    for kind in ("refresh_token", "access_token"):
        if not credentials.get(kind):
            continue
        form = {"token": credentials[kind], "token_type_hint": kind}
        try:
            Api(credentials, http).token(form, path="/2/oauth2/revoke")
        except AuthError:
            continue
