"""Telephone numbers that people fill in."""

from __future__ import annotations

import re
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: What a switchboard of the company's own calls a desk; it says itself whether it knows it.
_EXTENSION = re.compile(r"[0-9]{2,6}")
#: Where a number is read as written at home; any other is written with its country's +.
_HOME = "FR"


class TelephoneForm(forms.Form):
    """On which telephone an agent is rung when they call a customer; empty: on none."""

    telephone = forms.CharField(
        label=_("Your telephone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=_("It rings first when you call a customer from a conversation; they see the company’s number."),
    )

    def clean_telephone(self) -> str:
        written: Any = self.cleaned_data["telephone"].strip()
        if not written or _EXTENSION.fullmatch(written):
            return str(written)
        try:
            number = phonenumbers.parse(written, _HOME)
        except phonenumbers.NumberParseException as error:
            raise ValidationError(
                _("This is no telephone number: write it like 01 23 45 67 89 or +32 2 345 67 89.")
            ) from error
        if not phonenumbers.is_valid_number(number):
            raise ValidationError(_("This is no telephone number: write it like 01 23 45 67 89 or +32 2 345 67 89."))
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
