"""What is filled in about a promise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comptoir.analysis.models import ContactReason, Intent
from comptoir.analysis.queries import reason_tree
from comptoir.brands.models import Brand
from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Priority
from comptoir.people.models import Team
from comptoir.routing.names import LANGUAGES
from comptoir.sla.models import SLAPolicy
from comptoir.sla.policies import Terms
from comptoir.web.wording import channel_label, language_name

#: Of the fields, those that stand folded together.
_SELDOM = ("priority", "topic", "intents", "languages", "customer_tags", "card_field", "card_values")


class PolicyForm(forms.Form):
    """A promise and whom it is given to."""

    UNITS = (
        ("minutes", _("minutes")), ("hours", _("hours")), ("days", _("days")), ("working_days", _("working days")),
    )  # fmt: skip
    COUNTED = (("", _("At all hours")), ("yes", _("During opening hours")))
    SEEN = (("", _("Public and private")), ("public", _("Public only")), ("private", _("Private only")))

    promise = forms.ChoiceField(label=_("What is promised"), choices=SLAPolicy.Promise.choices)
    amount = forms.IntegerField(label=_("Within"), min_value=1, max_value=9999, initial=24)
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS, initial="hours")
    counted = forms.ChoiceField(
        label=_("Time runs"), choices=COUNTED, required=False, widget=forms.RadioSelect,
        help_text=_("Opening hours come from a calendar, else from the account. Working days always do."),
    )  # fmt: skip
    week = forms.ChoiceField(
        label=_("Working days are"), choices=SLAPolicy.WorkingWeek.choices, required=False,
        help_text=_("Where the promise is in working days. Holidays are those of the calendar in any case."),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=_("On which channels"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them."),
    )  # fmt: skip
    seen = forms.ChoiceField(label=_("Conversations"), choices=SEEN, required=False, widget=forms.RadioSelect)
    pauses = forms.ChoiceField(
        label=_("Stands still"), choices=SLAPolicy.Pauses.choices, required=False, widget=forms.RadioSelect,
        help_text=_("While we wait for the customer. It runs on as soon as they write."),
    )  # fmt: skip
    brand = forms.ModelChoiceField(Brand.objects.all(), label=_("Brand"), required=False, empty_label=_("All brands"))
    team = forms.ModelChoiceField(Team.objects.all(), label=_("Team"), required=False, empty_label=_("All teams"))
    priority = forms.TypedChoiceField(
        label=_("Priority at least"), required=False, coerce=int, empty_value=None,
        choices=[("", _("Any priority")), *Priority.choices[2:]],
    )  # fmt: skip
    topic = forms.ModelChoiceField(
        ContactReason.objects.all(), label=_("Contact reason"), required=False, empty_label=_("Any reason"),
        help_text=_("With those below it. Known a moment after the message: the promise is then computed anew."),
    )  # fmt: skip
    intents = forms.MultipleChoiceField(
        label=_("What they write is"), required=False, widget=forms.CheckboxSelectMultiple, choices=Intent.choices,
        help_text=_("None chosen: anything. Known a moment after the message, as the contact reason is."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("The customer writes in"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: any language."),
    )  # fmt: skip
    customer_tags = forms.CharField(
        label=_("The customer has a tag"), required=False, max_length=400,
        help_text=_("One of these, separated by commas: the tags of the customer’s card, such as vip."),
    )  # fmt: skip
    card_field = forms.CharField(
        label=_("A field of the customer’s card"), required=False, max_length=80,
        help_text=_("Such as the stage they are at: the name of the company’s own field."),
    )  # fmt: skip
    card_values = forms.CharField(
        label=_("Is one of"), required=False, max_length=800, help_text=_("Its values, separated by commas.")
    )

    def __init__(self, posted: Any = None, *, policy: SLAPolicy | None = None) -> None:
        super().__init__(posted, initial=_as_filled(policy) if policy else None)
        connected = ChannelAccount.objects.values_list("kind", flat=True).distinct()
        kinds = {"chat", "email", *connected, *(policy.kinds if policy else ())}
        choices = sorted(((kind, channel_label(kind)) for kind in kinds), key=lambda one: one[1])
        self._offer("kinds", choices)
        codes = dict.fromkeys((*LANGUAGES, *(policy.languages if policy else ())))
        self._offer("languages", [(code, language_name(code)) for code in codes])
        self._offer("topic", [("", gettext("Any reason")), *((one.reason.pk, one.path) for one in reason_tree())])

    def _offer(self, name: str, choices: Sequence[tuple[str | int, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def plain(self) -> list[BoundField]:
        """What nearly every promise is made of."""
        return [self[name] for name in self.fields if name not in _SELDOM]

    @property
    def seldom(self) -> list[BoundField]:
        """Conditions that few promises have."""
        return [self[name] for name in _SELDOM]

    @property
    def has_seldom(self) -> bool:
        """Whether one of them is filled in, or wrong."""
        return any(one.value() not in (None, "", []) or one.errors for one in self.seldom)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        named, values = cleaned.get("card_field"), _words(cleaned.get("card_values", ""))
        if named and not values:
            self.add_error("card_values", gettext("Which values? Write at least one."))
        if values and not named:
            self.add_error("card_field", gettext("Which field has these values?"))
        return cleaned

    @property
    def terms(self) -> Terms:
        given = self.cleaned_data
        is_days = given["unit"] == "working_days"
        return Terms(
            promise=given["promise"],
            target=None if is_days else timedelta(**{given["unit"]: given["amount"]}),
            target_working_days=given["amount"] if is_days else None,
            is_in_working_time=is_days or given["counted"] == "yes",
            working_week=(given["week"] or SLAPolicy.WorkingWeek.OPENING) if is_days else SLAPolicy.WorkingWeek.OPENING,
            kinds=given["kinds"],
            is_public={"public": True, "private": False}.get(given["seen"]),
            brand_id=given["brand"].pk if given["brand"] else None,
            team_id=given["team"].pk if given["team"] else None,
            pauses=given["pauses"],
            least_priority=given["priority"],
            languages=given["languages"],
            intents=given["intents"],
            topic_id=given["topic"].pk if given["topic"] else None,
            customer_tags=_words(given["customer_tags"]),
            card_field=given["card_field"],
            card_values=_words(given["card_values"]),
        )


def _words(written: str) -> list[str]:
    return [word for one in written.replace(";", ",").split(",") if (word := " ".join(one.split()))]


def _as_filled(policy: SLAPolicy) -> dict[str, Any]:
    amount, unit = _in_units(policy)
    return {
        "promise": policy.promise,
        "amount": amount,
        "unit": unit,
        "counted": "yes" if policy.is_in_working_time else "",
        "week": policy.working_week,
        "kinds": policy.kinds,
        "seen": "" if policy.is_public is None else "public" if policy.is_public else "private",
        "brand": policy.brand_id,
        "team": policy.team_id,
        "pauses": policy.pauses,
        "priority": policy.least_priority,
        "languages": policy.languages,
        "topic": policy.topic_id,
        "intents": policy.intents,
        "customer_tags": ", ".join(policy.customer_tags),
        "card_field": policy.card_field,
        "card_values": ", ".join(policy.card_values),
    }


def _in_units(policy: SLAPolicy) -> tuple[int, str]:
    """A target in the largest unit in which it is a whole number; up to two days, in hours."""
    if policy.target is None:
        return policy.target_working_days or 1, "working_days"
    minutes = max(1, round(policy.target.total_seconds() / 60))
    if minutes % 60:
        return minutes, "minutes"
    hours = minutes // 60
    return (hours, "hours") if hours % 24 or hours <= 48 else (hours // 24, "days")
