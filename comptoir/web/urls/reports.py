"""The figures of service, and the conversations behind them."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import reports

urlpatterns: list[URLPattern | URLResolver] = [
    path("reports/", reports.reports, name="reports"),
    path("reports/export.csv", reports.export, name="export_report"),
    path("reports/conversations/", reports.conversations, name="report_conversations"),
]
