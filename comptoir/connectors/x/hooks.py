"""X's webhooks: proving that we are there (CRC), checking signatures, having an account's activity delivered."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

from comptoir.connectors.base import Addressee, Answer, HookRequest, PayloadError, PermanentError, SignatureError
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.signing import check_hmac
from comptoir.connectors.shared.untrusted import inside, load_object, mappings, name
from comptoir.connectors.x.api import Api

_HEADER = "x-twitter-webhooks-signature"
_PREFIX = "sha256="


def verify(request: HookRequest, secret: str) -> None:
    """The HMAC of the body with the app's API secret, in base64. Raises SignatureError."""
    given = request.headers.get(_HEADER, "")
    if not given.startswith(_PREFIX):
        raise SignatureError("The delivery carries no signature of X.")
    check_hmac(secret, request.body, given.removeprefix(_PREFIX), encoding="base64")


def challenge(request: HookRequest, secret: str) -> Answer | None:
    """X asks at least once a day whether whoever has the address has the secret too."""
    token = request.query.get("crc_token")
    if request.method != "GET" or token is None:
        return None
    if not secret:
        raise SignatureError("This account has no signing secret: nothing can be verified.")
    digest = hmac.new(secret.encode(), token.encode("utf-8", "replace"), hashlib.sha256).digest()
    said = {"response_token": _PREFIX + base64.b64encode(digest).decode()}
    return Answer(body=json.dumps(said).encode(), content_type="application/json")


def addressees(request: HookRequest, kind: str) -> Sequence[Addressee]:
    """The account whose activity it is: an app has one address for all of them."""
    try:
        found = load_object(request.body)
    except PayloadError:
        return ()
    own_id = name(found.get("for_user_id")) or name(inside(found, "data", "filter", "user_id"))
    return (Addressee(kind, own_id),) if own_id else ()


def is_subscribed(api: Api, url: str) -> bool:
    """Whether X knows our address, finds it valid, and delivers the account's activity to it."""
    hook = _hook_at(api, url)
    if hook is None or hook.get("valid") is False:
        return False
    path = f"/2/account_activity/webhooks/{name(hook.get('id'))}/subscriptions/all"
    try:
        return inside(api.get(path).content, "data", "subscribed") is True
    except RefusedError as error:
        if error.status == 404:
            return False
        raise


def subscribe(api: Api, url: str) -> None:
    """Name our address to X, or have it looked at again, and ask for the account's activity."""
    hook = _hook_at(api, url)
    if hook is None:
        hook = inside(api.as_app("POST", "/2/webhooks", {"url": url}).content, "data") or {}
    elif hook.get("valid") is False:
        api.as_app("PUT", f"/2/webhooks/{name(hook.get('id'))}")
    identifier = name(hook.get("id")) if isinstance(hook, dict) else None
    if identifier is None:
        raise PermanentError("X did not say under which id it keeps our address.")
    try:
        api.post(f"/2/account_activity/webhooks/{identifier}/subscriptions/all", {}, repeatable=True)
    except RefusedError as error:
        if error.status != 409 and "already" not in str(error).lower():
            raise


def _hook_at(api: Api, url: str) -> Mapping[str, Any] | None:
    known = mappings(inside(api.as_app("GET", "/2/webhooks").content, "data"))
    return next((hook for hook in known if name(hook.get("url")) == url), None)
