from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "comptoir.public"
    label = "public"
