"""What a passkey is called, and whether it stands instead of the password."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.utils.translation import gettext_lazy as _


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """allauth's own, in our words. It opens by itself unless one wants otherwise: that is what people take it for, and
    whoever has no password would be asked for one otherwise.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["name"].label = _("Name")
        self.fields["passwordless"].label = _("Instead of the password")
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].help_text = _(
            "It then opens by itself, and asks for your finger, your face or a code. Otherwise it is asked for after "
            "the password."
        )


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """allauth's own, in our words."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["name"].label = _("Name")
