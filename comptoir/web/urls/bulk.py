"""Many conversations: what is done to them at once; and macros, several acts at once."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import bulk, macros

urlpatterns: list[URLPattern | URLResolver] = [
    path("bulk/", bulk.start, name="bulk"),
    path("bulk/bar/", bulk.bar, name="bulk_bar"),
    path("bulk/count/", bulk.count, name="bulk_count"),
    path("bulk/latest/", bulk.latest, name="bulk_latest"),
    path("bulk/<int:pk>/", bulk.progress, name="bulk_progress"),
    path("bulk/<int:pk>/undo/", bulk.undo, name="undo_bulk"),
    path("macros/", macros.macros, name="macros"),
    path("macros/at-hand/", macros.at_hand, name="macros_at_hand"),
    path("macros/new/", macros.edit, name="new_macro"),
    path("macros/<int:pk>/", macros.edit, name="macro"),
    path("macros/<int:pk>/move/", macros.move, name="move_macro"),
    path("macros/<int:pk>/delete/", macros.delete, name="delete_macro"),
]
