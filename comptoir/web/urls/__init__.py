"""The addresses of the staff's screens, by what they are about."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from comptoir.web.urls import (
    automations,
    bot,
    bridges,
    canned,
    catalogue,
    customers,
    desk,
    exchange,
    finding,
    floor,
    inbox,
    invitations,
    notifications,
    people,
    promises,
    readings,
    record,
    reports,
    routing,
    settings,
    writing,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *inbox.urlpatterns,
    *invitations.urlpatterns,
    *customers.urlpatterns,
    *exchange.urlpatterns,
    *writing.urlpatterns,
    *canned.urlpatterns,
    *catalogue.urlpatterns,
    *automations.urlpatterns,
    *bot.urlpatterns,
    *desk.urlpatterns,
    *bridges.urlpatterns,
    *settings.urlpatterns,
    *notifications.urlpatterns,
    *people.urlpatterns,
    *promises.urlpatterns,
    *readings.urlpatterns,
    *record.urlpatterns,
    *reports.urlpatterns,
    *routing.urlpatterns,
    *finding.urlpatterns,
    *floor.urlpatterns,
]
