"""The WSGI application: pages, API, and webhooks by a way of their own that goes around Django's middleware."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comptoir.config.settings")
pages = get_wsgi_application()

from comptoir.config.bodies import must_come_whole  # noqa: E402  # as the next
from comptoir.config.interpreter import collect_seldom  # noqa: E402  # once everything is loaded
from comptoir.intake import endpoint  # noqa: E402  # it needs Django set up

collect_seldom()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Webhooks to their endpoint, everything else to Django."""
    must_come_whole(environ)
    if environ["PATH_INFO"].startswith(endpoint.PREFIX):
        return endpoint.application(environ, start_response)
    return pages(environ, start_response)
