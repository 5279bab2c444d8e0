"""Writing entries of the catalogue: new ones, further versions, from a message that nothing answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comptoir.catalogue.approving import approve_version, may_approve
from comptoir.catalogue.content import Content, EntryRefusedError, File, Variant
from comptoir.catalogue.editing import WrittenMeanwhileError, newest_version, rewrite_entry, write_entry
from comptoir.catalogue.models import CatalogueEntry, EntryVersion
from comptoir.conversations.files import FileRefusedError, keep_file
from comptoir.conversations.models import Message
from comptoir.conversations.readable import readable_messages
from comptoir.core.lines import on_one_line
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may
from comptoir.understanding.personal_data import personal_data
from comptoir.web.forms.catalogue import EntryForm, VariantForm, show_problems, variant_forms
from comptoir.web.requests import AgentRequest
from comptoir.web.views.catalogue import entry_seen, writers_only

_MOST_SAMPLES = 12


@require_http_methods(["GET", "HEAD", "POST"])
@writers_only
def new_entry(request: AgentRequest) -> HttpResponse:
    """Write an entry; ``message`` names messages of customers that are to be its phrasings."""
    initial = _from_messages(request) | {"uses": ["service", "bot"], "language": request.GET.get("language", "fr")[:2]}
    if "question" in request.GET:
        initial["question"] = request.GET["question"][:300]
    return _written(request, None, initial, ())


@require_http_methods(["GET", "HEAD", "POST"])
@writers_only
def edit_entry(request: AgentRequest, pk: int) -> HttpResponse:
    """Write another version of it, from the newest one."""
    entry = entry_seen(request, pk)
    newest = newest_version(entry)
    content = Content.of_json(newest.content)
    initial = {
        "question": content.question,
        "phrasings": "\n".join(content.phrasings),
        "language": content.language,
        "uses": list(content.uses),
        "topics": ", ".join(content.topics),
        "brand": content.brand_id,
        "valid_from_on": content.valid_from_on,
        "valid_until_on": content.valid_until_on,
        "base": newest.number,
    }
    return _written(request, entry, initial, content.variants)


def _written(
    request: AgentRequest, entry: CatalogueEntry | None, initial: dict[str, Any], variants: Sequence[Variant]
) -> HttpResponse:
    is_bound = request.agent.role != Agent.Role.ADMINISTRATOR
    brands = list(request.agent.brands.values_list("pk", flat=True)) if is_bound else []
    posted = request.POST if request.method == "POST" else None
    form = EntryForm(posted, initial=initial, brands=brands)
    answers = variant_forms(posted, variants, language=str(initial.get("language") or "fr"), spare=1)
    if posted is not None and all([form.is_valid(), *(one.is_valid() for one in answers)]):
        version = _saved(request, entry, form, answers)
        if version is not None:
            return redirect("entry", version.entry_id)
    context = {
        "entry": entry,
        "form": form,
        "answers": answers,
        "may_approve_some": _may_approve_some(request),
        "is_broken": posted is not None,
    }
    return render(request, "catalogue/edit.html", context, status=422 if posted is not None else 200)


def _may_approve_some(request: AgentRequest) -> bool:
    return may(request.agent, Permission.APPROVE_ENTRIES) or may(request.agent, Permission.APPROVE_MARKETING_ENTRIES)


def _saved(
    request: AgentRequest, entry: CatalogueEntry | None, form: EntryForm, answers: Sequence[VariantForm]
) -> EntryVersion | None:
    """The version that was written, approved where that was asked; None where something keeps it from being kept."""
    try:
        said = [(one, one.variant(_files(request, one))) for one in answers]
        given = [(one, variant) for one, variant in said if variant.text.strip() or variant.files]
        content = form.content([variant for _form, variant in given])
        reason = form.cleaned_data["reason"]
        if entry is None:
            version = write_entry(content, by=request.agent, reason=reason)
        else:
            base = form.cleaned_data["base"]
            version = rewrite_entry(entry.pk, content, by=request.agent, reason=reason, expected=base)
    except EntryRefusedError as error:
        show_problems(error, form, [one for one, _variant in given])
        return None
    except WrittenMeanwhileError as error:
        form.add_error(None, str(error))
        posted = request.POST.copy()
        posted["base"] = str(error.newest.number)
        form.data = posted
        return None
    except FileRefusedError as error:
        form.add_error(None, str(error))
        return None
    _tell(request, version)
    return version


def _tell(request: AgentRequest, version: EntryVersion) -> None:
    is_draft = version.status == EntryVersion.Status.DRAFT
    if is_draft and request.POST.get("approve") == "yes" and may_approve(request.agent, version):
        approve_version(version.pk, by=request.agent)
        messages.success(request, _("Version %(number)s serves from now on.") % {"number": version.number})
    elif is_draft:
        messages.success(request, _("Kept as a draft: it serves once somebody approves it."))
    else:
        messages.success(request, _("Nothing was changed."))


def _files(request: AgentRequest, form: VariantForm) -> list[File]:
    kept = []
    for file in request.FILES.getlist(f"{form.prefix}-files"):
        one = keep_file(file, declared_type=file.content_type or "")
        kept.append(File((file.name or "file")[:255], one.storage_key, one.mime_type[:120], one.size_bytes))
    return kept


def _from_messages(request: AgentRequest) -> dict[str, Any]:
    """Messages that the agent may read, as phrasings without what is personal in them."""
    ids = [int(one) for one in request.GET.getlist("message")[:_MOST_SAMPLES] if one.isdecimal() and len(one) < 19]
    if not ids:
        return {}
    wanted = Message.objects.incoming().filter(pk__in=ids, deleted_at=None)
    found = readable_messages(wanted, request.agent)
    texts = {message.pk: without_personal_data(message.text) for message in found}
    said = [texts[pk] for pk in ids if texts.get(pk)]
    return {"question": said[0][:300] if said else "", "phrasings": "\n".join(said[1:])}


def without_personal_data(text: str) -> str:
    """A message in one line, with “…” in the place of what is somebody's own."""
    for one in reversed(personal_data(text)):
        text = f"{text[: one.start]}…{text[one.end :]}"
    return on_one_line(text)[:1000]
