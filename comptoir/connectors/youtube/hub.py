"""Notices about the channel's videos by Google's hub (WebSub): subscribing, its challenge, its signature."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

import httpx

from comptoir.connectors.base import Answer, HookRequest, SignatureError
from comptoir.connectors.shared.calling import Network
from comptoir.connectors.shared.signing import check_hmac, same

HUB = "https://pubsubhubbub.appspot.com/subscribe"
TOPIC = "https://www.youtube.com/xml/feeds/videos.xml?channel_id="
#: The hub forgets us after ten days at most; it is asked anew long before.
_LEASE_S = 864_000


def hub_secret(credentials: Mapping[str, str]) -> str:
    """What the hub signs with: made of the app's secret, so that nobody has to think of one."""
    app_secret = credentials.get("client_secret", "")
    return hmac.new(app_secret.encode(), b"youtube hub", hashlib.sha256).hexdigest() if app_secret else ""


def verify(request: HookRequest, credentials: Mapping[str, str]) -> None:
    """X-Hub-Signature: the HMAC-SHA1 of the body. Raises SignatureError."""
    given = request.headers.get("x-hub-signature", "")
    if not given.startswith("sha1="):
        raise SignatureError("The notice carries no signature of YouTube’s hub.")
    check_hmac(hub_secret(credentials), request.body, given.removeprefix("sha1="), algorithm="sha1")


def challenge(request: HookRequest, channel: str | None) -> Answer | None:
    """The hub asks whether we want notices about this channel. Raises SignatureError where we do not."""
    token = request.query.get("hub.challenge")
    if request.method != "GET" or token is None:
        return None
    asked = parse_qs(urlsplit(request.query.get("hub.topic", "")).query).get("channel_id", [""])[0]
    if channel is None or not same(channel, asked):
        raise SignatureError("YouTube’s hub asks about another channel.")
    return Answer(body=token.encode("utf-8", "replace"))


def subscribe(http: httpx.Client, url: str, channel: str, credentials: Mapping[str, str]) -> None:
    """Ask the hub for notices; asking again lengthens the lease."""
    form = {
        "hub.callback": url,
        "hub.mode": "subscribe",
        "hub.topic": TOPIC + channel,
        "hub.verify": "async",
        "hub.secret": hub_secret(credentials),
        "hub.lease_seconds": str(_LEASE_S),
    }
    Network("YouTube", http).call("POST", HUB, data=form, repeatable=True)
