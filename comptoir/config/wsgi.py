"""The WSGI application: pages, API, and webhooks by a way of their own that goes around Django's middleware."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comptoir.config.settings")
pages = get_wsgi_application()

from comptoir.intake import endpoint  # noqa: E402  # it needs Django set up

# What was loaded so far stays for good: looking through it again and again is what made one page in some dozens late.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Webhooks to their endpoint, everything else to Django."""
    if environ["PATH_INFO"].startswith(endpoint.PREFIX):
        return endpoint.application(environ, start_response)
    return pages(environ, start_response)
