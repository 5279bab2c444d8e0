"""The counter: its brands, its accounts, its first steps, and the programs it speaks to."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import (
    account_hours,
    account_sign_in,
    accounts,
    brands,
    figures,
    guide,
    known_names,
    settings,
    tokens,
    webhooks,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("settings/", settings.settings, name="settings"),
    path("guide/", guide.guide, name="guide"),
    path("guide/test/", guide.test, name="guide_test"),
    path("guide/leave/", guide.leave, name="leave_guide"),
    path("brands/", brands.brands, name="brands"),
    path("brands/new/", brands.new, name="new_brand"),
    path("brands/<int:pk>/", brands.edit, name="edit_brand"),
    path("brands/<int:pk>/names/", known_names.known_names, name="known_names"),
    path("brands/names/<int:pk>/strike/", known_names.strike, name="strike_name"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/connect/", accounts.choose_kind, name="choose_kind"),
    path("accounts/connect/<slug:kind>/", accounts.connect, name="connect"),
    path("accounts/<int:pk>/", accounts.account, name="account"),
    path("accounts/<int:pk>/edit/", accounts.edit, name="edit_account"),
    path("accounts/<int:pk>/hours/", account_hours.hours, name="account_hours"),
    path("accounts/<int:pk>/check/", accounts.check, name="check_account"),
    path("accounts/<int:pk>/pause/", accounts.pause, name="pause_account"),
    path("accounts/<int:pk>/leave/", accounts.leave, name="leave_account"),
    path("accounts/signed-in/", account_sign_in.back, name="signed_in_to_network"),
    path("accounts/<int:pk>/sign-in/", account_sign_in.leave, name="sign_in_to_network"),
    path("accounts/<int:pk>/register/", account_sign_in.register, name="register_at_network"),
    path("accounts/<int:pk>/choose/", account_sign_in.choose, name="choose_offered"),
    path("accounts/<int:pk>/take/", account_sign_in.take, name="take_offered"),
    path("accounts/figures/", figures.figures, name="account_figures"),
    path("accounts/<int:pk>/reconnect/", accounts.reconnect, name="reconnect_account"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/new/", tokens.new, name="new_token"),
    path("tokens/<int:pk>/revoke/", tokens.revoke, name="revoke_token"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/new/", webhooks.new, name="new_webhook"),
    path("webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("webhooks/<int:pk>/edit/", webhooks.edit, name="edit_webhook"),
    path("webhooks/<int:pk>/switch/", webhooks.switch, name="switch_webhook"),
    path("webhooks/<int:pk>/secret/", webhooks.new_secret, name="webhook_secret"),
    path("webhooks/<int:pk>/delete/", webhooks.delete, name="delete_webhook"),
    path("webhooks/<int:pk>/replay/", webhooks.replay, name="replay_webhook"),
]
