"""What customers are promised, and when the counter is open."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import calendars, promises

urlpatterns: list[URLPattern | URLResolver] = [
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/new/", calendars.edit, name="new_calendar"),
    path("calendars/places/", calendars.places, name="calendar_places"),
    path("calendars/<int:pk>/", calendars.edit, name="calendar"),
    path("calendars/<int:pk>/delete/", calendars.delete, name="delete_calendar"),
    path("promises/", promises.promises, name="promises"),
    path("promises/new/", promises.edit, name="new_promise"),
    path("promises/progress/", promises.progress, name="promises_progress"),
    path("promises/<int:pk>/", promises.edit, name="promise"),
    path("promises/<int:pk>/move/", promises.move, name="move_promise"),
    path("promises/<int:pk>/switch/", promises.switch, name="switch_promise"),
    path("promises/<int:pk>/delete/", promises.delete, name="delete_promise"),
]
