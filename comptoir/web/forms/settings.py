"""What people fill in on the settings' screens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from comptoir.api.scopes import Scope
from comptoir.brands.models import Brand
from comptoir.brands.numbers import forms_from
from comptoir.core.hours import DAYS, WeeklyHours, check_weekly_hours, spans_read, spans_written
from comptoir.notifications.models import WebhookDelivery
from comptoir.people.models import Agent, Team, User
from comptoir.web.forms.zones import ZoneField
from comptoir.web.wording_people import ROLE_MEANINGS

_LANGUAGES = [("fr", _("French")), ("en", _("English"))]
_DAY_LABELS = {
    "mon": _("Monday"), "tue": _("Tuesday"), "wed": _("Wednesday"), "thu": _("Thursday"), "fri": _("Friday"),
    "sat": _("Saturday"), "sun": _("Sunday"),
}  # fmt: skip


class BrandForm(forms.Form):
    """A brand: what customers know it as, what it speaks, where its days begin."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As customers know it."))
    language = forms.ChoiceField(label=_("Language"), choices=Brand.Language.choices)
    time_zone = ZoneField(label=_("Time zone"), initial="Europe/Paris", help_text=_("Opening hours are read in it."))
    order_forms = forms.CharField(
        label=_("What your order numbers look like"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "One form a line: # is a figure, @ is a letter, as in CMD-######. They are known wherever customers and "
            "colleagues write them, and no public reply leaves with one unconfirmed."
        ),
    )  # fmt: skip
    customer_forms = forms.CharField(
        label=_("What your customer numbers look like"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One form a line, in the same way."),
    )  # fmt: skip

    def clean_order_forms(self) -> list[str]:
        """As they are kept."""
        return forms_from(self.cleaned_data["order_forms"])

    def clean_customer_forms(self) -> list[str]:
        """As they are kept."""
        return forms_from(self.cleaned_data["customer_forms"])


class TeamForm(forms.Form):
    """A team and who is in it."""

    name = forms.CharField(label=_("Name"), max_length=80)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Team.Purpose.choices)
    takes_by_answering = forms.BooleanField(
        label=_("Whoever answers takes the conversation"),
        required=False,
        initial=True,
        help_text=_("Where nobody has taken it. Without this, it stays to be taken until somebody takes it by hand."),
    )
    agents = forms.ModelMultipleChoiceField(
        Agent.objects.filter(is_active=True), label=_("Members"), required=False, widget=forms.CheckboxSelectMultiple
    )


def role_choices() -> list[tuple[str, SafeString]]:
    """Every role with what it is for."""
    shown = '<span>{}<br><span class="meta">{}</span></span>'
    return [(role.value, format_html(shown, role.label, ROLE_MEANINGS[role])) for role in Agent.Role]


class EditAgentForm(forms.Form):
    """Who somebody is here, and what they see."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("What customers and colleagues will read."))
    role = forms.ChoiceField(label=_("Role"), choices=role_choices, initial=Agent.Role.AGENT, widget=forms.RadioSelect)
    teams = forms.ModelMultipleChoiceField(
        Team.objects.all(), label=_("Teams"), required=False, widget=forms.CheckboxSelectMultiple
    )
    brands = forms.ModelMultipleChoiceField(
        Brand.objects.all(), label=_("Brands"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Whose conversations they see. None chosen: all of them."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), choices=_LANGUAGES)


class NewAgentForm(EditAgentForm):
    """A new colleague, who is then invited."""

    email = forms.EmailField(label=_("E-mail address"), help_text=_("Their login."))
    field_order = ("name", "email", "role", "teams", "brands", "language")

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip().lower()
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("Somebody signs in with this address already."))
        return email


class HoursForm(forms.Form):
    """Weekly hours: a line for each day, as people write it."""

    OPEN = (("always", _("Always open")), ("weekly", _("By the week")))

    opens = forms.ChoiceField(label=_("Opening"), choices=OPEN, widget=forms.RadioSelect)

    def __init__(self, *arguments: Any, hours: WeeklyHours | None = None, always: str = "", **named: Any) -> None:
        super().__init__(*arguments, **named)
        hours = hours or {}
        if always:
            choices = [("always", always), self.OPEN[1]]
            self.fields["opens"] = forms.ChoiceField(label=_("Hours"), choices=choices, widget=forms.RadioSelect)
        self.initial.setdefault("opens", "weekly" if hours else "always")
        for day in DAYS:
            self.fields[day] = forms.CharField(
                label=_DAY_LABELS[day], required=False, max_length=120, initial=spans_written(hours.get(day, ())),
                widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("closed")}),
            )  # fmt: skip

    def check_day(self, day: str, spans: list[list[str]]) -> None:
        """Raises ValidationError for spans that cannot be."""
        check_weekly_hours({day: spans})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        hours: dict[str, list[list[str]]] = {}
        for day in DAYS if cleaned.get("opens") == "weekly" else ():
            try:
                spans = spans_read(cleaned.get(day, ""))
                self.check_day(day, spans)
            except ValidationError:
                self.add_error(day, _("These spans overlap, or end before they begin."))
            except ValueError:
                self.add_error(day, _("Written like this: 9:00–12:30, 14:00–18:00."))
            else:
                hours |= {day: spans} if spans else {}
        if cleaned.get("opens") == "weekly" and not hours and not self.errors:
            self.add_error("opens", _("Give the hours of one day at least, or choose the other answer."))
        if cleaned.get("opens") == "always" and any(cleaned.get(day) for day in DAYS if day in self.changed_data):
            # Hours that were there before may stay in their fields; those just written would be lost without a word.
            self.add_error("opens", _("Hours are written below: choose the week to keep them, or empty them."))
        return cleaned | {"hours": hours}


class MyHoursForm(HoursForm):
    """When one works oneself, and in which zone."""

    time_zone = ZoneField(label=_("Time zone"), required=False)


class AccountForm(forms.Form):
    """How an account is called, who answers, who alone sees it."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("What colleagues will read."))
    team = forms.ModelChoiceField(
        Team.objects.all(), label=_("Team that answers"), empty_label=None,
        help_text=_("New conversations go to it; those there are stay where they are."),
    )  # fmt: skip
    reserved_for = forms.ModelMultipleChoiceField(
        Team.objects.all(), label=_("Seen only by"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("For what not everybody should read. None chosen: whoever may see the conversation’s team."),
    )  # fmt: skip


class TokenForm(forms.Form):
    """A token: what it is for, as whom it acts, what it may do and for how long."""

    DAYS = (("30", _("30 days")), ("90", _("90 days")), ("365", _("A year")), ("", _("Until it is revoked")))

    name = forms.CharField(label=_("What it is for"), max_length=120, help_text=_("For example: our CRM."))
    agent = forms.ModelChoiceField(
        Agent.objects.filter(is_active=True), label=_("Acts as"), empty_label=None,
        help_text=_("It sees and does what this person may, within the scopes below."),
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"), choices=[(scope.value, scope.value) for scope in Scope], widget=forms.CheckboxSelectMultiple
    )
    days = forms.ChoiceField(label=_("Lasts"), choices=DAYS, required=False, initial="365")


class EndpointForm(forms.Form):
    """An address outside that is told what happens here."""

    NOUNS = (
        ("conversation.*", _("Conversations")), ("message.*", _("Messages")), ("note.*", _("Notes")),
        ("contact.*", _("People who write to us")), ("clock.*", _("Promises")), ("account.*", _("Accounts")),
        ("agent.*", _("Colleagues")),
    )  # fmt: skip

    url = forms.URLField(label=_("Address"), max_length=2000, assume_scheme="https")
    nouns = forms.MultipleChoiceField(
        label=_("What it is told"), choices=NOUNS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: everything."),
    )  # fmt: skip
    names = forms.CharField(
        label=_("Single events"), required=False, max_length=1000, help_text=_("Names like message.sent, with spaces.")
    )

    def clean_names(self) -> list[str]:
        names = str(self.cleaned_data["names"]).replace(",", " ").split()
        wrong = [name for name in names if not _is_event_name(name)]
        if wrong:
            raise forms.ValidationError(_("“%(name)s” is no name of an event.") % {"name": wrong[0]})
        return names

    @property
    def event_names(self) -> list[str]:
        return [*self.cleaned_data["nouns"], *self.cleaned_data["names"]]

    @classmethod
    def filled(cls, url: str, event_names: list[str]) -> EndpointForm:
        """The form as an endpoint is now."""
        known = {noun for noun, _label in cls.NOUNS}
        return cls(
            initial={
                "url": url,
                "nouns": [name for name in event_names if name in known],
                "names": " ".join(name for name in event_names if name not in known),
            }
        )


def _is_event_name(name: str) -> bool:
    noun, dot, verb = name.partition(".")
    return bool(dot) and len(name) <= 60 and noun.replace("_", "").isalpha() and (
        verb == "*" or verb.replace("_", "").isalpha()
    )  # fmt: skip


class LogForm(forms.Form):
    """Which deliveries of a webhook are shown."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *WebhookDelivery.State.choices]
    )
