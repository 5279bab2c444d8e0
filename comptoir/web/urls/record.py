"""What happened: the record, and what could not be read."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from comptoir.web.views import deliveries, record

urlpatterns: list[URLPattern | URLResolver] = [
    path("record/", record.record, name="record"),
    re_path(r"^record/export\.(?P<form>csv|jsonl)$", record.export, name="export_record"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/<int:pk>/", deliveries.delivery, name="delivery"),
    path("deliveries/replay/", deliveries.replay, name="replay_deliveries"),
]
