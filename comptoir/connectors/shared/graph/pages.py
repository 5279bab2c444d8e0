"""Signing in to Facebook and choosing among one's Pages: their tokens do not end while the permission lasts.

Source: developers.facebook.com, "Manually Build a Login Flow", "Long-Lived Access Tokens", "Page accounts".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from comptoir.connectors.base import AuthError, ConnectorError, CredentialField, OAuth, PermanentError, Scope
from comptoir.connectors.shared.calling import Network, RefusedError
from comptoir.connectors.shared.graph.api import FACEBOOK, VERSION, Graph, listed
from comptoir.connectors.shared.graph.errors import judged
from comptoir.connectors.shared.untrusted import items, mapping, name

_AUTHORIZE_URL = f"https://www.facebook.com/{VERSION.name}/dialog/oauth"

CLIENT_ID = CredentialField(
    "client_id",
    ("Identifiant de l’app", "App ID"),
    (
        "Dans developers.facebook.com, votre app, Paramètres, Général.",
        "In developers.facebook.com, your app, Settings, Basic.",
    ),
)
CLIENT_SECRET = CredentialField(
    "client_secret",
    ("Clé secrète de l’app", "App secret"),
    (
        "Au même endroit. Elle sert aussi à vérifier que les livraisons viennent de Meta.",
        "In the same place. Deliveries are checked with it, too.",
    ),
    secret=True,
)
VERIFY_TOKEN = CredentialField(
    "verify_token",
    ("Jeton de vérification", "Verify token"),
    (
        "Une longue phrase de votre choix, que Meta vous demandera pour les webhooks.",
        "A long phrase of your choice, which Meta asks for when webhooks are set up.",
    ),
    secret=True,
)
ACCESS_TOKEN = CredentialField(
    "access_token",
    ("Jeton d’accès de la Page", "Page access token"),
    ("Rempli par la connexion.", "Filled in by signing in."),
    secret=True,
    required=False,
)
FIELDS = (CLIENT_ID, CLIENT_SECRET, VERIFY_TOKEN, ACCESS_TOKEN)


def oauth(*scopes: Scope) -> OAuth:
    """Facebook Login with these permissions."""
    return OAuth(_AUTHORIZE_URL, scopes, scope_separator=",", uses_pkce=False)


@dataclass(frozen=True, slots=True)
class Page:
    """One Page that a sign-in opens. ``instagram``: the professional account linked with it, {} where there is none."""

    own_id: str
    name: str
    token: str
    tasks: Sequence[str]
    instagram: Mapping[str, Any]


def user_token(label: str, http: httpx.Client, credentials: Mapping[str, str], code: str, redirect_url: str) -> str:
    """Trade a sign-in's code for a token of some sixty days. Raises AuthError where the code is not taken."""
    app = {"client_id": credentials.get("client_id", ""), "client_secret": credentials.get("client_secret", "")}
    short = _token(label, http, {**app, "redirect_uri": redirect_url, "code": code})
    return _token(label, http, {**app, "grant_type": "fb_exchange_token", "fb_exchange_token": short})


def pages_of(graph: Graph) -> list[Page]:
    """The Pages that the person who signed in may work on; ``graph`` has that person's token."""
    fields = "id,name,access_token,tasks,instagram_business_account{id,username,name}"
    return [
        Page(
            str(name(one.get("id"))),
            name(one.get("name")) or str(name(one.get("id"))),
            str(name(one.get("access_token"))),
            [task for task in map(name, items(one.get("tasks"))) if task],
            mapping(one.get("instagram_business_account")),
        )
        for page in graph.pages("me/accounts", fields=fields, limit=100)
        for one in listed(page)
        if name(one.get("id")) and name(one.get("access_token"))
    ]


def missing_scopes(graph: Graph, scopes: Sequence[Scope]) -> list[str]:
    """Which permissions the token lacks, as Meta tells it; none where Meta does not tell."""
    if not graph.secret:
        return []
    try:
        told = mapping(graph.get("debug_token", input_token=graph.token).get("data"))
    except (RefusedError, PermanentError):
        return []
    granted = set(map(name, items(told.get("scopes"))))
    return [scope.name for scope in scopes if granted and scope.name not in granted]


def _token(label: str, http: httpx.Client, asked: Mapping[str, str]) -> str:
    def judge(response: httpx.Response, content: Any) -> ConnectorError | None:
        found = judged(label, response, content, repeatable=True)
        if isinstance(found, RefusedError):
            return AuthError(
                "%(network)s did not take this sign-in: begin it again. %(why)s", network=label, why=found.reason
            )
        return found

    content = Network(label, http, judge).call(
        "POST", f"{FACEBOOK}/oauth/access_token", data=dict(asked), repeatable=True
    )
    token = name(mapping(content.content).get("access_token"))
    if token is None:
        raise AuthError("%(network)s answered this sign-in without an access token.", network=label)
    return token
