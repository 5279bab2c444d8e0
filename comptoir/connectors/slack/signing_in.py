"""Installing the application in a workspace (OAuth v2), and renewing its token where Slack lets it end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import httpx

from comptoir.connectors.base import AuthError, OAuth, OfferedAccount, Scope
from comptoir.connectors.shared.calling import Answered, Network
from comptoir.connectors.shared.untrusted import inside, mapping, name, whole
from comptoir.connectors.slack.api import API, LABEL, judge

_MARGIN = timedelta(minutes=30)

OAUTH = OAuth(
    authorize_url="https://slack.com/oauth/v2/authorize",
    scopes=(
        Scope("app_mentions:read", ("Lire les mentions de l’application.", "Reading mentions of the application.")),
        Scope("channels:history", ("Lire les canaux publics où elle est.", "Reading public channels it is in.")),
        Scope("groups:history", ("Lire les canaux privés où elle est.", "Reading private channels it is in.")),
        Scope("im:history", ("Lire les messages directs qu’elle reçoit.", "Reading direct messages to it.")),
        Scope("mpim:history", ("Lire les messages de groupe où elle est.", "Reading group messages it is in.")),
        Scope("channels:read", ("Trouver ces canaux pour l’historique.", "Finding these channels for the history.")),
        Scope("groups:read", ("De même pour les canaux privés.", "The same for private channels.")),
        Scope("im:read", ("De même pour les messages directs.", "The same for direct messages.")),
        Scope("mpim:read", ("De même pour les messages de groupe.", "The same for group messages.")),
        Scope("chat:write", ("Répondre, modifier et reprendre nos messages.", "Answering, changing, taking back.")),
        Scope("files:read", ("Ouvrir les fichiers reçus.", "Opening files received.")),
        Scope("reactions:read", ("Voir les réactions.", "Seeing reactions.")),
        Scope("reactions:write", ("Réagir aux messages.", "Reacting to messages.")),
    ),
    scope_separator=",",
    uses_pkce=False,
)


def exchange(credentials: Mapping[str, str], http: httpx.Client, code: str, redirect_url: str) -> OfferedAccount:
    """The workspace that a code opens. Raises AuthError."""
    asked = {"code": code, "redirect_uri": redirect_url}
    answered = _token(credentials, http, asked)
    content = mapping(answered.content)
    own_id, team = name(content.get("bot_user_id")), name(inside(content, "team", "name")) or ""
    if own_id is None:
        raise AuthError("Slack opened no access for an application: sign in again.")
    return OfferedAccount(own_id, team, {**credentials, **_tokens(answered)})


def renew(credentials: Mapping[str, str], http: httpx.Client) -> Mapping[str, str]:
    """All credentials with a fresh token. Raises AuthError."""
    asked = {"grant_type": "refresh_token", "refresh_token": credentials.get("refresh_token", "")}
    return {**credentials, **_tokens(_token(credentials, http, asked))}


def renew_at(credentials: Mapping[str, str]) -> datetime | None:
    """Half an hour before the token ends; None where it does not."""
    try:
        ends = datetime.fromisoformat(credentials.get("token_ends_at", ""))
    except ValueError:
        return None
    return ends - _MARGIN if credentials.get("refresh_token") else None


def _token(credentials: Mapping[str, str], http: httpx.Client, asked: Mapping[str, str]) -> Answered:
    ours = {key: credentials.get(key, "").strip() for key in ("client_id", "client_secret")}
    return Network(LABEL, http, judge).call("POST", f"{API}/oauth.v2.access", data={**ours, **asked}, repeatable=True)


def _tokens(answered: Answered) -> dict[str, str]:
    """The token and, in workspaces where it ends, when, by Slack's own clock, and what renews it."""
    content = mapping(answered.content)
    token, refresh, lasts_s = (
        name(content.get("access_token")), name(content.get("refresh_token")), whole(content.get("expires_in")),
    )  # fmt: skip
    if token is None:
        raise AuthError("Slack opened no access for an application: sign in again.")
    kept = {"bot_token": token}
    if refresh and lasts_s and answered.at and 0 < lasts_s < 10**9:
        ends = answered.at + timedelta(seconds=lasts_s)
        kept |= {"refresh_token": refresh, "token_ends_at": ends.isoformat()}
    return kept
