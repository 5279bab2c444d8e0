"""Finding and doing from anywhere: the search, the command bar, one's keys, and the counter as an application."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import commands, installing, search, styleguide

urlpatterns: list[URLPattern | URLResolver] = [
    path("search/", search.search, name="search"),
    path("commands/", commands.finds, name="commands"),
    path("keys/", commands.keys, name="keys"),
    path("keys/switch/", commands.switch_keys, name="switch_keys"),
    path("look/", commands.look, name="look"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("service-worker.js", installing.service_worker, name="service_worker"),
    path("offline/", installing.offline, name="offline"),
]
