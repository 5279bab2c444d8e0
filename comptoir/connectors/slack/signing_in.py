"""Installing the application in a workspace (OAuth v2), and renewing its token where Slack lets it end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import httpx

from comptoir.connectors.base import AuthError, OAuth, OfferedAccount, Scope
from comptoir.connectors.shared.calling import Answered, Network
from comptoir.connectors.shared.tokens import Tokens, app_of
from comptoir.connectors.shared.untrusted import inside, mapping, name
from comptoir.connectors.slack.api import API, LABEL, judge

#: Only in workspaces that rotate tokens does one end.
TOKENS = Tokens(LABEL, ahead=timedelta(minutes=30), access_as="bot_token", ends_as="token_ends_at")

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
        Scope("files:write", ("Envoyer des fichiers.", "Sending files.")),
        Scope("users:read", ("Voir le nom de ceux qui écrivent.", "Seeing the names of those who write.")),
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
    return OfferedAccount(own_id, team, {**credentials, **TOKENS.kept(answered)})


def renew(credentials: Mapping[str, str], http: httpx.Client) -> Mapping[str, str]:
    """All credentials with a fresh token. Raises AuthError."""
    return {**credentials, **TOKENS.kept(_token(credentials, http, TOKENS.refresh_form(credentials)))}


def _token(credentials: Mapping[str, str], http: httpx.Client, asked: Mapping[str, str]) -> Answered:
    form = {**app_of(credentials), **asked}
    return Network(LABEL, http, judge).call("POST", f"{API}/oauth.v2.access", data=form, repeatable=True)
