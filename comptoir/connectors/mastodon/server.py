"""One server that speaks Mastodon's client API: where it is, what it allows, what its refusals mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from comptoir.connectors.base import AuthError, ConnectorError, Limits, PermanentError, TextUnit, TransientError
from comptoir.connectors.shared.calling import Answered, Network, RefusedError, pause_of, quoting, server_time
from comptoir.connectors.shared.untrusted import inside, instant, items, mapping, name, whole
from comptoir.core.reasons import Reason

#: The credential that keeps what the server told of its limits when the account was last checked.
KEPT_LIMITS = "server_limits"
#: Refusals (HTTP 403) after which nothing works with this account, as Mastodon words them.
_LOCKED_OUT = ("login is currently disabled", "currently disabled", "pending approval", "missing a confirmed e-mail")
_LONGEST_PAUSE = timedelta(hours=1)
_IMAGE_BYTES = 16 * 1024 * 1024

#: What any Mastodon server takes. Moving pictures are worked on after the upload, so that they cannot go out at once.
DEFAULT_LIMITS = Limits(
    max_text_chars=500,
    text_unit=TextUnit.GRAPHEMES,
    max_files=4,
    max_file_bytes=_IMAGE_BYTES,
    file_types=("image/jpeg", "image/png", "image/webp"),
    sends_per_minute=30,
    takes_alt_text=True,
)


@dataclass(frozen=True, slots=True)
class Server:
    """The account's server, called with its token."""

    base_url: str
    token: str
    network: Network

    @classmethod
    def of(cls, credentials: Mapping[str, str], http: httpx.Client) -> Server:
        """The server that the credentials name. Raises AuthError where they have no token."""
        token = credentials.get("access_token", "").strip()
        if not token:
            raise AuthError("This account has no access token: sign in to its server, or enter one.")
        return cls(base_url_of(credentials), token, network_of(http))

    def call(self, method: str, path: str, *, repeatable: bool | None = None, **options: Any) -> Answered:
        """Call the API. Raises what `Network.call` raises."""
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.network.call(method, f"{self.base_url}{path}", repeatable=repeatable, headers=headers, **options)

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of one reading call."""
        return self.call("GET", path, params=query).content

    def found(self, path: str, **query: Any) -> Any:
        """The same, None where there is nothing there, or nothing that we may see."""
        try:
            return self.get(path, **query)
        except RefusedError as error:
            if error.status in (403, 404, 410):
                return None
            raise


def base_url_of(credentials: Mapping[str, str]) -> str:
    """The server's address, however it was typed. Raises PermanentError where there is none."""
    typed = credentials.get("instance", "").strip().rstrip("/")
    if not typed:
        raise PermanentError("Enter the address of the server where the account is, for example mastodon.social.")
    return typed if typed.startswith(("https://", "http://")) else f"https://{typed}"


def network_of(http: httpx.Client) -> Network:
    return Network("Mastodon", http, _judge)


def _judge(response: httpx.Response, content: Any) -> ConnectorError | None:
    """What differs from plain HTTP: the reset instant is ISO 8601, and a 403 may mean that the account is closed."""
    if response.status_code == 429:
        reset = instant(response.headers.get("x-ratelimit-reset", ""))
        now = server_time(response)
        wait = pause_of(response)
        if wait is None and reset is not None and now is not None:
            wait = min(max(reset - now, timedelta(0)), _LONGEST_PAUSE)
        return TransientError("The server asks us to slow down (rate limit).", retry_after=wait)
    said = name(mapping(content).get("error")) or ""
    if response.status_code == 403 and any(words in said.lower() for words in _LOCKED_OUT):
        return AuthError("The server does not let this account in: “%(said)s”.", said=said)
    if response.status_code in (404, 410):
        gone = Reason("It is no longer on the server, or this account may not see it.")
        return RefusedError(quoting(gone, said), status=response.status_code)
    if response.status_code in (403, 422) and said:
        return RefusedError(Reason("The server refused: “%(said)s”.", said=said), status=response.status_code)
    return None


# --- what it allows -----------------------------------------------------------------------------------------------


def told_limits(instance: Mapping[str, Any]) -> str:
    """What a description of the server (/api/v2/instance, or v1) says of limits, to be kept beside the credentials."""
    configuration = mapping(instance.get("configuration"))
    streaming = name(inside(configuration, "urls", "streaming")) or name(inside(instance, "urls", "streaming_api"))
    kept = {
        "chars": whole(inside(configuration, "statuses", "max_characters")) or whole(instance.get("max_toot_chars")),
        "files": whole(inside(configuration, "statuses", "max_media_attachments")),
        "file_bytes": whole(inside(configuration, "media_attachments", "image_size_limit")),
        "types": [kind for kind in items(inside(configuration, "media_attachments", "supported_mime_types")) if kind
                  in DEFAULT_LIMITS.file_types],
        "streaming": streaming,
        "software": name(instance.get("source_url")),
    }  # fmt: skip
    return json.dumps({key: value for key, value in kept.items() if value}, sort_keys=True)


def kept_limits(credentials: Mapping[str, str]) -> Mapping[str, Any]:
    """What `told_limits` kept, empty before the first check."""
    try:
        return mapping(json.loads(credentials.get(KEPT_LIMITS, "") or "{}"))
    except ValueError:
        return {}


def limits_of(credentials: Mapping[str, str]) -> Limits:
    """What the account's own server allows."""
    kept = kept_limits(credentials)
    return Limits(
        max_text_chars=whole(kept.get("chars")) or DEFAULT_LIMITS.max_text_chars,
        text_unit=DEFAULT_LIMITS.text_unit,
        max_files=whole(kept.get("files")) or DEFAULT_LIMITS.max_files,
        max_file_bytes=whole(kept.get("file_bytes")) or DEFAULT_LIMITS.max_file_bytes,
        file_types=tuple(map(str, items(kept.get("types")))) or DEFAULT_LIMITS.file_types,
        sends_per_minute=DEFAULT_LIMITS.sends_per_minute,
        takes_alt_text=True,
    )
