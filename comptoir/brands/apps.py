from django.apps import AppConfig


class BrandsConfig(AppConfig):
    name = "comptoir.brands"
    label = "brands"
