from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "comptoir.routing"
    label = "routing"
