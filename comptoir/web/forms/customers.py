"""What is written about a customer, beside the exchange."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from comptoir.contacts.actions import MAX_ABOUT_CHARS
from comptoir.contacts.models import Contact

_LANGUAGES = [
    ("", _("Unknown")), ("fr", _("French")), ("en", _("English")), ("de", _("German")), ("es", _("Spanish")),
    ("it", _("Italian")), ("nl", _("Dutch")), ("pt", _("Portuguese")), ("ar", _("Arabic")),
]  # fmt: skip


class CustomerForm(forms.Form):
    """One person; ``details`` has a line for each of the company's own fields, « name: text »."""

    name = forms.CharField(label=_("Name"), max_length=255, required=False)
    language = forms.CharField(label=_("Language"), max_length=12, required=False, widget=forms.Select)
    about = forms.CharField(
        label=_("What colleagues should know"),
        max_length=MAX_ABOUT_CHARS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    details = forms.CharField(
        label=_("Details"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, for example “Loyalty card: 4411”."),
    )
    tags = forms.CharField(label=_("Tags, with commas between them"), required=False)

    def __init__(self, posted: QueryDict | None = None, *, contact: Contact) -> None:
        known = {
            "name": contact.name,
            "language": contact.language,
            "about": contact.about,
            "details": "\n".join(f"{name}: {text}" for name, text in contact.attributes.items()),
            "tags": ", ".join(contact.tags),
        }
        super().__init__(posted, initial=known, auto_id="customer-%s")
        spoken = [] if contact.language in dict(_LANGUAGES) else [(contact.language, contact.language)]
        self.fields["language"].widget.choices = [*_LANGUAGES, *spoken]

    def clean_details(self) -> dict[str, str]:
        """The lines as names and texts; a line without a colon is refused, and kept."""
        details: dict[str, str] = {}
        for line in self.cleaned_data["details"].splitlines():
            name, colon, text = line.partition(":")
            if line.strip() and not (colon and name.strip() and text.strip()):
                raise forms.ValidationError(_("Write each detail as “name: text”."))
            if line.strip():
                details[name.strip()] = text.strip()
        return details

    def clean_tags(self) -> list[str]:
        return [tag for tag in self.cleaned_data["tags"].split(",") if tag.strip()]
