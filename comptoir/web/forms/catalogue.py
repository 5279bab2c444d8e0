"""Entries of the catalogue as forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comptoir.brands.models import Brand
from comptoir.catalogue.content import (
    MAX_ANSWER_CHARS,
    MAX_LINK_CHARS,
    MAX_PHRASING_CHARS,
    MAX_PHRASINGS,
    MAX_QUESTION_CHARS,
    MAX_VARIANTS,
    Content,
    EntryRefusedError,
    File,
    Variant,
)
from comptoir.catalogue.filling import ENTRY_PLACEHOLDERS
from comptoir.catalogue.models import AnswerVariant
from comptoir.connectors import registry
from comptoir.people.models import Agent
from comptoir.web.wording import channel_label

LANGUAGES = (
    ("fr", gettext_lazy("French")),
    ("en", gettext_lazy("English")),
    ("de", gettext_lazy("German")),
    ("es", gettext_lazy("Spanish")),
    ("it", gettext_lazy("Italian")),
    ("nl", gettext_lazy("Dutch")),
    ("pt", gettext_lazy("Portuguese")),
    ("ar", gettext_lazy("Arabic")),
)
USES = (
    ("service", gettext_lazy("Customer service")),
    ("marketing", gettext_lazy("Marketing")),
    ("bot", gettext_lazy("The bot, by itself")),
)
_LONGEST_PHRASINGS = MAX_PHRASINGS * (MAX_PHRASING_CHARS + 2)


class DayInput(forms.DateInput):
    """The browser's own calendar, which speaks ISO."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class EntryForm(forms.Form):
    """What an entry is about; its answers are VariantForms."""

    question = forms.CharField(
        label=gettext_lazy("Question"), max_length=MAX_QUESTION_CHARS, help_text=gettext_lazy("As a customer asks it.")
    )
    phrasings = forms.CharField(
        label=gettext_lazy("Other ways to ask"),
        required=False,
        max_length=_LONGEST_PHRASINGS,
        widget=forms.Textarea(attrs={"rows": 7, "dir": "auto"}),
        help_text=gettext_lazy("One a line. From six on the bot is surer, and so are suggestions."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the questions"))
    uses = forms.MultipleChoiceField(
        label=gettext_lazy("Who may answer with it"), choices=USES, widget=forms.CheckboxSelectMultiple
    )
    topics = forms.CharField(
        label=gettext_lazy("Topics"), required=False, max_length=2000, help_text=gettext_lazy("Separated by commas.")
    )
    brand = forms.ModelChoiceField(
        Brand.objects.all(), label=gettext_lazy("Brand"), required=False, empty_label=gettext_lazy("Every brand")
    )
    valid_from_on = forms.DateField(label=gettext_lazy("Serves from"), required=False, widget=DayInput)
    valid_until_on = forms.DateField(
        label=gettext_lazy("Serves until, that day included"), required=False, widget=DayInput
    )
    reason = forms.CharField(
        label=gettext_lazy("What you changed, and why"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("For whoever approves it, and for those who come after."),
    )
    base = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, brands: Sequence[int] = (), **named: Any) -> None:
        super().__init__(*arguments, **named)
        own = str(self.initial.get("language") or "fr")
        self.fields["language"].choices = languages_with(own)  # type: ignore[attr-defined]  # a ChoiceField
        if brands:
            self.fields["brand"].queryset = Brand.objects.filter(pk__in=brands)  # type: ignore[attr-defined]  # a ModelChoiceField

    def content(self, variants: Sequence[Variant]) -> Content:
        """The version that the form asks for."""
        said = self.cleaned_data
        return Content(
            question=said["question"],
            language=said["language"],
            variants=tuple(variants),
            phrasings=tuple(said["phrasings"].splitlines()),
            topics=tuple(said["topics"].split(",")),
            brand_id=said["brand"].pk if said["brand"] else None,
            uses=tuple(said["uses"]),
            valid_from_on=said["valid_from_on"],
            valid_until_on=said["valid_until_on"],
        )


def languages_with(*codes: str) -> list[tuple[str, Any]]:
    """The languages that can be chosen, and those that are there already."""
    known = {code for code, _name in LANGUAGES}
    return [*LANGUAGES, *((code, code) for code in dict.fromkeys(codes) if code and code not in known)]


class VariantForm(forms.Form):
    """One answer, for one occasion; without a text it is no answer."""

    text = forms.CharField(
        label=gettext_lazy("Answer"),
        required=False,
        max_length=MAX_ANSWER_CHARS,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), required=False)
    register = forms.ChoiceField(label=gettext_lazy("Register"), choices=AnswerVariant.Register.choices, required=False)
    visibility = forms.ChoiceField(
        label=gettext_lazy("Where"), choices=AnswerVariant.Visibility.choices, required=False
    )

    link = forms.CharField(
        label=gettext_lazy("Knowledge page"), required=False, max_length=MAX_LINK_CHARS,
        widget=forms.TextInput(attrs={"inputmode": "url", "dir": "ltr"}),
        help_text=gettext_lazy("Its whole address. Agents see it beside the answer; {link} puts it into the text."),
    )  # fmt: skip

    def __init__(self, *arguments: Any, files: Sequence[File] = (), **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.files_kept = tuple(files)
        self.fields["language"].choices = languages_with(str(self.initial.get("language") or ""))  # type: ignore[attr-defined]  # a ChoiceField
        labels = sorted((str(channel_label(kind)), kind) for kind in registry.connector_classes())
        channels = [("", _("Any channel")), *((kind, label) for label, kind in labels)]
        self.fields["channel"].choices = channels  # type: ignore[attr-defined]  # a ChoiceField
        words = ", ".join(f"{{{word}}} ({meaning})" for word, meaning in ENTRY_PLACEHOLDERS.items())
        self.fields["text"].help_text = _("Filled in as it is taken: %(words)s.") % {"words": words}

    def variant(self, more: Sequence[File] = ()) -> Variant:
        """The answer, with the files that stay and those that came along."""
        said = self.cleaned_data
        prefix = self.prefix or ""
        gone = set(self.data.getlist(f"{prefix}-remove_file")) if hasattr(self.data, "getlist") else set()
        kept = tuple(file for file in self.files_kept if file.storage_key not in gone)
        occasion = {name: said[name] for name in ("language", "channel", "register", "visibility")}
        return Variant(said["text"], **occasion, files=(*kept, *more), link=said["link"])


def variant_forms(posted: Any, variants: Sequence[Variant], *, language: str, spare: int = 1) -> list[VariantForm]:
    """A form for each answer that is there, and a spare one; of a posted page, for each that it had."""
    count = len(variants) + spare
    if posted is not None:
        named = posted.get("answers", "")
        count = min(int(named) if named.isdecimal() and len(named) < 4 else count, MAX_VARIANTS + 1)
    forms_made = []
    for number in range(count):
        there = variants[number] if number < len(variants) else None
        initial = {"language": language} if there is None else {
            name: getattr(there, name) for name in ("text", "language", "channel", "register", "visibility", "link")
        }  # fmt: skip
        files = there.files if there else ()
        forms_made.append(VariantForm(posted, prefix=f"answer-{number}", initial=initial, files=files))
    return forms_made


def show_problems(error: EntryRefusedError, form: EntryForm, answers: Sequence[VariantForm]) -> None:
    """Each problem beside what it is about."""
    for problem in error.problems:
        name, _slash, rest = problem.field.partition("/")
        number, _slash, part = rest.partition("/")
        if number and int(number) < len(answers):
            answers[int(number)].add_error(part or "text", problem.text)
        else:
            form.add_error(name if name in form.fields else None, problem.text)


class MindForm(forms.Form):
    """Who minds an entry, and when it is to be looked at again."""

    owner = forms.ModelChoiceField(
        Agent.objects.filter(is_active=True), label=gettext_lazy("Who minds it"), required=False,
        empty_label=gettext_lazy("Nobody"),
    )  # fmt: skip
    review_on = forms.DateField(label=gettext_lazy("To be looked at again on"), required=False, widget=DayInput)


class UploadForm(forms.Form):
    """A file of answers."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "JSON lines, CSV, Markdown (one heading for each entry), or what Zendesk, Chatwoot and Zammad export."
        ),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language, where the file names none"), choices=LANGUAGES)
