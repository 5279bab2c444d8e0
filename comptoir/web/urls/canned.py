"""Answers kept ready."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import canned

urlpatterns: list[URLPattern | URLResolver] = [
    path("canned/", canned.canned_responses, name="canned_responses"),
    path("canned/new/", canned.new_canned_response, name="new_canned_response"),
    path("canned/<int:pk>/", canned.canned_response, name="canned_response"),
    path("canned/<int:pk>/delete/", canned.delete_canned, name="delete_canned_response"),
]
