"""Answers kept ready: everybody makes their own, supervisors and administrators those that all share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from comptoir.brands.models import Brand
from comptoir.catalogue.actions import (
    CannedRefusedError,
    CannedWords,
    KeptCannedFile,
    add_files,
    change_canned_response,
    delete_canned_response,
    make_canned_response,
    remove_files,
)
from comptoir.catalogue.filling import PLACEHOLDERS, unfilled
from comptoir.catalogue.models import CannedResponse
from comptoir.catalogue.queries import canned_responses_of
from comptoir.conversations.files import FileRefusedError, discard_file, keep_file
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may
from comptoir.web.requests import AgentRequest, permission_required

answerers_only = permission_required(Permission.ANSWER)
_MOST_CHARS = 20_000
_LANGUAGES = (
    ("", gettext_lazy("Any language")),
    ("fr", gettext_lazy("French")),
    ("en", gettext_lazy("English")),
    ("de", gettext_lazy("German")),
    ("es", gettext_lazy("Spanish")),
    ("it", gettext_lazy("Italian")),
    ("nl", gettext_lazy("Dutch")),
    ("pt", gettext_lazy("Portuguese")),
    ("ar", gettext_lazy("Arabic")),
)


class CannedForm(forms.Form):
    """One answer kept ready."""

    shortcut = forms.CharField(
        label=gettext_lazy("Shortcut"),
        max_length=41,
        help_text=gettext_lazy("What you type after the slash: one word, such as “delay”."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=_MOST_CHARS, widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"})
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=_LANGUAGES, required=False)
    brand = forms.ModelChoiceField(
        Brand.objects.all(), label=gettext_lazy("Brand"), required=False, empty_label=gettext_lazy("Every brand")
    )
    is_shared = forms.BooleanField(
        label=gettext_lazy("For everybody"),
        required=False,
        help_text=gettext_lazy("Colleagues find it under the same shortcut."),
    )

    def __init__(self, *arguments: Any, may_share: bool, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if not may_share:
            del self.fields["is_shared"]
        self.fields["text"].help_text = _("Filled in as you call it: %(words)s.") % {
            "words": ", ".join(f"{{{word}}} ({meaning})" for word, meaning in PLACEHOLDERS.items())
        }

    def clean_text(self) -> str:
        """Words in braces that nobody would fill in are refused here rather than in front of a customer."""
        text = str(self.cleaned_data["text"])
        strange = [one for one in unfilled(text) if one.strip("{}") not in PLACEHOLDERS]
        if strange:
            told = _("%(words)s is not known: it would never be filled in.")
            raise forms.ValidationError(told % {"words": ", ".join(strange)})
        return text

    @property
    def words(self) -> CannedWords:
        """What is to be kept."""
        chosen = self.cleaned_data
        return CannedWords(chosen["shortcut"], chosen["title"], chosen["text"], chosen["brand"], chosen["language"])


@require_safe
@answerers_only
def canned_responses(request: AgentRequest) -> HttpResponse:
    """Own ones first, then those of everybody."""
    found = list(canned_responses_of(request.agent).prefetch_related("files"))
    context = {
        "own": [one for one in found if one.owner_id is not None],
        "shared": [one for one in found if one.owner_id is None],
        "may_share": _may_share(request.agent),
    }
    return render(request, "canned/list.html", context)


def _may_share(agent: Agent) -> bool:
    return may(agent, Permission.SEE_EVERY_TEAM)


def _one(request: AgentRequest, pk: int) -> CannedResponse:
    canned = get_object_or_404(canned_responses_of(request.agent), pk=pk)
    if canned.owner_id is None and not _may_share(request.agent):
        raise PermissionDenied
    return canned


@answerers_only
def new_canned_response(request: AgentRequest) -> HttpResponse:
    """Make one."""
    form = CannedForm(request.POST or None, may_share=_may_share(request.agent))
    if request.method == "POST" and form.is_valid() and _save(request, form, None):
        return redirect("canned_responses")
    return render(request, "canned/one.html", {"form": form, "canned": None})


@answerers_only
def canned_response(request: AgentRequest, pk: int) -> HttpResponse:
    """Change one."""
    canned = _one(request, pk)
    initial = {
        "shortcut": canned.shortcut,
        "title": canned.title,
        "text": canned.text,
        "language": canned.language,
        "brand": canned.brand_id,
        "is_shared": canned.owner_id is None,
    }
    form = CannedForm(request.POST or None, initial=initial, may_share=_may_share(request.agent))
    if request.method == "POST" and form.is_valid() and _save(request, form, canned):
        return redirect("canned_responses")
    return render(request, "canned/one.html", {"form": form, "canned": canned, "files": canned.files.all()})


def _save(request: AgentRequest, form: CannedForm, canned: CannedResponse | None) -> bool:
    """Keep it with its files; a refusal is said in the form, and nothing is changed."""
    owner = None if form.cleaned_data.get("is_shared") else request.agent
    try:
        kept = _kept_files(request)
        with transaction.atomic():
            if canned is None:
                saved = make_canned_response(form.words, owner=owner, by=request.agent)
            else:
                saved = change_canned_response(canned.pk, form.words, owner=owner, by=request.agent)
            add_files(saved, kept)
            gone = remove_files(saved, _ids(request.POST.getlist("remove_file")))
    except (CannedRefusedError, FileRefusedError) as error:
        form.add_error("shortcut" if isinstance(error, CannedRefusedError) else None, str(error))
        return False
    _discard(gone)
    messages.success(request, _("Kept: type /%(shortcut)s where you write.") % {"shortcut": saved.shortcut})
    return True


def _kept_files(request: AgentRequest) -> list[KeptCannedFile]:
    kept = []
    for file in request.FILES.getlist("files"):
        one = keep_file(file, declared_type=file.content_type or "")
        kept.append(KeptCannedFile(file.name or "file", one.storage_key, one.mime_type, one.size_bytes))
    return kept


def _ids(named: Iterable[str]) -> list[int]:
    return [int(one) for one in named if one.isdecimal() and len(one) < 19]


def _discard(keys: Iterable[str]) -> None:
    for key in keys:
        discard_file(key)


@require_POST
@answerers_only
def delete_canned(request: AgentRequest, pk: int) -> HttpResponse:
    """Forget one."""
    canned = _one(request, pk)
    _discard(delete_canned_response(canned.pk, by=request.agent))
    messages.success(request, _("“/%(shortcut)s” is forgotten.") % {"shortcut": canned.shortcut})
    return redirect("canned_responses")
