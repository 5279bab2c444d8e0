"""The record: who did what, when; read page by page, and taken away as a file."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comptoir.core.clock import now
from comptoir.events.record import record as log
from comptoir.people.permissions import Permission
from comptoir.web.forms.record import RecordForm
from comptoir.web.queries.record import record_page, recorded
from comptoir.web.record_export import csv_lines, json_lines
from comptoir.web.requests import AgentRequest, acting, before_asked, permission_required

reading = permission_required(Permission.READ_RECORD)


@require_safe
@reading
def record(request: AgentRequest) -> HttpResponse:
    """What happened, newest first, under the filters that are set."""
    form = RecordForm(request.GET)
    filters = form.filters()
    page = record_page(request.agent, filters, before=before_asked(request))
    asked = request.GET.copy()
    asked.pop("before", None)
    context = {"form": form, "page": page, "query": asked.urlencode(), "has_filters": bool(filters)}
    return render(request, "record/list.html", context, status=200 if form.is_valid() else 422)


@require_safe
@reading
def export(request: AgentRequest, form: str) -> HttpResponseBase:
    """The same as a file, written as it is read; ``form`` is csv or jsonl."""
    log("record.exported", subject=request.agent, by=acting(request), form=form, filters=request.GET.urlencode()[:500])
    events = recorded(request.agent, RecordForm(request.GET).filters())
    write, content_type = (
        (csv_lines, "text/csv; charset=utf-8") if form == "csv" else (json_lines, "application/x-ndjson; charset=utf-8")
    )
    answer = StreamingHttpResponse(write(events), content_type=content_type)
    name = f"comptoir-{timezone.localtime(now()):%Y-%m-%d}.{form}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
