"""What a page that failed says: a fault of ours, or a database or a bucket that is away and will be back."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

from comptoir.conversations.files import FilesAwayError
from comptoir.core.away import is_away


def is_no_fault(error: BaseException) -> bool:
    """Whether the page did nothing wrong: what it needs is away."""
    return isinstance(error, FilesAwayError) or is_away(error)


def failed(request: HttpRequest) -> HttpResponse:
    """Whatever failed outside of a view too: whoever is signed in is looked up before there is one."""
    error = sys.exception()
    return away(request, error) if error is not None and is_no_fault(error) else server_error(request)


def away(request: HttpRequest, error: BaseException) -> HttpResponse:
    """It will be back: what was saved is safe, and where nothing was sent the page may be asked for again."""
    context = {"has_files_away": isinstance(error, FilesAwayError), "is_read": request.method in ("GET", "HEAD")}
    page = render_to_string("503.html", context)
    return HttpResponse(page, status=503, headers={"Retry-After": "5"})
