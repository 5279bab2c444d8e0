from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    name = "comptoir.analysis"
    label = "analysis"
