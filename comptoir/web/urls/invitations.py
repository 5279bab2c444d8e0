"""From public to private."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import invitations

urlpatterns: list[URLPattern | URLResolver] = [
    path("conversations/<int:pk>/private/", invitations.private, name="private"),
    path("conversations/<int:pk>/invite/", invitations.invite, name="invite"),
    path("conversations/<int:pk>/close-in-public/", invitations.close_in_public, name="close_in_public"),
]
