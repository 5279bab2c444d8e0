"""Fetching customers' files from addresses that a stranger chose: public hosts only, bounded in size, time and hops."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from comptoir.connectors.base import ANYWHERE, is_kept_at
from comptoir.conversations.files import KeptFile, keep_file
from comptoir.core.answers import UnendingAnswerError, pieces
from comptoir.core.http import Purpose, new_public_client
from comptoir.core.reasons import ReasonedError, Value

MAX_HOPS = 3
#: For one file, whatever its host does.
MAX_SECONDS = 60.0
_TIMEOUT = httpx.Timeout(10)
_REFUSALS = frozenset({400, 401, 403, 404, 405, 410, 451})


class FetchFailedError(ReasonedError):
    """The file could not be fetched; ``for_good`` when trying again is useless."""

    def __init__(self, text: str, /, *, for_good: bool, **values: Value) -> None:
        super().__init__(text, **values)
        self.for_good = for_good


class ForeignHostError(ReasonedError):
    """The file lies somewhere else than where its network keeps files."""


class _Body:
    """A streamed response, read like a file."""

    def __init__(self, pieces_: Iterator[bytes]) -> None:
        self._pieces = pieces_

    def read(self, size: int = -1, /) -> bytes:
        return next(self._pieces, b"")


def fetch_file(url: str, *, hosts: Sequence[str] = ANYWHERE, headers: Mapping[str, str] | None = None) -> KeptFile:
    """Fetch and keep the file at ``url``; ``headers`` hold what opens it, and are said to its host only, over TLS.

    Neither it nor what it redirects to may lie anywhere but at ``hosts``, below them, or at the settings' MEDIA_HOSTS.
    Raises FetchFailedError, ForeignHostError, core.http.UnsafeAddressError, and files.FileRefusedError when it is too
    large.
    """
    deadline = time.monotonic() + MAX_SECONDS
    first = _origin(url)
    with new_public_client(Purpose.FILES, timeout=_TIMEOUT, within_s=MAX_SECONDS) as client:
        for _hop in range(MAX_HOPS + 1):
            _check_host(url, hosts)
            said = headers if headers and _origin(url) == first else {}
            answer = _keep_or_follow(client, url, deadline, said)
            if isinstance(answer, KeptFile):
                return answer
            url = answer
    raise FetchFailedError("The address redirects too often.", for_good=True)


def _check_host(url: str, hosts: Sequence[str]) -> None:
    host = urlsplit(url).hostname or ""
    if not is_kept_at(host, (*hosts, *settings.MEDIA_HOSTS)):
        raise ForeignHostError(
            "“%(host)s” is not where this network keeps its files: this one was not fetched. Whoever runs the counter "
            "can allow that host.",
            host=host,
        )


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _keep_or_follow(client: httpx.Client, url: str, deadline: float, headers: Mapping[str, str]) -> KeptFile | str:
    """The kept file, or the address that the host sends us to."""
    if not url.startswith(("https://", "http://")):
        raise FetchFailedError("Only web addresses are fetched.", for_good=True)
    try:
        with client.stream("GET", url, headers=headers) as response:
            if response.has_redirect_location:  # from the address that was asked for: the client knows its number alone
                return str(httpx.URL(url).join(response.headers["location"]))
            if response.status_code != httpx.codes.OK:
                refused = response.status_code in _REFUSALS
                raise FetchFailedError(
                    "The network answered %(status)s.", for_good=refused, status=response.status_code
                )
            body = _Body(pieces(response, deadline=deadline))
            return keep_file(body, declared_type=response.headers.get("content-type", ""))
    except httpx.InvalidURL as error:
        raise FetchFailedError("The address is not valid.", for_good=True) from error
    except httpx.HTTPError as error:
        if isinstance(error, UnendingAnswerError) or time.monotonic() > deadline:
            raise FetchFailedError("The network sends this file too slowly.", for_good=False) from error
        raise FetchFailedError("The network did not answer.", for_good=False) from error
