from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "comptoir.events"
    label = "events"
