"""The list, its views, and what they are filtered by."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import inbox, inbox_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", inbox.home, name="inbox"),
    path("inbox/counts/", inbox.view_counts, name="inbox_counts"),
    path("inbox/views/", inbox_views.save, name="save_view"),
    path("inbox/views/<int:pk>/", inbox_views.change, name="change_view"),
    path("inbox/views/<int:pk>/name/", inbox_views.rename, name="rename_view"),
    path("inbox/views/<int:pk>/sharing/", inbox_views.share, name="share_view"),
    path("inbox/views/<int:pk>/deletion/", inbox_views.delete, name="delete_view"),
    path("inbox/<str:view>/", inbox.inbox, name="inbox_view"),
    path("inbox/<str:view>/filters/", inbox.filters, name="inbox_filters"),
    path("inbox/<str:view>/page/", inbox.page, name="inbox_page"),
    path("inbox/<str:view>/rows/", inbox.rows, name="inbox_rows"),
]
