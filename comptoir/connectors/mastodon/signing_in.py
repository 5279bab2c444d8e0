"""Signing in to the account's own server (OAuth 2), with an application that was registered there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import httpx

from comptoir.connectors.base import AuthError, OAuth, OfferedAccount, PermanentError, Scope
from comptoir.connectors.mastodon.server import Server, base_url_of, network_of
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.untrusted import mapping, name

OAUTH = OAuth(
    "https://{instance}/oauth/authorize",
    (
        Scope("read", ("Lire les mentions, les messages privés et le profil.",
                       "Read mentions, private messages and the profile.")),
        Scope("write:statuses", ("Répondre, modifier et supprimer nos réponses.",
                                 "Answer, edit and delete our answers.")),
        Scope("write:media", ("Joindre des images.", "Attach images.")),
        Scope("write:favourites", ("Aimer ce qu’écrivent les clients.", "Like what customers write.")),
        Scope("write:reports", ("Signaler aux modérateurs du serveur.", "Report to the server’s moderators.")),
    ),
)  # fmt: skip


def register_application(
    credentials: Mapping[str, str], http: httpx.Client, *, redirect_url: str, site: str
) -> Mapping[str, str]:
    """The credentials with an application of ours, registered on the server: any server lets anybody.

    Source: Mastodon's API, POST /api/v1/apps. Raises PermanentError, TransientError.
    """
    form = {
        "client_name": "Comptoir",
        "redirect_uris": redirect_url,
        "scopes": " ".join(scope.name for scope in OAUTH.scopes),
        "website": site,
    }
    answer = mapping(
        network_of(http).call("POST", f"{base_url_of(credentials)}/api/v1/apps", repeatable=True, data=form).content
    )
    key, secret = name(answer.get("client_id")), name(answer.get("client_secret"))
    if key is None or secret is None:
        raise PermanentError("The server registered Comptoir without saying under which key.")
    return {**credentials, "client_id": key, "client_secret": secret}


def exchange_code(
    credentials: Mapping[str, str], http: httpx.Client, code: str, *, redirect_url: str, verifier: str
) -> Sequence[OfferedAccount]:
    """The account that a sign-in opens. Raises AuthError where the code is not taken."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": credentials.get("client_id", ""),
        "client_secret": credentials.get("client_secret", ""),
        "redirect_uri": redirect_url,
        "code_verifier": verifier,
    }
    url = f"{base_url_of(credentials)}/oauth/token"
    try:
        answer = mapping(network_of(http).call("POST", url, repeatable=False, data=form).content)
    except RefusedError as error:
        raise AuthError("The server did not take the sign-in: %(reason)s", reason=error.reason) from error
    token = name(answer.get("access_token"))
    if token is None:
        raise AuthError("The server answered the sign-in without a token.")
    opened = {**credentials, "access_token": token}
    account = mapping(Server.of(opened, http).get("/api/v1/accounts/verify_credentials"))
    shown = name(account.get("display_name")) or name(account.get("acct")) or ""
    return [OfferedAccount(name(account.get("id")) or "", shown, opened)]


def revoke_token(credentials: Mapping[str, str], http: httpx.Client) -> None:
    """Give the token back, where it came from a sign-in; one made by hand is withdrawn on the server's own pages."""
    if not (credentials.get("client_id") and credentials.get("client_secret") and credentials.get("access_token")):
        return
    form = {
        "client_id": credentials["client_id"],
        "client_secret": credentials["client_secret"],
        "token": credentials["access_token"],
    }
    try:
        network_of(http).call("POST", f"{base_url_of(credentials)}/oauth/revoke", repeatable=True, data=form)
    except (RefusedError, AuthError):
        return  # it is not, or no longer, this application's
