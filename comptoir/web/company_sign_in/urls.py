"""The addresses that allauth has for OpenID Connect, by our views."""

from __future__ import annotations

from django.urls import path

from comptoir.web.company_sign_in import views

urlpatterns = [
    path("oidc/<str:provider_id>/login/", views.login, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", views.callback, name="openid_connect_callback"),
]
