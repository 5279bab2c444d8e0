"""Choosing a time zone by a place in it."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext

_FRANCE = (
    "Europe/Paris", "America/Guadeloupe", "America/Martinique", "America/Cayenne", "America/Miquelon", "Indian/Reunion",
    "Indian/Mayotte", "Pacific/Noumea", "Pacific/Tahiti", "Pacific/Wallis",
)  # fmt: skip


#: Where places are. Beside them the database has other names of the same zones (« US/Eastern ») and distances from
#: Greenwich whose signs are the reverse of everybody's (« Etc/GMT+5 »): they stay where somebody has chosen them.
_PARTS_OF_THE_WORLD = (
    "Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
    "Pacific/",
)  # fmt: skip


@cache
def _other_zones() -> tuple[str, ...]:
    others = available_timezones() - set(_FRANCE)
    return tuple(sorted(zone for zone in others if zone.startswith(_PARTS_OF_THE_WORLD)))


class ZoneField(forms.ChoiceField):
    """A time zone by a place in it; what was kept before is offered too, whatever it is called."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=self._offered, **kwargs)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """The field in its form, where what is kept is known."""
        kept = form.get_initial_for_field(self, field_name)
        if kept and not super().valid_value(kept):
            self.choices = [*self._offered(), (kept, str(kept).replace("_", " "))]
        return super().get_bound_field(form, field_name)

    def _offered(self) -> list[Any]:
        return zone_choices() if self.required else [("", "–"), *zone_choices()]

    def valid_value(self, value: Any) -> bool:
        """Any zone that there is."""
        return super().valid_value(value) or value in available_timezones()


def zone_choices() -> list[Any]:
    """The time zones by their places, those of France first."""
    return [
        (gettext("France"), [(zone, zone.replace("_", " ")) for zone in _FRANCE]),
        (gettext("World"), [(zone, zone.replace("_", " ")) for zone in _other_zones()]),
    ]
