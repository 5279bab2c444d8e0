"""One HTTP call to a webhook's receiver: bounded in time and size, to public hosts only, no redirect followed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comptoir.core.http import Purpose, UnsafeAddressError, is_internal_literal, new_public_client

TOTAL_PATIENCE_S = 15.0
_TIMEOUT = httpx.Timeout(connect=5, read=10, write=10, pool=5)
_EXCERPT_BYTES = 2000


class EndpointRefusedError(Exception):
    """The address cannot be a webhook's; the text says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How one call ended. ``status`` is None when nobody answered; ``error`` is empty when the receiver took it.

    An error is kept in English and translated where it is read.
    """

    status: int | None = None
    error: str = ""
    excerpt: str = ""
    retry_after: timedelta | None = None

    @property
    def is_accepted(self) -> bool:
        return not self.error


def private_allowed() -> bool:
    """Whether receivers may be inside the company's own network, and be written to by plain HTTP."""
    return Purpose.WEBHOOKS.may_be_internal


def check_address(url: str) -> None:
    """Refuse at once what can be seen to be wrong; the address is looked up only when it is called."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL) as error:
        raise EndpointRefusedError(_("This is not a web address.")) from error
    if parts.scheme not in {"https", "http"} or not host or any(char.isspace() or ord(char) < 32 for char in url):
        raise EndpointRefusedError(_("This is not a web address."))
    if parts.username is not None or parts.fragment:
        raise EndpointRefusedError(_("A webhook's address has no user name and no fragment."))
    if private_allowed():
        return
    if parts.scheme != "https":
        raise EndpointRefusedError(_("A webhook's address begins with https://, so that nobody reads along."))
    if is_internal_literal(host):
        raise EndpointRefusedError(_("This address leads into the internal network, where webhooks are not sent."))


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send and tell how it ended; never raises for what the network does."""
    client = new_public_client(Purpose.WEBHOOKS, within_s=TOTAL_PATIENCE_S)
    deadline = time.monotonic() + TOTAL_PATIENCE_S
    try:
        with client, client.stream("POST", url, content=body, headers=dict(headers), timeout=_TIMEOUT) as response:
            return _answer(response, deadline)
    except UnsafeAddressError:
        return Answer(error=gettext_noop("This address leads into the internal network, where webhooks are not sent."))
    except httpx.TimeoutException:
        return Answer(error=gettext_noop("The receiver did not answer in time."))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Answer(
            error=gettext_noop("The receiver cannot be reached."), excerpt=_plain(str(error))[:_EXCERPT_BYTES]
        )


def _answer(response: httpx.Response, deadline: float) -> Answer:
    status = response.status_code
    excerpt = _excerpt(response, deadline)
    if response.is_success:
        return Answer(status, excerpt=excerpt)
    if response.is_redirect:
        return Answer(status, gettext_noop("The receiver redirects; webhooks follow no redirect."), excerpt)
    return Answer(status, gettext_noop("The receiver refused it."), excerpt, _retry_after(response))


def _excerpt(response: httpx.Response, deadline: float) -> str:
    """The beginning of what the receiver says; whatever the status was, a slow or broken body does not change it."""
    read = b""
    try:
        for piece in response.iter_raw():
            read += piece
            if len(read) >= _EXCERPT_BYTES or time.monotonic() > deadline:
                break
    except httpx.HTTPError:
        pass
    return _plain(read[:_EXCERPT_BYTES].decode("utf-8", "replace"))


def _retry_after(response: httpx.Response) -> timedelta | None:
    asked = response.headers.get("retry-after", "").strip()
    return timedelta(seconds=min(int(asked), 3600)) if asked.isascii() and asked.isdigit() and len(asked) < 9 else None


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() or char in "\n\t" else "�" for char in text)
