"""Where every address leads."""

from __future__ import annotations

from django.urls import include, path

from comptoir.config.health import healthz

handler500 = "comptoir.web.failing.failed"

urlpatterns = [
    path("healthz", healthz),
    path("", include("comptoir.web.urls")),
    path("", include("comptoir.public.urls")),
    path("", include("comptoir.intake.urls")),
    path("api/v1/", include("comptoir.api.urls")),
    path("account/", include("comptoir.web.allauth_urls")),
]
