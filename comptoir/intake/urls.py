"""The addresses of intake."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, re_path

from comptoir.intake.views import receive_hook

urlpatterns: list[URLPattern | URLResolver] = [
    re_path(r"^hooks/(?P<kind>[^/]+)/(?P<hook_key>[^/]+)/?$", receive_hook, name="hook")
]
