"""The list, its views, and what they are filtered by."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import inbox

urlpatterns: list[URLPattern | URLResolver] = [
    path("", inbox.home, name="inbox"),
    path("inbox/<str:view>/", inbox.inbox, name="inbox_view"),
    path("inbox/<str:view>/page/", inbox.page, name="inbox_page"),
    path("inbox/<str:view>/rows/", inbox.rows, name="inbox_rows"),
]
