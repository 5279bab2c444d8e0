"""What is filled in about when the counter is open."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comptoir.brands.models import Brand
from comptoir.channels.models import ChannelAccount
from comptoir.core.hours import DAYS, spans_read, spans_written
from comptoir.people.models import Team
from comptoir.sla.calendars import Exceptional
from comptoir.sla.models import OpeningCalendar
from comptoir.sla.opening import check_spans
from comptoir.web.forms.settings import HoursForm
from comptoir.web.forms.zones import ZoneField
from comptoir.web.presenting.places import country_choices, subdivision_choices
from comptoir.web.wording import channel_label

if TYPE_CHECKING:
    _FormSet = forms.BaseFormSet["ExceptionForm"]
else:
    _FormSet = forms.BaseFormSet  # generic only in its stubs

_OWNERS: dict[str, type[Brand | Team | ChannelAccount]] = {
    "account": ChannelAccount, "team": Team, "brand": Brand,
}  # fmt: skip


def _owner_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Whoever has no calendar yet: the brands, the teams, the accounts of each brand."""
    brands, teams = (model.objects.filter(opening_calendar=None) for model in (Brand, Team))
    accounts = ChannelAccount.objects.filter(opening_calendar=None).select_related("brand")
    in_order = sorted(accounts, key=lambda one: (one.brand.name, one.brand_id, _told_apart(one)))
    groups = [
        (gettext("Brand"), [(f"brand-{one.pk}", one.name) for one in brands]),
        (gettext("Team"), [(f"team-{one.pk}", one.name) for one in teams]),
    ]
    for brand, theirs in groupby(in_order, key=lambda one: one.brand):
        named = gettext("Account of %(brand)s") % {"brand": brand.name}
        groups.append((named, [(f"account-{one.pk}", _told_apart(one)) for one in theirs]))
    return [(label, choices) for label, choices in groups if choices]


def _told_apart(account: ChannelAccount) -> str:
    """A page is often called as its brand is, on every network."""
    return f"{channel_label(account.kind)}, {account.name}"


class CalendarForm(HoursForm):
    """When the counter is open: weekly hours, in which nights may pass midnight, and whose holidays close it."""

    name = forms.CharField(label=_("Name"), max_length=80)
    time_zone = ZoneField(label=_("Time zone"), initial="Europe/Paris")
    country = forms.ChoiceField(label=_("Closed on the holidays of"), choices=country_choices, required=False)
    subdivision = forms.ChoiceField(
        label=_("Part of the country"), required=False, help_text=_("Where it has holidays of its own.")
    )

    def __init__(self, *arguments: Any, calendar: OpeningCalendar | None = None, **named: Any) -> None:
        initial = {}
        if calendar is not None:
            initial = {
                "name": calendar.name, "time_zone": calendar.time_zone, "country": calendar.country,
                "subdivision": calendar.subdivision,
            }  # fmt: skip
        hours = calendar.weekly_hours if calendar else None
        super().__init__(*arguments, hours=hours, initial=initial, **named)
        country = self.data.get("country", "") if self.is_bound else initial.get("country", "")
        self.fields["subdivision"] = subdivision_field(country)
        if calendar is None:
            self.fields["owner"] = forms.ChoiceField(
                label=_("For"), choices=_owner_choices,
                help_text=_("An account’s goes before its team’s, and a team’s before its brand’s."),
            )  # fmt: skip

    def check_day(self, day: str, spans: list[list[str]]) -> None:
        check_spans(spans)

    @property
    def days(self) -> list[BoundField]:
        return [self[day] for day in DAYS]

    @property
    def about(self) -> list[BoundField]:
        """What stands before the hours."""
        return [self[name] for name in ("name", "owner", "time_zone") if name in self.fields]

    @property
    def owner(self) -> Brand | Team | ChannelAccount:
        """Whose the new calendar is."""
        kind, _dash, pk = self.cleaned_data["owner"].partition("-")
        return _OWNERS[kind].objects.get(pk=pk)

    @property
    def kept(self) -> dict[str, Any]:
        """What was filled in, as the actions take it."""
        given = self.cleaned_data
        return {
            "name": given["name"], "time_zone": given["time_zone"], "country": given["country"],
            "subdivision": given["subdivision"], "weekly_hours": given["hours"] or None,
        }  # fmt: skip


def subdivision_field(country: str) -> forms.ChoiceField:
    """The parts of one country to choose from."""
    return forms.ChoiceField(
        label=_("Part of the country"), choices=subdivision_choices(country), required=False,
        help_text=_("Where it has holidays of its own."),
    )  # fmt: skip


class PlaceForm(forms.Form):
    """The parts of the country that was just chosen."""

    def __init__(self, *arguments: Any, country: str, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["subdivision"] = subdivision_field(country)


class ExceptionForm(forms.Form):
    """One day of its own hours. A row without a day is left out."""

    falls_on = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    spans = forms.CharField(
        label=_("Hours"), required=False, max_length=120, widget=forms.TextInput(attrs={"placeholder": _("closed")})
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=120)

    def clean_spans(self) -> list[list[str]]:
        try:
            spans = spans_read(self.cleaned_data["spans"])
            check_spans(spans)
        except ValueError as error:
            raise ValidationError(_("Written like this: 9:00–12:30, 14:00–18:00.")) from error
        return spans

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("falls_on") and not self.errors and (cleaned.get("spans") or cleaned.get("reason")):
            self.add_error("falls_on", _("Which day is it?"))
        return cleaned


class ExceptionRows(_FormSet):
    """The exceptional days of one calendar, each once."""

    def clean(self) -> None:
        days = [form.cleaned_data.get("falls_on") for form in self.forms if form.is_valid()]
        days = [day for day in days if day]
        if len(days) != len(set(days)):
            raise ValidationError(_("One day is there twice."))

    @property
    def kept(self) -> list[Exceptional]:
        rows = [form.cleaned_data for form in self.forms]
        return [Exceptional(row["falls_on"], row["spans"], row["reason"]) for row in rows if row.get("falls_on")]


_ExceptionFormSet = forms.formset_factory(ExceptionForm, formset=ExceptionRows, extra=3, max_num=400)


def exception_rows(posted: Any, calendar: OpeningCalendar | None) -> ExceptionRows:
    """The days that are kept, to be edited, or what was made of them."""
    days = calendar.exceptional_days.all() if calendar else ()
    kept = [{"falls_on": day.falls_on, "spans": spans_written(day.spans), "reason": day.reason} for day in days]
    rows = _ExceptionFormSet(posted, initial=kept, prefix="day")
    assert isinstance(rows, ExceptionRows)
    return rows
