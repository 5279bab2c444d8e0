"""What people fill in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from comptoir.brands.models import Brand
from comptoir.connectors.base import Connector, CredentialField
from comptoir.people.models import Team

_PREFIX = "credential-"


def _in_our_language(words: tuple[str, str]) -> str:
    return words[0] if (get_language() or "fr").startswith("fr") else words[1]


class CredentialsForm(forms.Form):
    """What one connector needs to open an account, as it declares it.

    With ``is_renewal`` the stored secrets are kept where nothing is typed; what is no secret is shown as ``stored``.
    """

    def __init__(
        self,
        *arguments: Any,
        connector: type[Connector],
        is_renewal: bool = False,
        stored: Mapping[str, str] | None = None,
        **named: Any,
    ) -> None:
        super().__init__(*arguments, **named)
        stored = stored or {}
        for one in connector.credential_fields:
            kept = stored.get(one.name, "")
            self.fields[_PREFIX + one.name] = forms.CharField(
                label=_in_our_language(one.label),
                help_text=_in_our_language(one.help),
                required=one.required and not is_renewal and not one.default,
                initial=(kept or (one.default if one.choices else "")) if is_renewal else one.default,
                widget=_widget(one, kept),
                min_length=one.least_chars or None,
                max_length=4000,
                validators=[_whole_number(*one.whole_from_to)] if one.whole_from_to else [],
            )

    @property
    def credentials(self) -> dict[str, str]:
        """What was filled in, by the connector's own names."""
        return {
            name.removeprefix(_PREFIX): str(text)
            for name, text in self.cleaned_data.items()
            if name.startswith(_PREFIX)
        }

    @property
    def emptied(self) -> set[str]:
        """What was filled in before, was shown, and was emptied by hand."""
        return {
            name.removeprefix(_PREFIX)
            for name in self.changed_data
            if name.startswith(_PREFIX) and not self.cleaned_data.get(name) and self.fields[name].initial
        }


def _whole_number(least: int, most: int) -> Callable[[str], None]:
    def check(typed: str) -> None:
        if not typed.isdecimal() or not least <= int(typed) <= most:
            raise ValidationError(
                _("A whole number from %(least)s to %(most)s."), params={"least": least, "most": most}
            )

    return check


def _team_that_serves() -> Team | None:
    """The one that most accounts are answered by: experts and marketing answer now and then."""
    return Team.objects.filter(purpose=Team.Purpose.SERVICE).first()


def _widget(field: CredentialField, kept: str) -> forms.Widget:
    """How it is filled in. A value from before there were choices stays one, so that looking changes nothing."""
    if field.choices:
        known = [(value, _in_our_language(called)) for value, called in field.choices]
        is_known = not kept or kept in dict(known)
        return forms.Select(choices=known if is_known else [(kept, kept), *known])
    kind = forms.PasswordInput if field.secret else forms.TextInput
    return kind(attrs={"autocomplete": "off"})


class ConnectForm(CredentialsForm):
    """A new account: whose it is, who answers, what it is called, and what opens it."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("What colleagues will read."))
    brand = forms.ModelChoiceField(Brand.objects.all(), label=_("Brand"), empty_label=None)
    team = forms.ModelChoiceField(
        Team.objects.all(), label=_("Team that answers"), empty_label=None, initial=_team_that_serves
    )


class LanguageForm(forms.Form):
    """In which language the screens speak to one agent."""

    language = forms.ChoiceField(label=_("Language"), choices=[("fr", _("French")), ("en", _("English"))])
