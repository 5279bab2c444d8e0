"""The bot: what it decided, what people rule, what it may do."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from comptoir.web.views import arbitration, bot

urlpatterns: list[URLPattern | URLResolver] = [
    path("bot/", arbitration.arbitration, name="arbitration"),
    path("bot/decisions/<int:pk>/", arbitration.decision, name="bot_decision"),
    path("bot/decisions/<int:pk>/rule/", arbitration.rule, name="rule_on_decision"),
    path("settings/bot/", bot.bot, name="bot"),
    path("settings/bot/switch/", bot.switch, name="bot_switch"),
    path("settings/bot/accounts/<int:pk>/", bot.account_bot, name="account_bot"),
    path("settings/bot/entries/<int:pk>/", bot.entry_rest, name="bot_entry_rest"),
    path("settings/bot/entries/<int:pk>/target/", bot.entry_target, name="bot_entry_target"),
]
