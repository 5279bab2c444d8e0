"""Accounts, people, and the logs."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import accounts, deliveries, me, people, sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/connect/", accounts.choose_kind, name="choose_kind"),
    path("accounts/connect/<slug:kind>/", accounts.connect, name="connect"),
    path("accounts/<int:pk>/", accounts.account, name="account"),
    path("accounts/<int:pk>/check/", accounts.check, name="check_account"),
    path("accounts/<int:pk>/pause/", accounts.pause, name="pause_account"),
    path("accounts/<int:pk>/reconnect/", accounts.reconnect, name="reconnect_account"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/<int:pk>/", deliveries.delivery, name="delivery"),
    path("deliveries/replay/", deliveries.replay, name="replay_deliveries"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_agent, name="new_agent"),
    path("me/", me.me, name="me"),
    path("sign-in/<str:token>/", sign_in.sign_in, name="sign_in"),
]
