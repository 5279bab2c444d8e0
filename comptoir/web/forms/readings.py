"""What is filled in about contact reasons."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comptoir.analysis.models import ContactReason
from comptoir.analysis.queries import reason_tree
from comptoir.analysis.reasons import MOST_EXAMPLES, ReasonTerms
from comptoir.brands.models import Brand
from comptoir.core.lines import on_one_line


class ReasonForm(forms.Form):
    """A contact reason: its name, where it lies, whose it is, and what customers say who write for it."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As your figures shall call it."))
    parent = forms.ChoiceField(label=_("Below"), required=False)
    brand = forms.ModelChoiceField(
        Brand.objects.all(), label=_("For"), required=False, empty_label=_("The whole company")
    )
    examples = forms.CharField(
        label=_("What customers say"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto", "spellcheck": "true"}),
        help_text=_("One example a line, as customers write it, in any language. Five to ten teach most of it."),
    )
    is_active = forms.BooleanField(label=_("Messages are filed under it"), required=False, initial=True)

    def __init__(self, *arguments: Any, reason: ContactReason | None = None, below: str = "", **named: Any) -> None:
        initial: dict[str, Any] = {"parent": below}
        if reason is not None:
            initial = {
                "name": reason.name, "parent": reason.parent_id or "", "brand": reason.brand_id,
                "examples": "\n".join(reason.examples.values_list("text", flat=True)), "is_active": reason.is_active,
            }  # fmt: skip
        super().__init__(*arguments, **named)
        self.initial.update(initial)
        others = [one for one in reason_tree() if reason is None or one.reason.pk != reason.pk]
        choices = [("", _("Nothing: it stands by itself")), *((str(one.reason.pk), one.path) for one in others)]
        self.fields["parent"] = forms.ChoiceField(label=_("Below"), required=False, choices=choices)
        self.order_fields(["name", "parent", "brand", "examples", "is_active"])

    def clean_name(self) -> str:
        return on_one_line(str(self.cleaned_data["name"]))

    def clean_examples(self) -> list[str]:
        lines = [line.strip() for line in str(self.cleaned_data["examples"]).splitlines() if line.strip()]
        if len(lines) > MOST_EXAMPLES:
            text = _("These are more examples than it can learn from (%(most)s). Keep the ones that differ most.")
            raise forms.ValidationError(text % {"most": MOST_EXAMPLES})
        return lines

    @property
    def terms(self) -> ReasonTerms:
        """What was filled in, once it is valid."""
        kept = self.cleaned_data
        return ReasonTerms(
            name=kept["name"],
            parent_id=int(kept["parent"]) if kept["parent"] else None,
            brand_id=kept["brand"].pk if kept["brand"] else None,
            examples=kept["examples"],
            is_active=kept["is_active"],
        )
