"""Signing in to Reddit (OAuth 2.0), and renewing the access, which ends after a day at most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import httpx

from comptoir.connectors.base import AuthError, OAuth, OfferedAccount, Scope
from comptoir.connectors.reddit.api import SITE, Api
from comptoir.connectors.shared.calling import Answered
from comptoir.connectors.shared.untrusted import inside, instant, name, whole

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
_AHEAD = timedelta(minutes=10)


def exchange(
    credentials: Mapping[str, str], http: httpx.Client, code: str, *, redirect_url: str
) -> Sequence[OfferedAccount]:
    """The one account that a sign-in opens. Raises AuthError."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_url}
    opened = {**credentials, **_tokens(Api(credentials, http).token(form))}
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


def renew_at(credentials: Mapping[str, str]) -> datetime | None:
    """Ten minutes before the access ends; None where it cannot be renewed or its end is not known."""
    ends_at = instant(credentials.get("expires_at"))
    return ends_at - _AHEAD if ends_at is not None and credentials.get("refresh_token") else None


def renew(credentials: Mapping[str, str], http: httpx.Client) -> Mapping[str, str]:
    """The refresh token stays good until it is revoked. Raises AuthError."""
    refresh_token = credentials.get("refresh_token", "")
    if not refresh_token:
        raise AuthError("Nobody has signed in to Reddit for this account yet.")
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return {**credentials, **_tokens(Api(credentials, http).token(form))}


def revoke(credentials: Mapping[str, str], http: httpx.Client) -> None:
    """Give the access back; Reddit takes back what belongs to it, and says nothing of what is gone."""
    token = credentials.get("refresh_token")
    if token:
        form = {"token": token, "token_type_hint": "refresh_token"}
        Api(credentials, http).token(form, path="/api/v1/revoke_token")


def _tokens(answer: Answered) -> dict[str, str]:
    access, refresh = (name(inside(answer.content, key)) for key in ("access_token", "refresh_token"))
    if access is None:
        raise AuthError("Reddit answered without an access.")
    tokens = {"access_token": access, **({"refresh_token": refresh} if refresh else {})}
    seconds = whole(inside(answer.content, "expires_in"))
    if answer.at is not None and seconds is not None and 0 < seconds < 10**8:
        tokens["expires_at"] = (answer.at + timedelta(seconds=seconds)).isoformat()
    granted = name(inside(answer.content, "scope"))
    return {**tokens, "granted": granted} if granted else tokens


def missing_scopes(credentials: Mapping[str, str]) -> list[Scope]:
    """The permissions that were asked for and not granted, where Reddit said which were."""
    granted = credentials.get("granted", "").replace(",", " ").split()
    return [scope for scope in OAUTH.scopes if granted and "*" not in granted and scope.name not in granted]
