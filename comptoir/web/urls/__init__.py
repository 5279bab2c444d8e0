"""The addresses of the staff's screens, by what they are about."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from comptoir.web.urls import canned, desk, exchange, finding, inbox, people, record, settings, writing

urlpatterns: list[URLPattern | URLResolver] = [
    *inbox.urlpatterns,
    *exchange.urlpatterns,
    *writing.urlpatterns,
    *canned.urlpatterns,
    *desk.urlpatterns,
    *settings.urlpatterns,
    *finding.urlpatterns,
    *people.urlpatterns,
    *record.urlpatterns,
]
