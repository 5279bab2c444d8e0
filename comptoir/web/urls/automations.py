"""Automations: what the counter does by itself."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import automations

urlpatterns: list[URLPattern | URLResolver] = [
    path("settings/automations/", automations.automations, name="automations"),
    path("settings/automations/new/", automations.edit, name="new_automation"),
    path("settings/automations/begin/", automations.begin, name="begin_automations"),
    path("settings/automations/try/", automations.attempt, name="try_automation"),
    path("settings/automations/<int:pk>/", automations.edit, name="automation"),
    path("settings/automations/<int:pk>/runs/", automations.runs, name="automation_runs"),
    path("settings/automations/<int:pk>/resume/", automations.resume, name="resume_automation"),
    path("settings/automations/<int:pk>/move/", automations.move, name="move_automation"),
    path("settings/automations/<int:pk>/switch/", automations.switch, name="switch_automation"),
    path("settings/automations/<int:pk>/delete/", automations.delete, name="delete_automation"),
]
