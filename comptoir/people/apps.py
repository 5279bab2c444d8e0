from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "comptoir.people"
    label = "people"
