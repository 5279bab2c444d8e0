"""The form in which an agent moves the keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from comptoir.people.models import Agent
from comptoir.web.keys import GROUPS, KEYS, is_key, keys_are_on, keys_need_alt, keys_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class KeysForm(forms.Form):
    """One field for each act, empty for none; no key for two acts."""

    are_on = forms.BooleanField(label=_("Use single keys"), required=False)
    need_alt = forms.BooleanField(
        label=_("Only together with Alt"),
        required=False,
        help_text=_("For screen readers and dictation, which need the letters themselves."),
    )

    def __init__(self, given: Any = None, *, agent: Agent) -> None:
        own = keys_of(agent)
        initial = {f"key_{act}": key for act, key in own.items()}
        super().__init__(given, initial=initial | {"are_on": keys_are_on(agent), "need_alt": keys_need_alt(agent)})
        for act, key in KEYS.items():
            self.fields[f"key_{act}"] = forms.CharField(label=key.label, required=False, max_length=3)
            self.fields[f"key_{act}"].widget.attrs |= {"size": "3", "autocomplete": "off", "spellcheck": "false"}

    def groups(self) -> Iterator[tuple[StrOrPromise, list[BoundField]]]:
        """The fields under their headings."""
        for title, keys in GROUPS:
            yield title, [self[f"key_{key.act}"] for key in keys]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        taken: dict[str, str] = {}
        for act in KEYS:
            name = f"key_{act}"
            key = " ".join(str(cleaned.get(name, "")).lower().split())
            cleaned[name] = key
            if key and not is_key(key):
                self.add_error(name, _("One sign, or the letter g, a space and one sign."))
            elif key and key in taken:
                self.add_error(name, _("This key is taken already: “%(act)s”.") % {"act": KEYS[taken[key]].label})
            taken.setdefault(key, act)
        return cleaned

    def chosen(self) -> dict[str, Any]:
        """What to keep: only what differs from the usual."""
        given = {act: self.cleaned_data[f"key_{act}"] for act in KEYS}
        moved = {act: key for act, key in given.items() if key != KEYS[act].usual}
        return {
            "keys": moved or None,
            "keys_are_off": None if self.cleaned_data["are_on"] else True,
            "keys_need_alt": True if self.cleaned_data["need_alt"] else None,
        }
