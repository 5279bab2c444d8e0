"""The floor, live."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import floor

urlpatterns: list[URLPattern | URLResolver] = [
    path("floor/", floor.floor, name="floor"),
    path("floor/parts/", floor.parts, name="floor_parts"),
    path("floor/agents/<int:pk>/presences/", floor.presences_of, name="presences_of"),
    path("floor/agents/<int:pk>/teams-offered/", floor.teams_of, name="teams_of"),
    path("floor/agents/<int:pk>/availability/", floor.availability, name="set_availability_of"),
    path("floor/agents/<int:pk>/teams/", floor.teams, name="set_teams_of"),
    path("conversations/<int:pk>/help/", floor.call_help, name="call_for_help"),
]
