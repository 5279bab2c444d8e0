"""The catalogue in and out: a file looked at before it is brought in, and one given out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from comptoir.brands.models import Brand
from comptoir.catalogue.files.given import LineRefusedError
from comptoir.catalogue.files.reading import SOURCES, read_file
from comptoir.catalogue.files.writing import FORMATS, written
from comptoir.catalogue.importing import Done, Planned, carry_out, exported, plan
from comptoir.catalogue.models import CatalogueFile
from comptoir.core.clock import now
from comptoir.people.permissions import Permission, may
from comptoir.web.forms.catalogue import UploadForm
from comptoir.web.requests import AgentRequest
from comptoir.web.views.catalogue import readers_only, writers_only

_LARGEST_BYTES = 50 * 1024 * 1024
_MOST_SHOWN = 500
CHANGES = ("refused", "new", "changed", "same")


@require_http_methods(["GET", "HEAD", "POST"])
@writers_only
def import_catalogue(request: AgentRequest) -> HttpResponse:
    """Take a file; what it would do is shown next, and nothing is done yet."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        if file.size > _LARGEST_BYTES:
            form.add_error("file", _("This file is larger than 50 MB: bring it in in parts."))
        else:
            content = file.read()
            try:
                reading = read_file(content, name=file.name or "")
            except LineRefusedError as error:
                form.add_error("file", str(error))
            else:
                kept = CatalogueFile.objects.create(
                    name=(file.name or "file")[:255], content=content, source=reading.source,
                    language=form.cleaned_data["language"], by=request.agent, at=now(),
                )  # fmt: skip
                return redirect("preview_import", kept.pk)
    return render(request, "catalogue/import.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@writers_only
def preview_import(request: AgentRequest, pk: int) -> HttpResponse:
    """What the file would do, line by line; then (POST) doing it."""
    file = get_object_or_404(CatalogueFile, pk=pk, by=request.agent)
    planned = plan(read_file(bytes(file.content), name=file.name), language=file.language, by=request.agent)
    may_approve = may(request.agent, Permission.APPROVE_ENTRIES) or may(
        request.agent, Permission.APPROVE_MARKETING_ENTRIES
    )
    done = None
    if request.method == "POST":
        approves = may_approve and request.POST.get("approve") == "yes"
        done = carry_out(planned, by=request.agent, approves=approves, reason=f"import {file.name}"[:500])
        if not done.refused:
            file.delete()
            messages.success(request, _told(done))
            return redirect("catalogue")
        planned = plan(read_file(bytes(file.content), name=file.name), language=file.language, by=request.agent)
    context = {
        "file": file,
        "source": SOURCES.get(file.source, file.source),
        "done": _told(done) if done else "",
        "counts": {change: sum(one.change == change for one in planned) for change in CHANGES},
        "groups": _groups(planned),
        "may_approve": may_approve,
    }
    return render(request, "catalogue/preview.html", context)


def _told(done: Done) -> str:
    parts = [
        ngettext("%(count)s new entry", "%(count)s new entries", done.new) % {"count": done.new},
        ngettext("%(count)s changed", "%(count)s changed", done.changed) % {"count": done.changed},
        ngettext("%(count)s approved", "%(count)s approved", done.approved) % {"count": done.approved},
    ]
    return _("Brought in: %(parts)s.") % {"parts": ", ".join(parts)}


def _groups(planned: list[Planned]) -> list[tuple[str, str, list[tuple[Planned, str]], int]]:
    """Lines by what they would do: the refused ones first, the unchanged ones last."""
    names = {
        "refused": pgettext("lines", "Refused"), "new": pgettext("lines", "New"),
        "changed": pgettext("lines", "Changed"), "same": pgettext("lines", "Unchanged"),
    }  # fmt: skip
    groups = []
    for change in CHANGES:
        own = [(one, _fields(one)) for one in planned if one.change == change]
        if own:
            groups.append((change, names[change], own[:_MOST_SHOWN], max(0, len(own) - _MOST_SHOWN)))
    return groups


def _fields(one: Planned) -> str:
    """What a line would change, in words."""
    names = {
        "question": _("Question"), "language": _("Language"), "variants": _("Answers"), "topics": _("Topics"),
        "phrasings": _("Other ways to ask"), "brand_id": _("Brand"), "uses": _("Who may answer with it"),
        "valid_from_on": _("Serves from"), "valid_until_on": _("Serves until"), "owner": _("Who minds it"),
        "review_on": _("To be looked at again on"),
    }  # fmt: skip
    return ", ".join(names[name] for name in one.fields)


@require_safe
@readers_only
def export_catalogue(request: AgentRequest) -> HttpResponseBase:
    """Every entry that the agent sees, as a file."""
    form = request.GET.get("form", "jsonl")
    form = form if form in FORMATS else "jsonl"
    only_approved = request.GET.get("approved") == "yes"
    brands = dict(Brand.objects.values_list("pk", "slug"))
    pieces = written(exported(only_approved=only_approved, agent=request.agent), form, brands)
    response = StreamingHttpResponse(pieces, content_type=f"{FORMATS[form]}; charset=utf-8")
    name = f"catalogue-{timezone.localdate(now()).isoformat()}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
