"""What a report is narrowed by, as there is to choose from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comptoir.analysis.queries import reason_tree
from comptoir.channels.models import ChannelAccount
from comptoir.people.models import Agent, Team
from comptoir.reporting.asking import By, Question, Reach
from comptoir.web.presenting.reports import BY_LABELS
from comptoir.web.wording import channel_label


class ReportForm(forms.Form):
    """Shows a question and asks the next one; reading it back is `Question.read`, which leaves out what it must."""

    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(label=_("To, included"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    by = forms.ChoiceField(label=_("One line for each"))
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    brand = forms.ChoiceField(label=_("Brand"), required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)
    agent = forms.ChoiceField(label=_("Colleague"), required=False)
    topic = forms.ChoiceField(label=_("Contact reason"), required=False)

    def __init__(self, question: Question, reach: Reach) -> None:
        super().__init__(initial={"since": question.since, "until": question.until} | question.written)
        accounts = list(ChannelAccount.objects.filter(pk__in=reach.accounts).select_related("brand"))
        teams = Team.objects.all() if reach.teams is None else Team.objects.filter(pk__in=reach.teams)
        kinds = sorted({one.kind for one in accounts})
        self._offer("channel", [(kind, channel_label(kind)) for kind in kinds])
        self._offer("brand", sorted({(one.brand_id, one.brand.name) for one in accounts}, key=lambda one: one[1]))
        self._offer("team", list(teams.values_list("pk", "name")))
        self._offer("topic", [(one.reason.pk, "\u00a0\u00a0" * one.depth + one.reason.name) for one in reason_tree()])
        lines = [(by.value, label) for by, label in BY_LABELS.items()]
        if reach.colleagues is None:
            del self.fields["agent"]
            lines = [one for one in lines if one[0] != By.AGENT]
        else:
            self._offer("agent", list(Agent.objects.filter(pk__in=reach.colleagues).values_list("pk", "name")))
        self._choices("by", lines)

    def _offer(self, name: str, choices: list[Any]) -> None:
        self._choices(name, [("", _("All")), *choices])

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
