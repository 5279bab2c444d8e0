"""What a browser needs to keep the counter as an application: manifest, service worker, the page for no network.

They are asked for without a session, and tell nothing.
"""

from __future__ import annotations

from functools import cache

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

ICONS = (("icon-192.png", 192, "any"), ("icon-512.png", 512, "any"), ("maskable-512.png", 512, "maskable"))


@require_safe
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """The name, the icons and the shortcuts, in the reader's language."""
    icons = [
        {"src": static(f"comptoir/icons/{name}"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for name, size, purpose in ICONS
    ]
    shortcuts = [
        {"name": _("Mine"), "url": reverse("inbox_view", args=["mine"])},
        {"name": _("Unassigned"), "url": reverse("inbox_view", args=["unassigned"])},
        {"name": _("Search"), "url": reverse("search")},
    ]
    described = {
        "id": "/",
        "name": _("Comptoir, the customer-care counter"),
        "short_name": "Comptoir",
        "lang": getattr(request, "LANGUAGE_CODE", "fr"),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f3f4f4",
        "theme_color": "#2a2f33",
        "icons": icons,
        "shortcuts": shortcuts,
    }
    answer = JsonResponse(described, content_type="application/manifest+json")
    answer["Vary"] = "Accept-Language, Cookie"
    return answer


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker, at the root so that its scope is the whole counter."""
    answer = HttpResponse(_worker(), content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = "/"
    return answer


@cache
def _worker() -> bytes:
    path = finders.find("comptoir/js/service-worker.js")
    assert isinstance(path, str), "the service worker is part of the package"
    with open(path, "rb") as file:
        return file.read()


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown where there is no network: what was kept, and what to do."""
    return render(request, "commands/offline.html")
