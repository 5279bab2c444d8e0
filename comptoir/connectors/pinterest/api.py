"""Pinterest's version 5 interface: our Pins and figures, and the access to them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx

from comptoir.connectors.base import AuthError, ConnectorError, Delivery, Figure, Page, TransientError
from comptoir.connectors.shared.calling import Answered, Network, RefusedError, pause_of, quoting, refusal
from comptoir.connectors.shared.tokens import Tokens, app_of
from comptoir.connectors.shared.untrusted import inside, instant, mapping, mappings, name, number
from comptoir.core.reasons import Reason

VERSION = "v5"
API = f"https://api.pinterest.com/{VERSION}"
LABEL = "Pinterest"
_PAGE_SIZE = 100
#: An access lasts thirty days.
TOKENS = Tokens(LABEL, ahead=timedelta(days=2), ends_as="token_ends_at")
_COUNTERS = {
    "impression": "views",
    "outbound_click": "clicks",
    "reaction": "likes",
    "comment": "comments",
    "save": "shares",
}
_ACCOUNT = {"follower_count": "followers", "following_count": "following", "pin_count": "posts"}


def judge(response: httpx.Response, content: Any) -> ConnectorError | None:
    """Pinterest's errors: ``{"code", "message"}``."""
    if response.is_success:
        return None
    said, status = name(mapping(content).get("message")) or "", response.status_code
    if status == 401:
        return AuthError(quoting(Reason("%(network)s no longer accepts these credentials.", network=LABEL), said))
    if status == 429:
        slow = Reason("%(network)s asks us to slow down (rate limit).", network=LABEL)
        return TransientError(slow, retry_after=pause_of(response))
    if 400 <= status < 500 and status not in (408, 425):
        refused = refusal(LABEL, status)
        code = name(mapping(content).get("code")) or ""
        return RefusedError(quoting(refused, said), status=status, code=code)
    return None


class Account:
    """One account, as its sign-in opened it."""

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client) -> None:
        self._credentials = credentials
        self._network = Network(LABEL, http, judge)

    def call(self, method: str, path: str, **asked: str | int) -> Answered:
        headers = {"Authorization": TOKENS.bearer(self._credentials)}
        return self._network.call(method, f"{API}{path}", headers=headers, params=asked)

    def profile(self) -> Mapping[str, Any]:
        return mapping(self.call("GET", "/user_account").content)

    # --- Pins ---

    def poll(self) -> Iterator[Page]:
        """The latest Pins; those that are known already make the same delivery again."""
        pins, _bookmark = self._pins("")
        yield Page(_deliveries(pins), {})

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        bookmark = name(cursor.get("bookmark")) or ""
        finished = bool(cursor.get("finished"))
        while not finished:
            pins, bookmark = self._pins(bookmark)
            recent = [pin for pin in pins if (instant(pin.get("created_at")) or since) >= since]
            finished = not bookmark or len(recent) < len(pins)
            yield Page(_deliveries(recent), {"bookmark": bookmark, "finished": finished})

    def _pins(self, bookmark: str) -> tuple[Sequence[Mapping[str, Any]], str]:
        more = {"bookmark": bookmark} if bookmark else {}
        content = mapping(self.call("GET", "/pins", page_size=_PAGE_SIZE, **more).content)
        return mappings(content.get("items")), name(content.get("bookmark")) or ""

    # --- figures ---

    def figures(self, post_ids: Sequence[str]) -> list[Figure]:
        found = _counted(self.profile(), _ACCOUNT, None)
        for pin in post_ids:
            try:
                told = self.call("GET", f"/pins/{pin}", pin_metrics="true").content
            except RefusedError as error:
                if error.status != 404:  # a Pin that is gone has no figures
                    raise
                continue
            found += _counted(mapping(inside(told, "pin_metrics", "lifetime_metrics")), _COUNTERS, pin)
        return found


def _counted(told: Mapping[str, Any], names: Mapping[str, str], pin: str | None) -> list[Figure]:
    counted = [(ours, number(told.get(theirs))) for theirs, ours in names.items()]
    return [Figure(ours, value, pin) for ours, value in counted if value is not None]


def _deliveries(pins: Sequence[Mapping[str, Any]]) -> list[Delivery]:
    if not pins:
        return []
    said = [(name(pin.get("id")), name(pin.get("title")), name(pin.get("description"))) for pin in pins]
    digest = hashlib.blake2s(repr(said).encode("utf-8", "replace"), digest_size=16).hexdigest()
    body = json.dumps({"items": list(reversed(pins))}, default=float).encode()
    return [Delivery(body, key=f"pins:{digest}")]


# --- the access ---------------------------------------------------------------------------------------------------


def tokens(http: httpx.Client, credentials: Mapping[str, str], asked: Mapping[str, str]) -> dict[str, str]:
    """What Pinterest gives for a code or a refresh token, and until when, by its own clock. Raises AuthError."""
    ours, network = app_of(credentials), Network(LABEL, http, judge)
    try:
        auth = (ours["client_id"], ours["client_secret"])
        answered = network.call("POST", f"{API}/oauth/token", auth=auth, data=dict(asked), repeatable=True)
    except RefusedError as error:
        raise AuthError(error.reason) from error
    return TOKENS.kept(answered)
