"""A list of products and places, typed or in a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_LARGEST_BYTES, _MOST_CHARS = 1024 * 1024, 200_000


class NamesForm(forms.Form):
    """Lines of kind, name and other spellings."""

    lines = forms.CharField(
        label=gettext_lazy("Products and places, one a line"),
        required=False,
        max_length=_MOST_CHARS,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=gettext_lazy("As “product; Halo lamp; Halo, halo light” or “place; Lyon Part-Dieu”."),
    )
    file = forms.FileField(label=gettext_lazy("Or a CSV file of the same three columns"), required=False)

    def clean(self) -> dict[str, Any]:
        """One of the two, as text. Raises ValidationError."""
        said = super().clean() or {}
        file = said.get("file")
        if file is None and not (said.get("lines") or "").strip():
            raise ValidationError(_("Type a list, or choose a file."))
        if file is not None and file.size > _LARGEST_BYTES:
            raise ValidationError(_("This file is larger than 1 MB: bring it in in parts."))
        content = file.read() if file is not None else b""
        try:
            read = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            read = content.decode("cp1252", "replace")
        said["text"] = "\n".join(part for part in (said.get("lines") or "", read) if part.strip())
        return said

    @property
    def text(self) -> str:
        """What was given, once it is valid."""
        return str(self.cleaned_data["text"])
