"""The addresses of api. Every operation stands behind the gate; what is no address of ours is a problem too."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, re_path

from comptoir.api.gate import gated
from comptoir.api.problems import not_found
from comptoir.api.site import api

#: Reachable without a token.
_OPEN = frozenset({"openapi-json"})


def _behind_the_gate() -> list[URLPattern | URLResolver]:
    addresses, _application, _namespace = api.urls
    for address in addresses:
        if not isinstance(address, URLPattern) or address.name in _OPEN:
            continue
        address.callback = not_found if address.name == "api-root" else gated(address.callback)
    return addresses


urlpatterns: list[URLPattern | URLResolver] = [
    re_path("", include((_behind_the_gate(), "ninja"), namespace="api-v1")),
    re_path(r"^.*$", not_found),
]
