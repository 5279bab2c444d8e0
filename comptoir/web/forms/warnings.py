"""What is filled in about the warnings of a promise: one row for each moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from comptoir.notifications.models import WebhookEndpoint
from comptoir.people.models import Team
from comptoir.sla.models import PolicyWarning, SLAPolicy
from comptoir.sla.warning_terms import WarningTerms
from comptoir.web.presenting.promises import warning_words

if TYPE_CHECKING:
    _FormSet = forms.BaseFormSet["WarningForm"]
else:
    _FormSet = forms.BaseFormSet  # generic only in its stubs

Choices = Sequence[tuple[int | str, str]]

_UNITS = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1), "days": timedelta(days=1)}


class WarningForm(forms.Form):
    """One warning. A row without a number is left out."""

    SIDES = (
        ("before", pgettext_lazy("warning", "before it is due")), ("after", pgettext_lazy("warning", "after that")),
    )  # fmt: skip
    UNITS = (("minutes", _("minutes")), ("hours", _("hours")), ("days", _("days")))

    amount = forms.IntegerField(label=pgettext_lazy("warning", "How long"), required=False, min_value=0, max_value=9999)
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS, initial="minutes")
    side = forms.ChoiceField(label=pgettext_lazy("warning", "When"), choices=SIDES, initial="before")
    tells = forms.MultipleChoiceField(
        label=_("Tell"), choices=PolicyWarning.Audience.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    raises_priority = forms.BooleanField(label=_("Make it more urgent"), required=False)
    gives_back = forms.BooleanField(label=_("Give it to somebody else of the team"), required=False)
    escalates_to = forms.TypedChoiceField(label=_("Pass to a team"), required=False, coerce=int, empty_value=None)
    posts_to = forms.TypedMultipleChoiceField(
        label=_("Post in"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    #: The warning as a sentence; none for a blank row.
    words = ""

    def __init__(self, *arguments: Any, teams: Choices, endpoints: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._offer("escalates_to", [("", pgettext("warning", "No")), *teams])
        self._offer("posts_to", endpoints)
        if not endpoints:
            del self.fields["posts_to"]

    def _offer(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        acts = ("tells", "raises_priority", "gives_back", "escalates_to", "posts_to")
        does = any(cleaned.get(name) for name in acts)
        if cleaned.get("amount") is None and does and "amount" not in self.errors:
            self.add_error("amount", _("How long before or after?"))
        if cleaned.get("amount") is not None and not does:
            self.add_error("tells", _("Choose what this warning does."))
        return cleaned

    @property
    def from_due(self) -> timedelta | None:
        """Negative before the due time; None where the row is left out."""
        given = self.cleaned_data
        if given.get("amount") is None:
            return None
        distance: timedelta = given["amount"] * _UNITS[given["unit"]]
        return -distance if given["side"] == "before" else distance


class WarningRows(_FormSet):
    """The warnings of one promise."""

    def clean(self) -> None:
        moments = [form.from_due for form in self.forms if form.is_valid()]
        moments = [moment for moment in moments if moment is not None]
        if len(moments) != len(set(moments)):
            raise ValidationError(
                _("Two warnings fall at the same moment: make one of them, it can do several things.")
            )

    @property
    def kept(self) -> list[WarningTerms]:
        rows = [(form.from_due, form.cleaned_data) for form in self.forms]
        return [
            WarningTerms(
                from_due=moment,
                tells=given["tells"],
                raises_priority=given["raises_priority"],
                gives_back=given["gives_back"],
                escalates_to_id=given["escalates_to"],
            )
            for moment, given in rows
            if moment is not None
        ]

    @property
    def posts(self) -> Mapping[timedelta, Collection[int]]:
        """The endpoints by the moment of their warning."""
        rows = [(form.from_due, form.cleaned_data.get("posts_to") or ()) for form in self.forms]
        return {moment: endpoints for moment, endpoints in rows if moment is not None}


_WarningFormSet = forms.formset_factory(WarningForm, formset=WarningRows, extra=2, max_num=12)


def warning_rows(posted: Any, policy: SLAPolicy | None) -> WarningRows:
    """The warnings that are kept, to be edited, or what was made of them."""
    kept = PolicyWarning.objects.filter(policy=policy, is_active=True) if policy else PolicyWarning.objects.none()
    warnings = list(kept.select_related("escalates_to").prefetch_related("endpoints"))
    teams, endpoints = Team.objects.values_list("pk", "name"), WebhookEndpoint.objects.values_list("pk", "url")
    offered = {"teams": list(teams), "endpoints": list(endpoints)}
    initial = [_as_filled(one) for one in warnings]
    rows = _WarningFormSet(posted, initial=initial, prefix="warning", form_kwargs=offered)
    assert isinstance(rows, WarningRows)
    for form, warning in zip(rows.forms, warnings, strict=False):  # those that follow are blank
        form.words = warning_words(warning)
    return rows


def _as_filled(warning: PolicyWarning) -> dict[str, Any]:
    distance = abs(warning.from_due)
    unit = next((name for name in ("days", "hours") if distance and distance % _UNITS[name] == timedelta(0)), "minutes")
    return {
        "amount": round(distance / _UNITS[unit]),
        "unit": unit,
        "side": "before" if warning.from_due < timedelta(0) else "after",
        "tells": warning.tells,
        "raises_priority": warning.raises_priority,
        "gives_back": warning.gives_back,
        "escalates_to": warning.escalates_to_id,
        "posts_to": [endpoint.pk for endpoint in warning.endpoints.all()],
    }
