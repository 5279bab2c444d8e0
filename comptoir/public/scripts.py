"""The widget's own files: one line on a site loads `/chat.js`, which loads the modules of its version."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from comptoir.channels.models import ChannelAccount

FOLDER = Path(__file__).resolve().parent / "widget"
#: The brand that `comptoir demo load` makes; its widget may be tried by anybody.
DEMONSTRATION_SLUG = "maison-lueur"
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_DEMO_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; base-uri 'none'"


@cache
def _files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in _TYPES}


@cache
def version() -> str:
    """Changes with any of the files, so that a browser keeps them for as long as they are the same."""
    return hashlib.sha256(b"\0".join(_files().values())).hexdigest()[:12]


@require_safe
@gzip_page
def loader(request: HttpRequest) -> HttpResponse:
    """The one line's script: small, asked for again every few minutes."""
    _refresh()
    text = _files()["chat.js"].replace(b"__VERSION__", version().encode())
    return _shared(HttpResponse(text, content_type=_TYPES[".js"]), max_age=300)


@require_safe
@gzip_page
def widget_file(request: HttpRequest, release: str, name: str) -> HttpResponse:
    """One module. An older version's address gives the present one, which is not kept."""
    _refresh()
    content = _files().get(name)
    if content is None:
        raise Http404(name)
    is_present = release == version()
    response = HttpResponse(content, content_type=_TYPES[Path(name).suffix])
    return _shared(response, max_age=365 * 24 * 3600 if is_present else 0)


def _refresh() -> None:
    if settings.DEBUG:
        _files.cache_clear()
        version.cache_clear()


def _shared(response: HttpResponse, *, max_age: int) -> HttpResponse:
    """Any site may load it, also one that isolates itself (Cross-Origin-Embedder-Policy)."""
    patch_cache_control(response, public=True, max_age=max_age, **({"immutable": True} if max_age > 300 else {}))
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """A page of an invented site under a strict policy, to try the widget on."""
    accounts = ChannelAccount.objects.active().filter(kind="chat")
    if not settings.DEBUG:
        accounts = accounts.filter(brand__slug=DEMONSTRATION_SLUG)
    account = accounts.order_by("pk").first()
    if account is None:
        raise Http404("no chat to demonstrate")
    response = render(request, "public/demo.html", {"account": account, "version": version()})
    response["Content-Security-Policy"] = _DEMO_POLICY
    return response
