"""The addresses of api. Every operation stands behind the gate; what is no address of ours is a problem too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.urls import URLPattern, URLResolver, include, re_path

from comptoir.api.gate import gated
from comptoir.api.problems import not_found
from comptoir.api.site import api, query_names

#: Reachable without a token.
_OPEN = frozenset({"openapi-json"})


def _behind_the_gate() -> list[URLPattern | URLResolver]:
    addresses, _application, _namespace = api.urls
    asked = _query_names(addresses)
    for address in addresses:
        if not isinstance(address, URLPattern) or address.name in _OPEN:
            continue
        if address.name == "api-root":
            address.callback = not_found
        else:
            address.callback = gated(address.callback, query_names=asked[str(address.pattern)])
    return addresses


def _query_names(addresses: Iterable[URLPattern | URLResolver]) -> Mapping[str, set[str]]:
    """What may stand in the query of each address, whose methods are operations of their own."""
    of_operation = query_names()
    asked: dict[str, set[str]] = defaultdict(set)
    for address in addresses:
        if isinstance(address, URLPattern) and address.name:
            asked[str(address.pattern)] |= of_operation.get(address.name, set())
    return asked


urlpatterns: list[URLPattern | URLResolver] = [
    re_path("", include((_behind_the_gate(), "ninja"), namespace="api-v1")),
    re_path(r"^.*$", not_found),
]
