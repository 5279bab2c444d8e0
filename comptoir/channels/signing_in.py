"""Signing in to a network in the browser, to open an account: there with a state and PKCE, and back with a code.

RFC 6749 (authorization code), RFC 7636 (PKCE, S256). The state is one browser session's, is used once and ends soon.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db import transaction

from comptoir.channels.actions import check_account, reconnect_account
from comptoir.channels.connecting import tried
from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import (
    Connector,
    Health,
    OAuth,
    OfferedAccount,
    PermanentError,
    RegistersApplications,
    SignsIn,
)
from comptoir.connectors.registry import connector_class
from comptoir.events.record import Actor, record

BACK = "/accounts/signed-in/"


@dataclass(frozen=True, slots=True)
class Leaving:
    """Where the browser goes, and what to remember until it is back."""

    url: str
    state: str
    verifier: str


def signs_in(kind: type[Connector]) -> bool:
    """Whether accounts of this kind are opened in the browser."""
    return issubclass(kind, SignsIn)


def back_url() -> str:
    """The one address that networks send browsers back to, to be entered in their consoles."""
    return f"{settings.BASE_URL}{BACK}"


def wants_application(account: ChannelAccount) -> bool:
    """Whether an application must be registered at the network first, which we can do ourselves.

    Raises core.crypto.UnreadableSecretError.
    """
    oauth, credentials = _oauth_of(account), account.credentials
    is_there = credentials.get(oauth.client_id) and credentials.get(oauth.client_secret)
    return issubclass(connector_class(account.kind), RegistersApplications) and not is_there


def register_application(account: ChannelAccount, *, by: Actor) -> None:
    """Register an application of ours at the network, and keep its key. Raises ConnectorError."""
    oauth = _oauth_of(account)
    with tried(account, account.credentials) as connector:
        assert isinstance(connector, RegistersApplications)
        given = connector.register(redirect_url=back_url(), site=settings.BASE_URL)
    with transaction.atomic():
        held = ChannelAccount.objects.select_for_update(of=("self",), no_key=True).get(pk=account.pk)
        key_and_secret = {name: given[name] for name in (oauth.client_id, oauth.client_secret)}
        held.credentials = {**held.credentials, **key_and_secret}
        held.save(update_fields=["encrypted_credentials"])
        record("account.application_registered", subject=held, by=by)


def leave_for(account: ChannelAccount) -> Leaving:
    """Where an administrator signs in for this account.

    Raises core.crypto.UnreadableSecretError, and PermanentError where what was filled in makes no address.
    """
    oauth, credentials = _oauth_of(account), account.credentials
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    asked = {
        "response_type": "code",
        "client_id": credentials.get(oauth.client_id, ""),
        "redirect_uri": back_url(),
        "scope": oauth.scope_separator.join(scope.name for scope in oauth.scopes),
        "state": state,
        **oauth.extra,
    }
    if oauth.uses_pkce:
        digest = hashlib.sha256(verifier.encode()).digest()
        asked |= {"code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
                  "code_challenge_method": "S256"}  # fmt: skip
    address = _filled(oauth.authorize_url, credentials)
    return Leaving(f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", state, verifier)


def come_back(account: ChannelAccount, *, code: str, verifier: str) -> Sequence[OfferedAccount]:
    """The accounts that the code opens: one, for an account that knows who it is. Raises ConnectorError."""
    with tried(account, account.credentials) as connector:
        assert isinstance(connector, SignsIn)
        offered = connector.exchange(code, redirect_url=back_url(), verifier=verifier)
    if not offered:
        raise PermanentError("This sign-in opens no account that could be answered from.")
    known = [one for one in offered if one.own_id == account.network_id]
    return known or offered


def open_with(account: ChannelAccount, offered: OfferedAccount, *, by: Actor) -> Health:
    """Use what was offered from now on, and have the network deliver to us. Raises ConnectorError."""
    reconnect_account(account, credentials=offered.credentials, by=by)
    record("account.signed_in", subject=account, by=by)
    return check_account(account, by=by)


def _oauth_of(account: ChannelAccount) -> OAuth:
    kind = connector_class(account.kind)
    assert issubclass(kind, SignsIn)
    return kind.oauth


def _filled(url: str, credentials: dict[str, str]) -> str:
    """The address with its blanks filled in; nothing but a web address over TLS (or of this machine) is gone to."""
    try:
        filled = url.format_map(credentials)
    except (KeyError, ValueError, IndexError) as error:
        raise PermanentError("Something is missing to know where to sign in (%(what)s).", what=str(error)) from error
    parts = urlsplit(filled)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1"))
    if not is_safe or not parts.hostname:
        raise PermanentError("“%(url)s” is no address to sign in at.", url=filled)
    return filled
