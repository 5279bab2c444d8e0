"""What people fill in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from comptoir.brands.models import Brand
from comptoir.connectors.base import Connector
from comptoir.people.models import Agent, Team, User

_PREFIX = "credential-"


def _in_our_language(words: tuple[str, str]) -> str:
    return words[0] if (get_language() or "fr").startswith("fr") else words[1]


class CredentialsForm(forms.Form):
    """What one connector needs to open an account, as it declares it.

    With ``is_renewal`` the stored secrets are kept where nothing is typed.
    """

    def __init__(self, *arguments: Any, connector: type[Connector], is_renewal: bool = False, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for one in connector.credential_fields:
            self.fields[_PREFIX + one.name] = forms.CharField(
                label=_in_our_language(one.label),
                help_text=_in_our_language(one.help),
                required=one.required and not is_renewal and not one.default,
                initial="" if is_renewal else one.default,
                widget=forms.PasswordInput(attrs={"autocomplete": "off"})
                if one.secret
                else forms.TextInput(attrs={"autocomplete": "off"}),
                max_length=4000,
            )

    @property
    def credentials(self) -> dict[str, str]:
        """What was filled in, by the connector's own names."""
        return {
            name.removeprefix(_PREFIX): str(text)
            for name, text in self.cleaned_data.items()
            if name.startswith(_PREFIX)
        }


class ConnectForm(CredentialsForm):
    """A new account: whose it is, who answers, what it is called, and what opens it."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("What colleagues will read: “Instagram France”.")
    )
    brand = forms.ModelChoiceField(Brand.objects.all(), label=_("Brand"), empty_label=None)
    team = forms.ModelChoiceField(Team.objects.all(), label=_("Team that answers"), empty_label=None)


class AgentForm(forms.Form):
    """A new colleague."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("What customers and colleagues will read."))
    email = forms.EmailField(label=_("E-mail address"), help_text=_("Their login."))
    role = forms.ChoiceField(label=_("Role"), choices=Agent.Role.choices, initial=Agent.Role.AGENT)
    teams = forms.ModelMultipleChoiceField(
        Team.objects.all(), label=_("Teams"), required=False, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(label=_("Language"), choices=[("fr", _("French")), ("en", _("English"))])
    password = forms.CharField(
        label=_("First password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Left empty, they sign in by a link that is shown once, and choose a password then."),
    )

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip().lower()
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("Somebody signs in with this address already."))
        return email

    def clean_password(self) -> str | None:
        password = self.cleaned_data.get("password") or None
        if password:
            validate_password(password)
        return password


class LanguageForm(forms.Form):
    """In which language the screens speak to one agent."""

    language = forms.ChoiceField(label=_("Language"), choices=[("fr", _("French")), ("en", _("English"))])
