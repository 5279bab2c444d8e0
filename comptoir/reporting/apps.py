from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "comptoir.reporting"
    label = "reporting"
