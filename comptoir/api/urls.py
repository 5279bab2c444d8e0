"""The addresses of api. Every operation stands behind the gate; what is no address of ours is a problem like any other."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, re_path

from comptoir.api.gate import gated
from comptoir.api.problems import not_found
from comptoir.api.site import api

_OPEN = frozenset({"openapi-json"})


def _behind_the_gate() -> list[URLPattern | URLResolver]:
    addresses, _application, _namespace = api.urls
    for address in addresses:
        if isinstance(address, URLPattern) and address.name not in _OPEN | {"api-root"}:
            address.callback = gated(address.callback)
    return addresses


urlpatterns: list[URLPattern | URLResolver] = [
    re_path("", include((_behind_the_gate(), "ninja"), namespace="api-v1")),
    re_path(r"^.*$", not_found),
]
