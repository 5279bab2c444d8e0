"""What an agent wants to be told of, and how."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comptoir.notifications.choices import Kind, Way, chosen_preferences, quiet_hours, ways_of
from comptoir.people.models import Agent

WAYS = (
    (Way.PAGE, _("In the page")),
    (Way.SOUND, _("Sound")),
    (Way.PUSH, _("On the device")),
    (Way.EMAIL, _("E-mail digest")),
)


class NotificationsForm(forms.Form):
    """A box for every kind and way, named ``kind-way``; and from when to when nothing sounds."""

    quiet_begins = forms.TimeField(label=_("Quiet from"), required=False, widget=forms.TimeInput({"type": "time"}))
    quiet_ends = forms.TimeField(
        label=pgettext_lazy("time of day", "until"), required=False, widget=forms.TimeInput({"type": "time"})
    )

    def __init__(self, posted: QueryDict | None = None, *, agent: Agent) -> None:
        quiet = quiet_hours(agent)
        known: dict[str, Any] = {"quiet_begins": quiet.begins, "quiet_ends": quiet.ends} if quiet else {}
        known |= {f"{kind}-{way}": way in ways_of(agent, kind) for kind in Kind for way in Way}
        super().__init__(posted, initial=known)
        for kind in Kind:
            for way, label in WAYS:
                self.fields[f"{kind}-{way}"] = forms.BooleanField(required=False, label=f"{kind.label}: {label}")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("quiet_begins")) != bool(cleaned.get("quiet_ends")):
            raise forms.ValidationError(_("Quiet hours need a beginning and an end; leave both empty for none."))
        return cleaned

    @property
    def rows(self) -> list[tuple[Kind, list[tuple[Way, forms.BoundField]]]]:
        """The table: each kind with its boxes, by way."""
        return [(kind, [(way, self[f"{kind}-{way}"]) for way, _label in WAYS]) for kind in Kind]

    def save(self, agent: Agent) -> None:
        """Keep the choice with the agent's other preferences."""
        said = self.cleaned_data
        ways = {kind: frozenset(way for way in Way if said[f"{kind}-{way}"]) for kind in Kind}
        quiet = (said["quiet_begins"], said["quiet_ends"]) if said["quiet_begins"] and said["quiet_ends"] else None
        agent.preferences = agent.preferences | chosen_preferences(ways, quiet)
        agent.save(update_fields=["preferences"])
