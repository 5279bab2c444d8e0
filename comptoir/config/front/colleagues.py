"""Who sends a large request, told by its head alone: nothing large is read of anybody else."""

from __future__ import annotations

import io
from typing import Any

from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse

from comptoir.api.authentication import authenticate
from comptoir.api.problems import ProblemError
from comptoir.web.middleware import agent_of

_sessions = SessionMiddleware(lambda _request: HttpResponse())


def is_colleagues(environ: dict[str, Any]) -> bool:
    """Whether somebody who works here sends it, by their session or with a token of the API."""
    request = WSGIRequest(environ | {"wsgi.input": io.BytesIO(), "CONTENT_LENGTH": ""})
    close_old_connections()
    try:
        return _has_token(request) or _is_signed_in(request)
    finally:
        close_old_connections()


def _has_token(request: HttpRequest) -> bool:
    if "Authorization" not in request.headers:
        return False
    try:
        authenticate(request)
    except ProblemError:
        return False
    return True


def _is_signed_in(request: HttpRequest) -> bool:
    _sessions.process_request(request)
    request.user = get_user(request)
    return agent_of(request) is not None
