"""Which part of the record is wanted."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comptoir.people.models import Agent
from comptoir.web.queries.record import RecordFilters

ACTORS = (
    ("", _("Anybody")), ("agent", _("Colleagues")), ("token", _("API tokens")), ("contact", _("Customers")),
    ("automation", _("Automations")), ("system", _("The system")),
)  # fmt: skip
WHAT = (
    ("", _("Everything")), ("conversation.*", _("Conversations")), ("message.*", _("Messages")), ("note.*", _("Notes")),
    ("agent.*", _("Colleagues")), ("team.*", _("Teams")), ("brand.*", _("Brands")), ("account.*", _("Accounts")),
    ("contact.*", _("People who write to us")), ("clock.*", _("Promises")), ("token.*", _("API tokens")),
    ("webhook.*", _("Webhooks")), ("delivery.*", _("Deliveries")), ("automation.*", _("Automations")),
    ("record.*", _("The record")),
)  # fmt: skip


class RecordForm(forms.Form):
    """The filters; what is not understood is told, and left out."""

    by = forms.ChoiceField(label=_("Who"), choices=ACTORS, required=False)
    agent = forms.ModelChoiceField(Agent.objects.all(), label=_("Colleague"), required=False, empty_label=_("All"))
    what = forms.ChoiceField(label=_("What"), choices=WHAT, required=False)
    conversation = forms.IntegerField(
        label=_("Conversation"), required=False, min_value=1, max_value=2**62,
        widget=forms.NumberInput(attrs={"placeholder": _("number")}),
    )  # fmt: skip
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To, included"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def filters(self) -> RecordFilters:
        """What was asked for, as far as it was understood."""
        self.is_valid()
        asked = self.cleaned_data
        until = asked.get("until")
        return RecordFilters(
            actor_kind=asked.get("by") or "",
            agent_id=asked["agent"].pk if asked.get("agent") else None,
            name=asked.get("what") or "",
            conversation_id=asked.get("conversation"),
            since=_midnight(asked["since"]) if asked.get("since") else None,
            until=_midnight(until + timedelta(days=1)) if until and until < date.max else None,
        )


def _midnight(day: datetime) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
