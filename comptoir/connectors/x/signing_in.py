"""Signing in to X in the browser (OAuth 2.0 with PKCE), and renewing the access, which ends after two hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import httpx

from comptoir.connectors.base import AuthError, OAuth, OfferedAccount, Scope
from comptoir.connectors.shared.calling import Answered
from comptoir.connectors.shared.untrusted import inside, instant, name, whole
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
#: How long before its end an access is renewed.
_AHEAD = timedelta(minutes=10)


def exchange(
    credentials: Mapping[str, str], http: httpx.Client, code: str, *, redirect_url: str, verifier: str
) -> Sequence[OfferedAccount]:
    """The one account that a sign-in opens. Raises AuthError."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_url,
        "code_verifier": verifier,
    }
    opened = {**credentials, **_tokens(Api(credentials, http).token(form))}
    user = inside(Api(opened, http).get("/2/users/me").content, "data")
    own_id, handle = name(inside(user, "id")), name(inside(user, "username"))
    if own_id is None:
        raise AuthError("X opened an access without saying whose it is.")
    return (OfferedAccount(own_id, f"@{handle}" if handle else own_id, opened),)


def renew_at(credentials: Mapping[str, str]) -> datetime | None:
    """Ten minutes before the access ends; None where it cannot be renewed or its end is not known."""
    ends_at = instant(credentials.get("expires_at"))
    return ends_at - _AHEAD if ends_at is not None and credentials.get("refresh_token") else None


def renew(credentials: Mapping[str, str], http: httpx.Client) -> Mapping[str, str]:
    """A refresh token works once: the answer brings the next. Raises AuthError."""
    refresh_token = credentials.get("refresh_token", "")
    if not refresh_token:
        raise AuthError("Nobody has signed in to X for this account yet.")
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return {**credentials, **_tokens(Api(credentials, http).token(form))}


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


def _tokens(answer: Answered) -> dict[str, str]:
    access, refresh = (name(inside(answer.content, key)) for key in ("access_token", "refresh_token"))
    if access is None:
        raise AuthError("X answered without an access.")
    tokens = {"access_token": access, **({"refresh_token": refresh} if refresh else {})}
    seconds = whole(inside(answer.content, "expires_in"))
    if answer.at is not None and seconds is not None and 0 < seconds < 10**8:
        tokens["expires_at"] = (answer.at + timedelta(seconds=seconds)).isoformat()
    granted = name(inside(answer.content, "scope"))
    return {**tokens, "granted": granted} if granted else tokens


def missing_scopes(credentials: Mapping[str, str]) -> list[Scope]:
    """The permissions that were asked for and not granted, where X said which were."""
    granted = credentials.get("granted", "").split()
    return [scope for scope in OAUTH.scopes if granted and scope.name not in granted]
