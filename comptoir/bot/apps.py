from django.apps import AppConfig


class BotConfig(AppConfig):
    name = "comptoir.bot"
    label = "bot"
