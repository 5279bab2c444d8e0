"""The figures of service: what was promised, what was kept, by channel side by side; and the conversations behind."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from comptoir.events.record import record
from comptoir.people.permissions import Permission
from comptoir.reporting.asking import SPANS, By, Question, Reach
from comptoir.reporting.drilling import Figure, behind
from comptoir.reporting.models import CountedConversation
from comptoir.reporting.queries import report
from comptoir.web.forms.reports import ReportForm
from comptoir.web.presenting.report_behind import behind_context
from comptoir.web.presenting.reports import report_context
from comptoir.web.queries.reports import page_behind
from comptoir.web.report_export import report_lines
from comptoir.web.requests import AgentRequest, acting, permission_required

reading = permission_required(Permission.READ_FIGURES)
_MOST_PAGE_DIGITS = 5


@require_safe
@reading
def reports(request: AgentRequest) -> HttpResponse:
    """The figures of some days, narrowed or whole."""
    question, reach = _asked(request)
    found = report(question, reach)
    context = report_context(found) | {
        "form": ReportForm(question, reach),
        "spans": SPANS,
        "span_here": (question.until - question.since).days + 1,
        "zone": settings.TIME_ZONE,
        "has_ever_begun": CountedConversation.objects.exists,  # asked where there is nothing to show
        "is_by_channel": question.by is By.CHANNEL,
    }
    return render(request, "reports/report.html", context)


@require_safe
@reading
def export(request: AgentRequest) -> HttpResponseBase:
    """The same as a file. Who took it away stands in the record."""
    question, reach = _asked(request)
    record("figures.exported", subject=request.agent, by=acting(request), question=question.written)
    answer = StreamingHttpResponse(report_lines(report(question, reach)), content_type="text/csv; charset=utf-8")
    name = f"comptoir-{question.by}-{question.since}-{question.until}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
@reading
def conversations(request: AgentRequest) -> HttpResponse:
    """The conversations behind one figure."""
    question, reach = _asked(request)
    try:
        figure = Figure(request.GET.get("figure", ""))
    except ValueError as error:
        raise Http404 from error
    age, page = _number(request.GET.get("age", "")), _number(request.GET.get("page", ""))
    try:
        open_on = parse_date(request.GET.get("open_on", ""))
    except ValueError:
        open_on = None
    rows = behind(figure, question, reach, open_on=open_on, age=age)
    context = behind_context(figure, question, page_behind(rows, request.agent, page or 0), open_on=open_on, age=age)
    return render(request, "reports/conversations.html", context)


def _asked(request: AgentRequest) -> tuple[Question, Reach]:
    """What the address asks, as far as this person may ask it."""
    reach = Reach.of(request.agent)
    return reach.allowed(Question.read(request.GET.dict())), reach


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_PAGE_DIGITS else None
