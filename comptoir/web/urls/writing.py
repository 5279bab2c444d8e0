"""One conversation: what is written in it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import writing

urlpatterns: list[URLPattern | URLResolver] = [
    path("conversations/<int:pk>/write/", writing.write, name="write"),
    path("conversations/<int:pk>/draft/", writing.draft, name="draft"),
    path("messages/<int:pk>/undo/", writing.undo, name="undo"),
    path("messages/<int:pk>/resend/", writing.send_again, name="resend"),
    path("messages/<int:pk>/settle/", writing.settle, name="settle"),
]
